import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Call } from '../../../src/storage/sqlite/operations/operations.ts';
import { createLikenessIndex } from '../../../src/storage/sqlite/search/likeness-index.ts';
import { createNearness } from '../../../src/storage/sqlite/search/nearness.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { freshSite, page, post } from '../../support/builders.ts';
import { keyedTexts, nearAmong } from '../../support/keyed-texts.ts';
import { createRandom, seedOfRun } from '../../support/random.ts';

const TEXT = 'The river was closed to swimmers for two weeks, and nobody had told those who live there.';
const COPY = `${TEXT}!`;
const OTHER = 'A school by the road has had no heating since the new year, says the council of the town.';

const seed = seedOfRun();
process.stderr.write(`near copies: GATEHOUSE_SEED=${seed}\n`);

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
    db = openDatabase(join(dataDir, 'gatehouse.db'));
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

  /** An index of texts that are lists of keys. */
  const ofKeys = (options = {}) =>
    createLikenessIndex(db, { nearness: createNearness(db, options), keysOf: (_, text) => JSON.parse(text) });

  it.each([
    { bounds: 'its usual bounds', options: {} },
    { bounds: 'floods that begin early', options: { flood: 4 } },
  ])('with $bounds it tells exactly those that share enough with another', ({ options }) => {
    // The keys of a SQLite file are whole numbers.
    const texts = keyedTexts(createRandom(seed), 800, 'site').map((keys) => keys.map((key) => 2 * key));
    const index = ofKeys(options);
    for (const [n, keys] of texts.entries()) {
      index.put(n, 'site', JSON.stringify(keys));
      // Else whoever stands there by two memories would be told by one alone.
      if (n % 97 === 0) index.rolledBack();
    }
    const due = nearAmong(texts).map(Number);
    expect(new Set(due).size).toBe(2);
    expect([...near().values()]).toEqual(due);
  });

  const FLOOD = [1, 2, 3, 4, 5, 6, 7, 8];

  it('what was told of a flood does not count where it was rolled back', () => {
    const index = ofKeys({ flood: 3 });
    const put = (n: number, keys = FLOOD): void => index.put(n, 'site', JSON.stringify(keys));
    put(1, [1, 2, 13, 14, 15, 16, 17, 18]);
    db.exec('BEGIN');
    for (const n of [2, 3, 4, 5]) put(n);
    db.exec('ROLLBACK');
    index.rolledBack();
    expect([...near()]).toEqual([[1, 0]]);
    put(2);
    expect([...near()]).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('a batch that is run again tells a flood again', async () => {
    const store = await openSqlite({ dataDir, inline: true });
    const at = page(freshSite(), 'https://a.example/1');
    const flood = Array.from({ length: 60 }, () => post(store, at, { text: TEXT }));
    await Promise.all(flood);
    await store.close();
    db.exec(`INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM likeness; DELETE FROM likeness_of;
      INSERT OR REPLACE INTO search_todo SELECT n, NULL, 0 FROM comments`);
    // One that shares two keys with all of them.
    const [first = 0, second = 0] = likenessOf(at.site, TEXT).keys;
    ofKeys().put(1000, at.site, JSON.stringify([first, second, 3, 4, 5, 6, 7, 8]));
    const calls = [['fillSearch', 500], ['no such operation']] as unknown as Call[];
    const outcomes = createBatchRunner(db)(calls);
    expect(outcomes).toMatchObject({ committed: true, outcomes: [{ ok: true }, { ok: false }] });
    expect(near().size).toBe(61);
    expect(new Set(near().values())).toEqual(new Set([1]));
  });

  it('of keys that many have no more are met than there is room for, and a flood is met all the same', () => {
    const index = ofKeys({ mostMet: 40 });
    for (let n = 1; n <= 100; n++) index.put(n, 'site', JSON.stringify(FLOOD));
    expect(new Set(near().values())).toEqual(new Set([1]));
  });
});
