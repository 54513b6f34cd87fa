import { useState } from 'preact/hooks';
import type { Webhook } from '../api/admin-types.ts';
import { WEBHOOK_EVENTS } from '../api/admin-types.ts';
import { post } from '../api/client.ts';
import { hrefOf, place } from '../router.ts';
import { me } from '../session.ts';
import { siteName, sites } from '../sites.ts';
import { Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { Table } from '../ui/table.tsx';
import { formatNumber, t } from '../words/index.ts';
import { Once } from './snippet.tsx';
import { WebhookFields } from './webhook-fields.tsx';
import { HookHealth, WebhookPage } from './webhook-page.tsx';

function NewWebhook({ onMade }: { onMade: (secret: string) => void }) {
  const first = me().sites.includes('*') ? '' : (sites.value?.[0]?.id ?? '');
  const [given, setGiven] = useState({ url: '', site: first, events: [...WEBHOOK_EVENTS] as string[] });
  const make = async (): Promise<void> => {
    const body = { ...given, site: given.site || null };
    const { secret } = await post<{ secret: string }>('admin/webhooks', body);
    setGiven({ ...given, url: '' });
    onMade(secret);
  };
  return (
    <Form class="panel narrow" submit={t('hook.make')} disabled={given.events.length === 0} onSubmit={make}>
      {(errorAt) => (
        <>
          <h2>{t('hook.new')}</h2>
          <WebhookFields
            value={given}
            onChange={(part) => setGiven({ ...given, ...part })}
            errorAt={errorAt}
          />
        </>
      )}
    </Form>
  );
}

function WebhookList() {
  const pages = usePages<Webhook>('admin/webhooks');
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <main class="page">
      <h1>{t('nav.webhooks')}</h1>
      <p class="soft">{t('hook.intro')}</p>
      {secret !== null && <Once words={t('secret.once')} label={t('secret')} text={secret} />}
      <Paged pages={pages} empty={t('hook.none')}>
        {(items) => (
          <Table
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                label: t('hook.url'),
                cell: ({ id, url }) => (
                  <a href={hrefOf(['webhooks', id])}>
                    <bdi>{url}</bdi>
                  </a>
                ),
              },
              {
                label: t('site'),
                cell: ({ site }) => <bdi>{site === null ? t('site.all') : siteName(site)}</bdi>,
              },
              { label: t('staff.state'), cell: ({ health }) => <HookHealth health={health} /> },
              {
                label: t('delivery.waiting'),
                number: true,
                cell: ({ health }) => formatNumber(health.waiting),
              },
              { label: t('delivery.dead'), number: true, cell: ({ health }) => formatNumber(health.dead) },
            ]}
          />
        )}
      </Paged>
      <NewWebhook
        onMade={(made) => {
          setSecret(made);
          void pages.reload();
        }}
      />
    </main>
  );
}

export function WebhooksPage() {
  const id = place.value.path[1];
  return id === undefined ? <WebhookList /> : <WebhookPage key={id} id={id} />;
}
