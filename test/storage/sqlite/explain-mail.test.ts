import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { unconfirmedSql } from '../../../src/storage/sqlite/operations/subscriptions.ts';
import { ofReaderSql } from '../../../src/storage/sqlite/subscriptions.ts';

const ROWS = 10_000;
let dataDir: string;
let db: Database;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
  await (await openSqlite({ dataDir, inline: true })).close();
  db = openDatabase(join(dataDir, 'gatehouse.db'));
  const wish = db.prepare("INSERT INTO subscriptions VALUES (?, 'one', ?, 'sealed', ?, ?)");
  db.transaction(() => {
    for (let i = 0; i < ROWS; i++) wish.run(`comment-${i}`, `reader-${i % 100}`, i, i % 3 === 0 ? null : i);
  })();
});
afterAll(async () => {
  db.close();
  await rm(dataDir, { recursive: true, force: true });
});

const planOf = (sql: string, ...bound: unknown[]): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...bound)
    .map((row) => (row as { detail: string }).detail)
    .join('; ');

test('a reader’s wishes for mail are a range of their index, in its order', () => {
  expect(planOf(ofReaderSql(), 'reader-1', '', 50)).toMatch(
    /^SEARCH subscriptions USING (COVERING )?INDEX subscriptions_of_reader \(reader=\? AND comment_id>\?\)$/,
  );
});

test('those that were never confirmed are a range of an index of them alone', () => {
  expect(planOf(unconfirmedSql(), 100, 50)).toMatch(
    /^SEARCH subscriptions USING (COVERING )?INDEX subscriptions_unconfirmed \(created_at<\?\)$/,
  );
});

test('a removed site’s are a range of their index', () => {
  expect(planOf('DELETE FROM subscriptions WHERE site = ? LIMIT 500', 'one')).toMatch(
    /SEARCH subscriptions USING (COVERING )?INDEX subscriptions_of_site \(site=\?\)$/,
  );
});
