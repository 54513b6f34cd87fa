import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Me, Notices } from '../api/types.ts';
import { become, me, speak } from '../session.ts';
import { sitesName } from '../sites.ts';
import { Choice, Switch, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { complain, notify } from '../ui/notices.ts';
import { setSingleKeys, singleKeys } from '../ui/single-keys.ts';
import { showTheme, THEMES, theme } from '../ui/theme.ts';
import { isLanguage, language, t } from '../words/index.ts';
import { LANGUAGES } from '../words/languages.ts';
import { PasswordField } from './fields.tsx';
import { Totp } from './totp.tsx';

async function change(patch: object): Promise<void> {
  become(await api<Me>('me', { method: 'PATCH', body: patch }));
  notify({ kind: 'good', text: t('saved') });
}

function NameForm() {
  const [name, setName] = useState(me().name);
  return (
    <Form submit={t('save')} look="plain" onSubmit={() => change({ name })}>
      {(errorAt) => (
        <TextField
          label={t('me.name')}
          help={t('me.nameHelp')}
          required
          error={errorAt('/name')}
          value={name}
          onText={setName}
        />
      )}
    </Form>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = async (): Promise<void> => {
    await change({ password: { current, next } });
    setCurrent('');
    setNext('');
  };
  return (
    <Form submit={t('me.setPassword')} look="plain" onSubmit={save}>
      {(errorAt) => (
        <>
          <h2>{t('password')}</h2>
          <PasswordField error={errorAt('/password/current')} value={current} onText={setCurrent} />
          <PasswordField
            label={t('me.next')}
            help={t('me.nextHelp')}
            autocomplete="new-password"
            minLength={12}
            maxLength={200}
            error={errorAt('/password/next')}
            value={next}
            onText={setNext}
          />
        </>
      )}
    </Form>
  );
}

/** Nothing chosen: what each site's policy says. */
const BY_SITE = 'site';
const NOTICES: readonly (Notices | typeof BY_SITE)[] = [BY_SITE, 'each', 'hourly', 'daily', 'off'];

export function MePage() {
  const { email, role, sites, notices } = me();
  return (
    <main class="page narrow">
      <h1>{t('nav.me')}</h1>
      <p class="soft">
        <bdi>{email}</bdi> · {t(`role.${role}`)} · {sitesName(sites)}
      </p>
      <NameForm />
      <Choice
        label={t('language')}
        value={language.value}
        options={Object.entries(LANGUAGES)}
        onChange={(next) => isLanguage(next) && void speak(next).catch(complain)}
      />
      <Choice
        label={t('theme')}
        value={theme.value}
        options={THEMES.map((one) => [one, t(`theme.${one}`)] as const)}
        onChange={showTheme}
      />
      <Switch
        label={t('keys.title')}
        help={t('keys.help')}
        checked={singleKeys.value}
        onChange={setSingleKeys}
      />
      <Choice
        label={t('me.notices')}
        value={notices ?? BY_SITE}
        options={NOTICES.map((one) => [one, t(`me.notices.${one}`)] as const)}
        onChange={(next) => void change({ notices: next === BY_SITE ? null : next }).catch(complain)}
      />
      <PasswordForm />
      <Totp />
    </main>
  );
}
