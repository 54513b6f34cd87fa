import { useState } from 'preact/hooks';
import type { Rotated, Webhook } from '../api/admin-types.ts';
import { api, post } from '../api/client.ts';
import { go } from '../router.ts';
import { Switch } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Age, Button, SureButton } from '../ui/parts.tsx';
import { useWritten } from '../ui/written.ts';
import { formatMoment, t, tCount } from '../words/index.ts';
import { Deliveries } from './deliveries.tsx';
import { Once } from './snippet.tsx';
import { WebhookFields } from './webhook-fields.tsx';

/** How a subscriber fares, in a word. */
export function HookHealth({ health: { state } }: Pick<Webhook, 'health'>) {
  const look = { ok: 'approved', failing: 'rejected', disabled: 'pending', gone: 'rejected' }[state];
  return <span class={`badge badge-${look}`}>{t(`hook.state.${state}`)}</span>;
}

function Facts({ hook: { health, previousSecretUntil } }: { hook: Webhook }) {
  const { failures, lastDeliveredAt, lastFailedAt, lastFailure } = health;
  return (
    <div class="panel">
      <p>
        <HookHealth health={health} /> {failures > 0 && tCount('hook.failures', failures)}
      </p>
      {lastDeliveredAt !== null && (
        <p>
          {t('hook.lastDelivered')} <Age at={lastDeliveredAt} />
        </p>
      )}
      {lastFailedAt !== null && (
        <p>
          {t('hook.lastFailed')} <Age at={lastFailedAt} />{' '}
          <bdi>{lastFailure?.httpStatus ?? lastFailure?.error}</bdi>
        </p>
      )}
      {previousSecretUntil !== null && (
        <p>{t('secret.previous', { until: formatMoment(previousSecretUntil) })}</p>
      )}
    </div>
  );
}

const fieldsOf = ({ url, events, site, enabled }: Webhook) => ({ url, events, site: site ?? '', enabled });

function EditForm({ hook, onNew }: { hook: Webhook; onNew: (hook: Webhook) => void }) {
  const path = `admin/webhooks/${hook.id}`;
  const { given, write, send } = useWritten(hook, {
    ...{ fieldsOf, onNew, look: () => api<Webhook>(path) },
    save(fields, version) {
      const body = { ...fields, site: fields.site || null, version };
      return api<Webhook>(path, { method: 'PATCH', body });
    },
  });
  const save = async (): Promise<void> => {
    await send();
    notify({ kind: 'good', text: t('saved') });
  };
  return (
    <Form class="panel narrow" submit={t('save')} disabled={given.events.length === 0} onSubmit={save}>
      {(errorAt) => (
        <>
          <WebhookFields value={given} onChange={write} errorAt={errorAt} />
          <Switch
            label={t('hook.enabled')}
            help={t('hook.enabledHelp')}
            checked={given.enabled}
            onChange={(enabled) => write({ enabled })}
          />
        </>
      )}
    </Form>
  );
}

export function WebhookPage({ id }: { id: string }) {
  const path = `admin/webhooks/${encodeURIComponent(id)}`;
  const { data: hook, error, reload, replace } = useLoaded<Webhook>(path);
  const [secret, setSecret] = useState<string | null>(null);
  const [tests, setTests] = useState(0);
  const rotate = async (): Promise<void> => {
    const given = await post<Rotated>(`${path}/secret`);
    setSecret(given.secret);
    await reload();
  };
  const test = async (): Promise<void> => {
    await post(`${path}/test`);
    setTests(tests + 1);
  };
  const remove = async (): Promise<void> => {
    await api(path, { method: 'DELETE' });
    go(['webhooks']);
  };
  return (
    <main class="page">
      <h1>{hook ? <bdi dir="ltr">{hook.url}</bdi> : t('nav.webhooks')}</h1>
      {(!hook || error !== null) && <Waiting error={error} reload={reload} />}
      {hook && (
        <>
          {secret !== null && <Once words={t('secret.once')} label={t('secret')} text={secret} />}
          <Facts hook={hook} />
          <p class="filter-line">
            <Button onClick={() => void test().catch(complain)}>{t('hook.test')}</Button>
            <SureButton onClick={() => void rotate().catch(complain)}>{t('secret.rotate')}</SureButton>
            <SureButton onClick={() => void remove().catch(complain)}>{t('remove')}</SureButton>
          </p>
          <Deliveries key={tests} path={path} onTried={reload} />
          <EditForm hook={hook} onNew={replace} />
        </>
      )}
    </main>
  );
}
