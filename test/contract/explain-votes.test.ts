import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { votersOfAddressSql, votersSql } from '../../src/storage/sqlite/operations/votes.ts';
import { votesOfReaderSql } from '../../src/storage/sqlite/votes.ts';

/** Votes of a large SQLite file are found by their indexes. */
describe('votes of the SQLite store', () => {
  let dataDir: string;
  let db: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = openDatabase(join(dataDir, 'gatehouse.db'));
    const vote = db.prepare('INSERT INTO votes VALUES (?, ?, ?, 1)');
    db.transaction(() => {
      for (let i = 0; i < 10_000; i++) vote.run(`comment-${i % 100}`, `reader-${i}`, `address-${i % 7}`);
    })();
  });
  afterAll(async () => {
    db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    [
      'readers of an address',
      votersOfAddressSql(),
      /^SEARCH votes USING COVERING INDEX votes_address \(comment_id=\? AND address=\?\)$/,
    ],
    [
      'readers of a comment',
      votersSql(),
      /^SEARCH votes USING COVERING INDEX votes_address \(comment_id=\?\)$/,
    ],
    [
      'a reader’s own',
      votesOfReaderSql(),
      /^(?:CO-ROUTINE own|SEARCH votes USING INDEX votes_reader \(reader=\?\)|SCAN own|SEARCH c USING INDEX sqlite_autoindex_comments_\d \(id=\?\))$/,
    ],
  ])('%s', (_, sql, plan) => {
    const binds = Array((sql.match(/\?/g) ?? []).length).fill('x');
    const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...binds);
    expect(rows.map(({ detail }) => detail).filter((detail) => !plan.test(detail))).toEqual([]);
  });
});
