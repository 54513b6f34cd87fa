import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../src/comments/comment.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { createSimilarStore } from '../../../src/storage/sqlite/similar.ts';
import { freshSite, page, post } from '../../support/builders.ts';

/** More than are read of each key at first, for the count that is asked for. */
const MANY = 40;
const COUNTED = 10;
const KEYS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Comments in a SQLite file, the oldest first, with keys that are given to them. */
async function comments(keysOf: number[][], work: (all: Comment[], db: Database) => Promise<void>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-similar-'));
  const storage = await openSqlite({ dataDir, inline: true });
  const at = page(freshSite(), 'https://a.example/1');
  const all: Comment[] = [];
  for (const i of keysOf.keys()) all.push(await post(storage, at, { text: `Number ${i}` }));
  await storage.close();
  const db = openDatabase(join(dataDir, 'gatehouse.db'));
  db.exec('DELETE FROM search_todo; DELETE FROM likeness; DELETE FROM likeness_of');
  const numberOf = db.prepare<[string], number>('SELECT n FROM comments WHERE id = ?').pluck();
  const insert = db.prepare('INSERT INTO likeness (key, n) VALUES (?, ?)');
  const keep = db.prepare('INSERT INTO likeness_of (n, keys, near) VALUES (?, ?, 1)');
  for (const [i, keys] of keysOf.entries()) {
    const n = numberOf.get(all[i]?.id ?? '');
    for (const key of keys) insert.run(key, n);
    keep.run(n, JSON.stringify(keys));
  }
  await work(all, db);
  db.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Keys of one that shares these with the first, and nothing else with anybody. */
let alone = 1000;
const sharing = (...keys: number[]): number[] => [
  ...keys,
  ...Array.from({ length: KEYS.length - keys.length }, () => alone++),
];
const many = (...keys: number[]): number[][] => Array.from({ length: MANY }, () => sharing(...keys));

it.each([
  ['one of whose keys many have', [sharing(1, 2)], many(1)],
  ['both of whose keys many have', [sharing(1, 2)], [...many(1), ...many(2)]],
  ['several, of keys that many have', [sharing(1, 2), sharing(2, 3)], [...many(1), ...many(2), ...many(3)]],
  ['by keys that few have', [sharing(7, 8)], many(1)],
])(
  'an old near copy is counted and told however many share a key with it by chance: %s',
  async (_, copies, others) => {
    const shuffled = others.sort(
      (a, b) => (((a.at(-1) ?? 0) * 7919) % 101) - (((b.at(-1) ?? 0) * 7919) % 101),
    );
    await comments([[...KEYS], ...copies, ...shuffled], async (all, db) => {
      const store = createSimilarStore(db);
      const [first, ...rest] = all as [Comment, ...Comment[]];
      const expected = rest.slice(0, copies.length).map(({ id }) => id);
      expect(await store.count([first], COUNTED)).toEqual([copies.length]);
      expect(await store.list(first, COUNTED)).toEqual(expected.reverse());
    });
  },
);

it('no more older ones are read by one call than it has room for', async () => {
  const others = [...many(1), ...many(2)];
  await comments([[...KEYS], sharing(1, 2), ...others], async (all, db) => {
    const [first] = all as [Comment];
    for (const [mostOlder, found] of [
      [0, 0],
      [MANY, 1],
    ] as const)
      expect(await createSimilarStore(db, { mostOlder }).count([first], COUNTED)).toEqual([found]);
    // What one of a page has read, the next has not.
    const second = all[1] as Comment;
    expect(await createSimilarStore(db, { mostOlder: MANY }).count([first, second], COUNTED)).toEqual([1, 0]);
  });
});
