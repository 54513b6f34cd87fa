import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { LESSON_QUERIES } from '../../../src/storage/sqlite/lessons.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';

/** The log of lessons of a large SQLite file is read by its indexes, in their order. */
describe('lessons of the SQLite store', () => {
  let dataDir: string;
  let db: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = openDatabase(join(dataDir, 'gatehouse.db'));
    const lesson = db.prepare(
      "INSERT INTO lessons (number, site, comment_id, label, text) VALUES (?, ?, ?, 'ham', 'text')",
    );
    const precedent = db.prepare('INSERT INTO precedents (key, number, label) VALUES (?, ?, 0)');
    db.transaction(() => {
      for (let i = 1; i <= 10_000; i++) {
        lesson.run(i, `site-${i % 50}`, `comment-${i}`);
        precedent.run(i % 100, i);
      }
    })();
  });
  afterAll(async () => {
    db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    [
      'those of a site',
      LESSON_QUERIES.ofSite,
      ['site-7', 500, 20],
      'SEARCH lessons USING INDEX lessons_of_site (site=? AND number>?)',
    ],
    [
      'where the newest of a site begin',
      LESSON_QUERIES.before,
      ['site-7', 20],
      'SEARCH lessons USING COVERING INDEX lessons_of_site (site=?)',
    ],
    [
      'those of all sites',
      LESSON_QUERIES.ofEverySite,
      [500, 20],
      'SEARCH lessons USING INTEGER PRIMARY KEY (rowid>?)',
    ],
    [
      'the one that stands of a comment',
      LESSON_QUERIES.standing,
      ['comment-3'],
      'SEARCH lessons USING INDEX lessons_that_stand (comment_id=?)',
    ],
    [
      'the newest that have a key',
      LESSON_QUERIES.ofKey,
      [7, 20],
      'SEARCH precedents USING PRIMARY KEY (key=?)',
    ],
  ])('%s', (_, sql, binds, plan) => {
    const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...binds);
    expect(rows.map(({ detail }) => detail)).toEqual([plan]);
    expect(db.prepare(sql).all(...binds).length).toBeGreaterThan(0);
  });
});
