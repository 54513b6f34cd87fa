import { useState } from 'preact/hooks';
import type { Erased } from '../api/admin-types.ts';
import { api, post } from '../api/client.ts';
import { siteOptions } from '../sites.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { notify } from '../ui/notices.ts';
import { t, tCount } from '../words/index.ts';

const MODES = ['anonymise', 'delete'] as const;

/** Gives the browser a file to keep. */
function download(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface Person {
  email: string;
  site: string;
}

interface PersonFieldsProps {
  value: Person;
  onChange: (part: Partial<Person>) => void;
  errorAt: (pointer: string) => string | undefined;
}

function PersonFields({ value, onChange, errorAt }: PersonFieldsProps) {
  return (
    <div class="two">
      <TextField
        label={t('email')}
        type="email"
        dir="ltr"
        required
        autocomplete="off"
        error={errorAt('/email')}
        value={value.email}
        onText={(email) => onChange({ email })}
      />
      <Choice
        label={t('site')}
        error={errorAt('/site')}
        value={value.site}
        options={[['', t('privacy.mySites')], ...siteOptions()]}
        onChange={(site) => onChange({ site })}
      />
    </div>
  );
}

const bodyOf = ({ email, site }: Person) => ({ email: email.trim(), site: site || null });

function ExportForm() {
  const [given, setGiven] = useState({ email: '', site: '' });
  const give = async (): Promise<void> => {
    const found = await api<{ comments: unknown[] }>('admin/privacy/export', {
      method: 'POST',
      body: bodyOf(given),
    });
    // No address in the name: names of files wander.
    download(`gatehouse-person-${new Date().toISOString().slice(0, 10)}.json`, found);
    notify({ kind: 'good', text: tCount('privacy.exported', found.comments.length) });
    setGiven({ ...given, email: '' });
  };
  return (
    <Form class="panel" submit={t('privacy.export')} onSubmit={give}>
      {(errorAt) => (
        <>
          <h2>{t('privacy.exportTitle')}</h2>
          <p class="soft">{t('privacy.exportHelp')}</p>
          <PersonFields
            value={given}
            onChange={(part) => setGiven({ ...given, ...part })}
            errorAt={errorAt}
          />
        </>
      )}
    </Form>
  );
}

/** What can't be taken back is asked for twice: the address has to be typed again. */
function EraseForm() {
  const fresh = { email: '', site: '', mode: 'anonymise', again: '' };
  const [given, setGiven] = useState(fresh);
  const [erased, setErased] = useState<Erased | null>(null);
  const isSure = given.email.trim() !== '' && given.again.trim() === given.email.trim();
  const erase = async (): Promise<void> => {
    const body = { ...bodyOf(given), mode: given.mode };
    setErased(await post<Erased>('admin/privacy/erase', body));
    setGiven(fresh);
  };
  return (
    <Form class="panel" look="danger" submit={t('privacy.erase')} disabled={!isSure} onSubmit={erase}>
      {(errorAt) => (
        <>
          <h2>{t('privacy.eraseTitle')}</h2>
          <p class="soft">{t('privacy.eraseHelp')}</p>
          <PersonFields
            value={given}
            onChange={(part) => setGiven({ ...given, ...part })}
            errorAt={errorAt}
          />
          <div class="two">
            <Choice
              label={t('privacy.mode')}
              help={t(`privacy.${given.mode as 'delete'}.help`)}
              value={given.mode}
              options={MODES.map((mode) => [mode, t(`privacy.${mode}`)] as const)}
              onChange={(mode) => setGiven({ ...given, mode })}
            />
            <TextField
              label={t('privacy.again')}
              help={t('privacy.againHelp')}
              type="email"
              dir="ltr"
              required
              autocomplete="off"
              value={given.again}
              onText={(again) => setGiven({ ...given, again })}
            />
          </div>
          {erased && (
            <p role="status">
              {tCount('privacy.comments', erased.comments)} {tCount('privacy.deliveries', erased.deliveries)}{' '}
              {tCount('privacy.subscriptions', erased.subscriptions)}
            </p>
          )}
        </>
      )}
    </Form>
  );
}

export function PrivacyPage() {
  return (
    <main class="page">
      <h1>{t('nav.privacy')}</h1>
      <p class="soft">{t('privacy.intro')}</p>
      <ExportForm />
      <EraseForm />
    </main>
  );
}
