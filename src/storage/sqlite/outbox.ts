import type { DeliveryStatus } from '../../webhooks/delivery.ts';
import { waitsInVain } from '../../webhooks/hasten.ts';
import { type Health, type OutboxStore, TOTAL_CAP, type TrackRecord } from '../../webhooks/outbox.ts';
import type { Connections } from './comments.ts';
import { type DeliveryRow, deliveryOf } from './delivery-rows.ts';
import { dueSql, ROWS } from './operations/outbox.ts';
import { BOUND_LIMIT } from './rows.ts';

/** Greater than every id. */
const BEYOND = '~';
const NONE: TrackRecord = { deliveredAt: null, failedAt: null, failures: 0, last: null };

/** A receiver's deliveries, newest first; binds receiver, status where it is given, id and limit. */
export function deliveriesSql(byStatus: boolean): string {
  return byStatus
    ? `SELECT * FROM deliveries INDEXED BY deliveries_by_status
       WHERE receiver = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ${BOUND_LIMIT}`
    : `SELECT * FROM deliveries INDEXED BY deliveries_of
       WHERE receiver = ? AND id < ? ORDER BY id DESC LIMIT ${BOUND_LIMIT}`;
}

/** What waits, by id; binds where to go on and the limit. */
export function waitingSql(): string {
  return `SELECT * FROM deliveries INDEXED BY deliveries_kept
    WHERE status = 'waiting' AND id > ? ORDER BY id LIMIT ${BOUND_LIMIT}`;
}

const countSql = (from: string): string =>
  `SELECT count(*) FROM (SELECT 1 FROM deliveries ${from} LIMIT ${TOTAL_CAP})`;

/** OutboxStore on SQLite: one process, so that whoever asks may plan. */
export function createOutboxStore({ db, commits }: Connections): OutboxStore {
  const due = db.prepare<[string, number, number], DeliveryRow>(dueSql());
  const byId = db.prepare<[string], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?');
  const ofReceiver = db.prepare<[string, string, number], DeliveryRow>(deliveriesSql(false));
  const byStatus = db.prepare<[string, string, string, number], DeliveryRow>(deliveriesSql(true));
  const countAll = db
    .prepare<[string], number>(countSql('INDEXED BY deliveries_of WHERE receiver = ?'))
    .pluck();
  const countStatus = db
    .prepare<[string, DeliveryStatus], number>(
      countSql('INDEXED BY deliveries_by_status WHERE receiver = ? AND status = ?'),
    )
    .pluck();
  const walked = db.prepare<[string, number], DeliveryRow>(waitingSql());
  const waiting = db
    .prepare<[], number>(countSql("INDEXED BY deliveries_kept WHERE status = 'waiting'"))
    .pluck();
  const oldest = db
    .prepare<[], number>(
      "SELECT created_at FROM deliveries INDEXED BY deliveries_kept WHERE status = 'waiting' ORDER BY id LIMIT 1",
    )
    .pluck();
  const record = db.prepare<[string], string>('SELECT body FROM delivery_records WHERE receiver = ?').pluck();

  function healthOf(receiver: string): Health {
    const kept = JSON.parse(record.get(receiver) ?? 'null') as TrackRecord | null;
    const count = (status: DeliveryStatus): number => countStatus.get(receiver, status) ?? 0;
    return { ...(kept ?? NONE), waiting: count('waiting'), dead: count('dead') };
  }

  return {
    mayPlan: async () => true,
    plan: (part) => commits.execute('planDeliveries', part),
    add: (delivery, audited) => commits.execute('addDelivery', { delivery, ...audited }),
    async take(query) {
      // Most looks find nothing: those cost no commit.
      const isAnyDue = query.wanted.some(({ receiver }) => due.get(receiver, query.now, 1) !== undefined);
      return isAnyDue ? commits.execute('takeDeliveries', query) : [];
    },
    settle: (settlement) => commits.execute('settleDelivery', settlement),
    async find(id) {
      const row = byId.get(id);
      return row ? deliveryOf(row) : null;
    },
    async list({ receiver, status, before = BEYOND, limit }) {
      const rows =
        status === undefined
          ? ofReceiver.all(receiver, before, limit)
          : byStatus.all(receiver, status, before, limit);
      const total = status === undefined ? countAll.get(receiver) : countStatus.get(receiver, status);
      return { items: rows.map(deliveryOf), total: total ?? 0 };
    },
    redeliver: (id, now, audited) => commits.execute('redeliver', { id, now, ...audited }),
    async hasten({ now, after }) {
      const rows = walked.all(after, ROWS);
      const ids = rows.filter((row) => waitsInVain(deliveryOf(row), now)).map(({ id }) => id);
      if (ids.length > 0) await commits.execute('hastenDeliveries', { ids, now });
      return rows.length < ROWS ? null : (rows.at(-1)?.id ?? null);
    },
    health: async (receivers) => new Map(receivers.map((receiver) => [receiver, healthOf(receiver)])),
    depth: async () => ({ waiting: waiting.get() ?? 0, oldestAt: oldest.get() ?? null }),
    trim: (before) => commits.execute('trimDeliveries', before),
    clear: (receiver) => commits.execute('clearDeliveries', receiver),
  };
}
