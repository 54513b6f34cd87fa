import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { me, session, speak } from '../session.ts';
import { siteName } from '../sites.ts';
import { notify, wordsOf } from '../ui/notices.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { showTheme, THEMES, theme } from '../ui/theme.ts';
import { isLanguage, LANGUAGES, language, t } from '../words/index.ts';

async function change(patch: object): Promise<void> {
  session.value = { state: 'in', me: await api<Me>('me', { method: 'PATCH', body: patch }) };
  notify({ kind: 'good', text: t('saved') });
}

function NameForm() {
  const [name, setName] = useState(me().name);
  const [wrong, setWrong] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    change({ name }).catch((error: unknown) => setWrong(wordsOf(error)));
  };
  return (
    <form onSubmit={submit}>
      <TextField
        label={t('me.name')}
        help={t('me.nameHelp')}
        required
        error={wrong}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit">{t('save')}</Button>
    </form>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [wrong, setWrong] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    change({ password: { current, next } }).then(
      () => {
        setCurrent('');
        setNext('');
        setWrong('');
      },
      (error: unknown) => setWrong(wordsOf(error)),
    );
  };
  return (
    <form onSubmit={submit}>
      <h2>{t('me.password')}</h2>
      <TextField
        label={t('me.current')}
        type="password"
        dir="ltr"
        autocomplete="current-password"
        required
        value={current}
        onInput={(event) => setCurrent(event.currentTarget.value)}
      />
      <TextField
        label={t('me.next')}
        help={t('me.nextHelp')}
        type="password"
        dir="ltr"
        autocomplete="new-password"
        required
        minLength={12}
        maxLength={200}
        error={wrong}
        value={next}
        onInput={(event) => setNext(event.currentTarget.value)}
      />
      <Button type="submit">{t('me.setPassword')}</Button>
    </form>
  );
}

export function MePage() {
  const { email, role, sites } = me();
  return (
    <main class="page narrow">
      <h1>{t('nav.me')}</h1>
      <p class="soft">
        <bdi>{email}</bdi> · {t(`role.${role}`)} ·{' '}
        {sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ')}
      </p>
      <NameForm />
      <Choice
        label={t('language')}
        value={language.value}
        options={Object.entries(LANGUAGES)}
        onChange={(next) => isLanguage(next) && void speak(next)}
      />
      <Choice
        label={t('theme')}
        value={theme.value}
        options={THEMES.map((one) => [one, t(`theme.${one}`)] as const)}
        onChange={showTheme}
      />
      <PasswordForm />
    </main>
  );
}
