import { useEffect } from 'preact/hooks';
import { DELIVERY_STATUSES, type Delivery } from '../api/admin-types.ts';
import { post } from '../api/client.ts';
import { go, place } from '../router.ts';
import { Choice } from '../ui/fields.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, Button } from '../ui/parts.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { formatMoment, formatNumber, t, tOr } from '../words/index.ts';

/** Milliseconds: what is tried this soon, or is under way and so due again a little after its end, is looked at by itself. */
const SOON = 30_000;
const LOOK_AGAIN = 1500;

const LOOKS = { waiting: 'pending', delivered: 'approved', dead: 'rejected' } as const;

const isTriedSoon = ({ status, nextAttemptAt }: Delivery): boolean =>
  status === 'waiting' && nextAttemptAt !== null && Date.parse(nextAttemptAt) - Date.now() < SOON;

function Attempts({ attempts, nextAttemptAt }: Delivery) {
  const last = attempts.at(-1);
  return (
    <>
      {last && (
        <>
          <bdi>{last.httpStatus ?? last.error}</bdi>{' '}
          <span class="soft">{t('delivery.tries', { count: attempts.length, ms: last.ms })}</span>
        </>
      )}{' '}
      {nextAttemptAt !== null && (
        <span class="soft">{t('delivery.next', { at: formatMoment(nextAttemptAt) })}</span>
      )}
    </>
  );
}

/** What was sent to a subscriber, or is to be, each of it to be sent again. */
export function Deliveries({ path, onTried }: { path: string; onTried: () => Promise<void> }) {
  const { path: here, query } = place.value;
  const status = query.get('status') ?? '';
  const pages = usePages<Delivery>(`${path}/deliveries`, { status });
  const waits = pages.items?.some(isTriedSoon) === true;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => {
      void pages.reload();
      void onTried();
    }, LOOK_AGAIN);
    return () => clearTimeout(timer);
  });
  const again = async (id: string): Promise<void> => {
    await post(`${path}/deliveries/${id}/redeliver`);
    await pages.reload();
  };
  const columns: Column<Delivery>[] = [
    { label: t('audit.at'), cell: ({ createdAt }) => <Age at={createdAt} /> },
    { label: t('delivery.type'), cell: ({ type }) => tOr(`hook.${type}`, type) },
    {
      label: t('staff.state'),
      cell: ({ status: state }) => (
        <span class={`badge badge-${LOOKS[state]}`}>{t(`delivery.${state}`)}</span>
      ),
    },
    { label: t('delivery.last'), cell: (delivery) => <Attempts {...delivery} /> },
    {
      label: t('delivery.again'),
      unseen: true,
      cell: ({ id }) => <Button onClick={() => void again(id).catch(complain)}>{t('delivery.again')}</Button>,
    },
  ];
  return (
    <section>
      <h2>
        {t('delivery.title')} {pages.total !== null && <span class="count">{formatNumber(pages.total)}</span>}
      </h2>
      <div class="filter-line">
        <Choice
          label={t('staff.state')}
          value={status}
          options={[
            ['', t('filter.any')],
            ...DELIVERY_STATUSES.map((one) => [one, t(`delivery.${one}`)] as const),
          ]}
          onChange={(next) => go(here, { status: next })}
        />
        <Button onClick={() => void pages.reload()}>{t('reload')}</Button>
      </div>
      <Paged pages={pages} empty={t('delivery.none')}>
        {(items) => <Table columns={columns} items={items} keyOf={({ id }) => id} />}
      </Paged>
    </section>
  );
}
