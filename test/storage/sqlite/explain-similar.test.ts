import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { claimsAmongSql } from '../../../src/storage/sqlite/claims.ts';
import { countersSql } from '../../../src/storage/sqlite/comments.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { havingKeySql, ofKeySql, olderOfKeySql } from '../../../src/storage/sqlite/search/sharers.ts';
import { keysOfSql } from '../../../src/storage/sqlite/similar.ts';

/** The keys of near copies in a large SQLite file are found by their order. */
describe('what is shown beside comments in the SQLite store', () => {
  let dataDir: string;
  let db: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = openDatabase(join(dataDir, 'gatehouse.db'));
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

  it('those of a key that are older than one are a stretch of it, read on', () => {
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${olderOfKeySql()}`)
      .all(7, 9707, 3);
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH likeness USING PRIMARY KEY (key=? AND n<?)']);
    expect(db.prepare(olderOfKeySql()).pluck().all(7, 9707, 3)).toEqual([9607, 9507, 9407]);
  });

  it('whether some have a key is looked up for each of them', () => {
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${havingKeySql()}`)
      .all('[]', 7);
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SCAN wanted/),
      'SEARCH likeness USING PRIMARY KEY (key=? AND n=?)',
    ]);
    expect(db.prepare(havingKeySql()).pluck().all('[7,8,9907]', 7)).toEqual([7, 9907]);
  });

  it.each([
    ['the keys of a page of comments', keysOfSql()],
    ['their claims', claimsAmongSql()],
    ['the counters of their authors', countersSql()],
  ])('%s: each looked up by its key, in one statement', (_, sql) => {
    const binds = (sql.match(/\?/g) ?? []).map(() => '[]');
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...binds);
    const [first, ...others] = plan.map(({ detail }) => detail);
    expect(first).toMatch(/^SCAN wanted/);
    expect(others.length).toBeGreaterThan(0);
    for (const step of others) expect(step).toMatch(/^SEARCH /);
  });
});
