import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import { type Attempt, type Delivery, MOST_ATTEMPTS } from '../../../webhooks/delivery.ts';
import { SOON } from '../../../webhooks/hasten.ts';
import { recordAfter, type Settlement, type TakeQuery, type TrackRecord } from '../../../webhooks/outbox.ts';
import { type DeliveryRow, deliveryOf, deliveryRowOf } from '../delivery-rows.ts';
import { BOUND_LIMIT } from '../rows.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createConsumers } from './consumers.ts';

/** Rows in one go: so few that nobody who writes waits for it. */
export const ROWS = 500;

/** The longest due first; binds receiver, moment and limit. */
export function dueSql(): string {
  return `SELECT * FROM deliveries INDEXED BY deliveries_due
    WHERE receiver = ? AND status = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ${BOUND_LIMIT}`;
}

const removeSql = (where: string): string =>
  `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries ${where} LIMIT ${BOUND_LIMIT})`;

interface PlanArgs {
  deliveries: Delivery[];
  consumer: string;
  upTo: number;
}

/** The operations behind OutboxStore. */
export function createOutbox(db: Database) {
  const insert = db.prepare<[DeliveryRow]>(
    `INSERT INTO deliveries (id, receiver, status, tries, next_at, lease, created_at, message, attempts)
     VALUES (@id, @receiver, @status, @tries, @next_at, @lease, @created_at, @message, @attempts)
     ON CONFLICT DO NOTHING`,
  );
  const due = db.prepare<[string, number, number], DeliveryRow>(dueSql());
  const hold = db.prepare<[number, string, string]>(
    'UPDATE deliveries SET next_at = ?, lease = ? WHERE id = ?',
  );
  const held = db
    .prepare<[string, string], string>('SELECT attempts FROM deliveries WHERE id = ? AND lease = ?')
    .pluck();
  const settle = db.prepare<[string, number, number | null, string, string]>(
    'UPDATE deliveries SET status = ?, tries = ?, next_at = ?, lease = NULL, attempts = ? WHERE id = ?',
  );
  const readRecord = db
    .prepare<[string], string>('SELECT body FROM delivery_records WHERE receiver = ?')
    .pluck();
  const writeRecord = db.prepare<[string, string]>(
    'INSERT OR REPLACE INTO delivery_records (receiver, body) VALUES (?, ?)',
  );
  const again = db.prepare<[number, string], DeliveryRow>(
    `UPDATE deliveries SET status = 'waiting', tries = 0, next_at = ?, lease = NULL WHERE id = ? RETURNING *`,
  );
  const hasten = db.prepare<[number, string, number]>(
    `UPDATE deliveries SET next_at = ?, lease = NULL WHERE id = ? AND status = 'waiting' AND next_at > ?`,
  );
  const trimStatus = db.prepare<[string, string, number]>(
    removeSql('INDEXED BY deliveries_kept WHERE status = ? AND id < ?'),
  );
  const clear = db.prepare<[string, number]>(removeSql('INDEXED BY deliveries_of WHERE receiver = ?'));
  const forget = db.prepare<[string]>('DELETE FROM delivery_records WHERE receiver = ?');
  const consumers = createConsumers(db);
  const audit = createActWriter(db);

  return {
    planDeliveries(_: BatchContext, { deliveries, consumer, upTo }: PlanArgs): void {
      for (const delivery of deliveries) insert.run(deliveryRowOf(delivery));
      consumers.advance(consumer, upTo);
    },

    addDelivery(_: BatchContext, { delivery, act }: { delivery: Delivery } & Audited): void {
      if (insert.run(deliveryRowOf(delivery)).changes > 0) audit({ act });
    },

    takeDeliveries(_: BatchContext, { wanted, room, now, until, lease }: TakeQuery): Delivery[] {
      const rows: DeliveryRow[] = [];
      for (const { receiver, most } of wanted) {
        if (rows.length === room) break;
        rows.push(...due.all(receiver, now, Math.min(most, room - rows.length)));
      }
      for (const { id } of rows) hold.run(until, lease, id);
      return rows.map((row) => deliveryOf({ ...row, next_at: until, lease }));
    },

    settleDelivery(_: BatchContext, settlement: Settlement): boolean {
      const { id, receiver, lease, status, nextAt, tries, attempt } = settlement;
      const former = held.get(id, lease);
      if (former === undefined) return false;
      const attempts = [...(JSON.parse(former) as Attempt[]), attempt].slice(-MOST_ATTEMPTS);
      settle.run(status, tries, nextAt, JSON.stringify(attempts), id);
      const record = JSON.parse(readRecord.get(receiver) ?? 'null') as TrackRecord | null;
      writeRecord.run(receiver, JSON.stringify(recordAfter(record, attempt)));
      return true;
    },

    redeliver(_: BatchContext, { id, now, act }: { id: string; now: number } & Audited): Delivery | null {
      const row = again.get(now, id);
      if (!row) return null;
      audit({ act });
      return deliveryOf(row);
    },

    hastenDeliveries(_: BatchContext, { ids, now }: { ids: string[]; now: number }): void {
      for (const id of ids) hasten.run(now, id, now + SOON);
    },

    trimDeliveries(_: BatchContext, { delivered, others }: { delivered: string; others: string }): boolean {
      const removed = [
        trimStatus.run('delivered', delivered, ROWS),
        trimStatus.run('dead', others, ROWS),
        trimStatus.run('waiting', others, ROWS),
      ];
      return removed.some(({ changes }) => changes === ROWS);
    },

    clearDeliveries(_: BatchContext, receiver: string): boolean {
      forget.run(receiver);
      return clear.run(receiver, ROWS).changes === ROWS;
    },
  };
}
