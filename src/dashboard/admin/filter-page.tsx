import { useState } from 'preact/hooks';
import type { Filter, Rotated } from '../api/admin-types.ts';
import { api, post } from '../api/client.ts';
import type { Stats } from '../api/types.ts';
import { go } from '../router.ts';
import { siteOptions } from '../sites.ts';
import { momentsOf, zoneName } from '../ui/day-fields.tsx';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Age, Button, SureButton } from '../ui/parts.tsx';
import { useWritten } from '../ui/written.ts';
import { formatMoment, formatNumber, formatShare, t, tOr } from '../words/index.ts';
import { bodyOf, FilterFields, givenOf } from './filter-fields.tsx';
import { Once } from './snippet.tsx';

/** How a filter fares, in a word. */
export function FilterHealth({ filter: { enabled, health } }: { filter: Filter }) {
  if (!enabled) return <span class="badge badge-pending">{t('staff.disabled')}</span>;
  const look = health.state === 'closed' ? 'approved' : 'rejected';
  return <span class={`badge badge-${look}`}>{t(`filters.state.${health.state}`)}</span>;
}

function Facts({ filter, stats }: { filter: Filter; stats: Stats | null }) {
  const { asked, failed, p95Ms, lastAnswerAt, lastFailureAt, lastFailure } = filter.health;
  const card = stats?.phases.find(({ phase }) => phase === `filter:${filter.name}`);
  const tiles = [
    [t('filters.asked'), formatNumber(asked)],
    [t('filters.failed'), formatNumber(failed)],
    [t('filters.p95'), p95Ms === null ? '–' : formatNumber(Math.round(p95Ms))],
    [t('filters.held'), formatNumber(card?.held ?? 0)],
    [t('status.spam'), formatNumber(card?.spam ?? 0)],
    [t('stats.decided'), formatNumber(card?.decided ?? 0)],
    [t('stats.rate'), formatShare(card?.rate ?? 0)],
  ] as const;
  return (
    <section class="panel">
      <p>
        <FilterHealth filter={filter} />{' '}
        {lastAnswerAt !== null && (
          <>
            {t('filters.lastAnswer')} <Age at={lastAnswerAt} />
          </>
        )}
      </p>
      {lastFailureAt !== null && (
        <p>
          {t('hook.lastFailed')} <Age at={lastFailureAt} />{' '}
          {lastFailure !== null && tOr(`why.${lastFailure}`, lastFailure)}
        </p>
      )}
      <div class="tiles">
        {tiles.map(([words, value]) => (
          <div key={words} class="tile">
            <strong>{value}</strong>
            {words}
          </div>
        ))}
      </div>
      <p class="soft">{t('filters.cardHelp')}</p>
    </section>
  );
}

/** What people decided in a time, sent once more, so that a filter can learn from it. */
function Replay({ path }: { path: string }) {
  const [given, setGiven] = useState({ since: '', site: '' });
  const replay = async (): Promise<void> => {
    const { since } = momentsOf(given.site, { since: given.since, until: '' });
    const body = { since, site: given.site || null };
    await post(`${path}/replay`, body);
    notify({ kind: 'good', text: t('filters.replayed') });
  };
  return (
    <Form class="panel narrow" look="plain" submit={t('filters.replay')} onSubmit={replay}>
      {(errorAt) => (
        <>
          <h2>{t('filters.replayTitle')}</h2>
          <p class="soft">{t('filters.replayHelp')}</p>
          <TextField
            label={t('filter.since')}
            help={zoneName(given.site)}
            type="date"
            required
            error={errorAt('/since')}
            value={given.since}
            onText={(since) => setGiven({ ...given, since })}
          />
          <Choice
            label={t('site')}
            error={errorAt('/site')}
            value={given.site}
            options={[['', t('site.all')], ...siteOptions()]}
            onChange={(site) => setGiven({ ...given, site })}
          />
        </>
      )}
    </Form>
  );
}

function EditForm({ filter, onNew }: { filter: Filter; onNew: (filter: Filter) => void }) {
  const path = `admin/filters/${filter.id}`;
  const { given, write, send } = useWritten(filter, {
    ...{ fieldsOf: givenOf, onNew, look: () => api<Filter>(path) },
    save: (fields, version) => api<Filter>(path, { method: 'PATCH', body: { ...bodyOf(fields), version } }),
  });
  const save = async (): Promise<void> => {
    await send();
    notify({ kind: 'good', text: t('saved') });
  };
  const isWhole = given.sites.length > 0 && given.events.length > 0;
  return (
    <Form class="panel narrow" submit={t('save')} disabled={!isWhole} onSubmit={save}>
      {(errorAt) => <FilterFields isNew={false} value={given} onChange={write} errorAt={errorAt} />}
    </Form>
  );
}

export function FilterPage({ id }: { id: string }) {
  const path = `admin/filters/${encodeURIComponent(id)}`;
  const { data: filter, error, reload, replace } = useLoaded<Filter>(path);
  const { data: stats } = useLoaded<Stats>('moderation/stats', { days: 30 });
  const [once, setOnce] = useState<Rotated | null>(null);
  const rotate = async (): Promise<void> => {
    setOnce(await post<Rotated>(`${path}/secret`));
    await reload();
  };
  const test = async (): Promise<void> => {
    await post(`${path}/test`);
    notify({ kind: 'good', text: t('filters.tested') });
  };
  const remove = async (): Promise<void> => {
    await api(path, { method: 'DELETE' });
    go(['filters']);
  };
  return (
    <main class="page">
      <h1>
        <bdi>{filter?.name ?? t('nav.filters')}</bdi>
      </h1>
      {(!filter || error !== null) && <Waiting error={error} reload={reload} />}
      {filter && (
        <>
          {once && <Once words={t('secret.once')} label={t('secret')} text={once.secret} />}
          {once?.previousSecretUntil && (
            <p>{t('secret.previous', { until: formatMoment(once.previousSecretUntil) })}</p>
          )}
          <Facts filter={filter} stats={stats} />
          <p class="filter-line">
            <Button onClick={() => void test().catch(complain)}>{t('hook.test')}</Button>
            <Button onClick={() => void reload()}>{t('reload')}</Button>
            {filter.kind === 'webhook' && (
              <SureButton onClick={() => void rotate().catch(complain)}>{t('secret.rotate')}</SureButton>
            )}
            <SureButton onClick={() => void remove().catch(complain)}>{t('remove')}</SureButton>
          </p>
          <EditForm filter={filter} onNew={replace} />
          <Replay path={path} />
        </>
      )}
    </main>
  );
}
