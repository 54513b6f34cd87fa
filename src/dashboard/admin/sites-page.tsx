import { useState } from 'preact/hooks';
import { api, isOvertaken } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { go, hrefOf, place } from '../router.ts';
import { loadSites } from '../sites.ts';
import { Choice, Field, TextField } from '../ui/fields.tsx';
import { type ErrorAt, Form } from '../ui/form.tsx';
import { Paged, useLoaded, usePages, Waiting } from '../ui/loading.tsx';
import { notify } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { LANGUAGES } from '../words/languages.ts';
import { AddressesPage } from './addresses-page.tsx';
import { ForReaders } from './for-readers.tsx';
import { IdentitySecret } from './identity-secret.tsx';
import { ImportPage } from './import-page.tsx';
import { NewSite } from './new-site.tsx';
import { PagesPage } from './pages-page.tsx';
import { writePath } from './policy-fields.ts';
import { policyFields } from './policy-form.tsx';
import { Snippet } from './snippet.tsx';
import { WordsPage } from './words-page.tsx';

type Patch = Record<string, unknown>;

/** A patch over what it changes, as RFC 7396 says; null stands for the default and is shown as nothing. */
function merged(base: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const before = typeof base === 'object' && base !== null ? (base as Patch) : {};
  const changed = Object.entries(patch).map(([name, value]) => [name, merged(before[name], value)]);
  return { ...before, ...Object.fromEntries(changed) };
}

/** No component, as the policy is none. */
function basics({
  site,
  onChange,
  errorAt,
}: {
  site: Site;
  errorAt: ErrorAt;
  onChange: (patch: Patch) => void;
}) {
  const locales = Object.entries(LANGUAGES);
  const known = locales.some(([locale]) => locale === site.locale);
  return (
    <fieldset>
      <legend>{t('site')}</legend>
      <div class="two">
        <TextField
          label={t('site.name')}
          required
          value={site.name}
          error={errorAt('/name')}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <Choice
          label={t('site.locale')}
          value={site.locale}
          options={known ? locales : [...locales, [site.locale, site.locale]]}
          onChange={(locale) => onChange({ locale })}
        />
        <TextField
          label={t('site.timeZone')}
          dir="ltr"
          required
          value={site.timeZone}
          error={errorAt('/timeZone')}
          onChange={(event) => onChange({ timeZone: event.currentTarget.value.trim() })}
        />
        <Field
          label={t('site.origins')}
          help={t('site.originsLines')}
          error={errorAt('/origins', { hasLines: true })}
        >
          {(ids) => (
            <textarea
              {...ids}
              dir="ltr"
              rows={site.origins.length + 1}
              defaultValue={site.origins.join('\n')}
              onChange={(event) =>
                onChange({ origins: event.currentTarget.value.split(/\s+/).filter(Boolean) })
              }
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

/** The settings of a site. Only what was changed is sent, with the version that was seen. */
function Settings({ site: first, onSaved }: { site: Site; onSaved: (site: Site) => void }) {
  const [site, setSite] = useState(first);
  const [patch, setPatch] = useState<Patch>({});
  const shown = merged(site, patch) as Site;
  const change = (part: Patch): void => setPatch({ ...patch, ...part });
  const isChanged = Object.keys(patch).length > 0;
  const save = async (): Promise<void> => {
    const body = { ...patch, version: site.version };
    const path = `admin/sites/${site.id}`;
    try {
      onSaved(await api<Site>(path, { method: 'PATCH', body }));
    } catch (error) {
      // What a colleague has changed stands beside what is written here, and another try is about both.
      if (isOvertaken(error)) setSite(await api<Site>(path));
      throw error;
    }
    setPatch({});
    notify({ kind: 'good', text: t('saved') });
    void loadSites();
  };
  return (
    <Form
      class="long"
      submit={t('save')}
      disabled={!isChanged}
      onSubmit={save}
      beside={isChanged && <span>{t('changed')}</span>}
    >
      {(errorAt) => (
        <>
          {basics({ site: shown, errorAt, onChange: change })}
          {policyFields({
            policy: shown.policy,
            errorAt,
            onChange: (path, value) =>
              change({ policy: writePath((patch.policy ?? {}) as Patch, path, value) }),
          })}
          <ForReaders policy={shown.policy} />
          {shown.policy.identity !== 'off' && <IdentitySecret site={site} />}
        </>
      )}
    </Form>
  );
}

const TABS = ['settings', 'words', 'pages', 'addresses', 'import', 'embed'] as const;

function SitePage({ id }: { id: string }) {
  const tab = place.value.path[2] ?? 'settings';
  const { data: site, error, reload, replace } = useLoaded<Site>(`admin/sites/${encodeURIComponent(id)}`);
  return (
    <main class="page">
      <h1>
        <bdi>{site?.name ?? id}</bdi>
      </h1>
      <nav class="pages-tabs" aria-label={t('site')}>
        {TABS.map((name) => (
          <a
            key={name}
            href={hrefOf(name === 'settings' ? ['sites', id] : ['sites', id, name])}
            aria-current={tab === name ? 'page' : undefined}
          >
            {t(`site.tab.${name}`)}
          </a>
        ))}
      </nav>
      {!site && <Waiting error={error} reload={reload} />}
      {site && tab === 'settings' && <Settings key={site.version} site={site} onSaved={replace} />}
      {site && tab === 'words' && <WordsPage site={site} />}
      {site && tab === 'pages' && <PagesPage site={site} />}
      {site && tab === 'addresses' && <AddressesPage site={site} />}
      {site && tab === 'import' && <ImportPage site={site} />}
      {site && tab === 'embed' && <Snippet site={site} />}
      {!TABS.some((name) => name === tab) && <p class="empty">{t('nowhere')}</p>}
    </main>
  );
}

function SiteList() {
  const [makes, setMakes] = useState(false);
  const pages = usePages<Site>('admin/sites');
  const onMade = (site: Site): void => {
    void loadSites();
    go(['sites', site.id, 'embed']);
  };
  return (
    <main class="page">
      <h1>{t('nav.sites')}</h1>
      <Paged pages={pages} empty={t('first.intro')}>
        {(sites) => (
          <ul class="history">
            {sites.map(({ id, name, origins }) => (
              <li key={id}>
                <a href={hrefOf(['sites', id])}>
                  <bdi>{name}</bdi>
                </a>{' '}
                <bdi class="soft">{origins.join(' ')}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Paged>
      <p class="actions">
        <Button onClick={() => setMakes(!makes)} aria-expanded={makes}>
          {t('site.new')}
        </Button>
      </p>
      {makes && (
        <div class="panel narrow">
          <NewSite onMade={onMade} />
        </div>
      )}
    </main>
  );
}

export function SitesPage() {
  const id = place.value.path[1];
  return id === undefined ? <SiteList /> : <SitePage key={id} id={id} />;
}
