import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { ofKeySql } from '../../../src/storage/sqlite/similar.ts';

/** The keys of near copies in a large SQLite file are found by their order. */
describe('near copies in the SQLite store', () => {
  let dataDir: string;
  let db: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = new SqliteDatabase(join(dataDir, 'gatehouse.db'));
    const insert = db.prepare('INSERT INTO likeness (key, n) VALUES (?, ?)');
    db.transaction(() => {
      for (let n = 0; n < 10_000; n++) insert.run(n % 100, n);
    })();
  });
  afterAll(async () => {
    db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('the newest of a key are one stretch of it, read backwards', () => {
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${ofKeySql()}`).all(7, 3);
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH likeness USING PRIMARY KEY (key=?)']);
    expect(db.prepare(ofKeySql()).pluck().all(7, 3)).toEqual([9907, 9807, 9707]);
  });
});
