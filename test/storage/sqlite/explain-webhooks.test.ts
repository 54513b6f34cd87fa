import type { Database } from 'better-sqlite3';
import { openForReading } from '../../../src/storage/sqlite/connection.ts';
import { dueSql } from '../../../src/storage/sqlite/operations/outbox.ts';
import { deliveriesSql } from '../../../src/storage/sqlite/outbox.ts';
import { newDelivery } from '../../../src/webhooks/delivery.ts';
import { EPOCH } from '../../support/builders.ts';
import { type OpenedStore, openStore } from '../../support/stores.ts';

const ROWS = 10_000;
let opened: OpenedStore;
let db: Database;

beforeAll(async () => {
  opened = await openStore();
  const { outbox, events } = opened.storage;
  await events.join('fill');
  for (let start = 0; start < ROWS; start += 1000) {
    const deliveries = Array.from({ length: 1000 }, (_, i) => {
      const at = EPOCH + start + i;
      const receiver = `receiver-${i % 4}`;
      return newDelivery(receiver, { type: 'webhook.test', at }, { event: `${at}`, now: at });
    });
    await outbox.plan({ deliveries, consumer: 'fill', upTo: 0 });
  }
  db = openForReading('file' in opened.place ? opened.place.file : '');
});
afterAll(async () => {
  db.close();
  await opened.dispose();
});

const planOf = (sql: string, ...bound: unknown[]): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...bound)
    .map((row) => (row as { detail: string }).detail)
    .join('; ');

test('what is due of a receiver is a range of its index, in its order', () => {
  const plan = planOf(dueSql(), 'receiver-1', EPOCH + ROWS, 4);
  expect(plan).toMatch(/^SEARCH deliveries USING INDEX deliveries_due \(receiver=\? AND next_at<\?\)$/);
});

test('a receiver’s deliveries are a range of their index, newest first, by status or not', () => {
  expect(planOf(deliveriesSql(false), 'receiver-1', '~', 50)).toMatch(
    /^SEARCH deliveries USING (COVERING )?INDEX deliveries_of \(receiver=\? AND id<\?\)$/,
  );
  expect(planOf(deliveriesSql(true), 'receiver-1', 'waiting', '~', 50)).toMatch(
    /^SEARCH deliveries USING (COVERING )?INDEX deliveries_by_status \(receiver=\? AND status=\? AND id<\?\)$/,
  );
});
