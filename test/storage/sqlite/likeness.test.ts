import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { createLikenessIndex } from '../../../src/storage/sqlite/search/likeness-index.ts';
import { likenessOf } from '../../../src/text/likeness.ts';

const TEXT = 'The river was closed to swimmers for two weeks, and nobody had told those who live there.';
const COPY = `${TEXT}!`;
const OTHER = 'A school by the road has had no heating since the new year, says the council of the town.';

/** What tells that a comment has no near copy must never be wrong that way. */
describe('the keys of near copies in a SQLite file', () => {
  let dataDir: string;
  let db: Database;
  const index = () => createLikenessIndex(db);
  const near = () =>
    new Map(db.prepare<[], [number, number]>('SELECT n, near FROM likeness_of ORDER BY n').raw().all());

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-likeness-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = new SqliteDatabase(join(dataDir, 'gatehouse.db'));
  });
  afterEach(async () => {
    db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('one is near from the moment another has its keys, whichever came first', () => {
    index().put(1, 'site', TEXT);
    index().put(2, 'site', OTHER);
    index().put(3, 'elsewhere', TEXT);
    expect([...near()]).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    index().put(4, 'site', COPY);
    expect([...near()]).toEqual([
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 1],
    ]);
  });

  it('a text that has another’s single key is near, too', () => {
    index().put(1, 'site', 'Thanks!');
    index().put(2, 'site', 'thanks');
    expect([...near().values()]).toEqual([1, 1]);
  });

  it('what is taken away is what was put in, and all of it', () => {
    index().put(1, 'site', TEXT);
    index().put(2, 'site', COPY);
    index().take(1);
    index().put(1, 'site', OTHER);
    const keys = db.prepare<[number], number>('SELECT key FROM likeness WHERE n = ? ORDER BY key').pluck();
    expect(keys.all(1)).toEqual([...likenessOf('site', OTHER).keys].sort((a, b) => a - b));
    index().take(1);
    index().take(2);
    expect(
      db.prepare('SELECT (SELECT count(*) FROM likeness) + (SELECT count(*) FROM likeness_of)').pluck().get(),
    ).toBe(0);
  });
});
