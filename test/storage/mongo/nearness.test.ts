import type { Difference } from '../../../src/comments/difference.ts';
import { homeOfId } from '../../../src/ids.ts';
import { countSimilar } from '../../../src/moderation/similar.ts';
import type { CommentDoc } from '../../../src/storage/mongo/comment-doc.ts';
import { connect, type Database, ensureIndexes } from '../../../src/storage/mongo/database.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import { createNearness, type Keyed } from '../../../src/storage/mongo/search/nearness.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { apply, edit, freshSite, page, post } from '../../support/builders.ts';
import { giveBack, takeDatabase } from '../../support/databases.ts';
import { keyedTexts, nearAmong } from '../../support/keyed-texts.ts';
import { createRandom, seedOfRun } from '../../support/random.ts';
import { until } from '../../support/until.ts';

/** Which comments are told to have no near copy, so that nothing is looked up for them. */

const uri = takeDatabase();
/** Where nobody fills in beside the test. */
const quietUri = takeDatabase();
let database: Database;
let quiet: Database;
let store: Storage;

beforeAll(async () => {
  store = await openMongo({ uri });
  database = await connect(uri);
  quiet = await connect(quietUri);
  await ensureIndexes(quiet);
});
afterAll(async () => {
  await Promise.all([database, quiet].map(({ connection }) => connection.close()));
  await store.close();
  await Promise.all([uri, quietUri].map(giveBack));
});

const TEXT = 'The road by the lake was closed for two weeks in the spring, and nobody had told us of it.';
const OTHER = 'I bought a watch in that town once, and it went on for twenty years without any repair.';

const isFilled = async (): Promise<boolean> =>
  (await database.comments.countDocuments({ wordsDue: { $exists: true } })) === 0;
const nearOf = async (...ids: string[]): Promise<unknown[]> => {
  await until('all to be filled in', isFilled);
  const docs = await database.comments.find({ _id: { $in: ids } }).toArray();
  return ids.map((id) => docs.find(({ _id }) => _id === id)?.near);
};

it('a comment has no copy until one comes, and an edit begins anew', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const one = await post(store, at, { text: TEXT });
  const alone = await post(store, at, { text: OTHER });
  expect(await nearOf(one.id, alone.id)).toEqual([false, false]);
  const copy = await post(store, at, { text: `${TEXT}!` });
  expect(await nearOf(one.id, alone.id, copy.id)).toEqual([true, false, true]);
  const edited = await apply(store, alone, edit(alone, `${TEXT}?`));
  expect(await nearOf(alone.id)).toEqual([true]);
  expect((await countSimilar(store, [edited, one])).get(one.id)).toBe(2);
  const again = await apply(store, edited, edit(edited, OTHER));
  expect(await nearOf(alone.id)).toEqual([false]);
  expect((await countSimilar(store, [again])).get(again.id)).toBe(0);
});

/** Comments with these keys, that are due by one mark. */
async function insert(
  name: string,
  count: number,
  keys: number[],
  mark: string,
  site = name,
): Promise<Keyed[]> {
  const keyed = Array.from({ length: count }, (_, i) => ({
    id: `${name} ${String(i).padStart(13, '0')}`,
    site,
    keys,
  }));
  const docs = keyed.map(({ id, site }) => ({
    _id: id,
    site,
    home: homeOfId(id),
    deletedAt: 1,
    likeness: keys,
    wordsDue: mark,
  }));
  await quiet.comments.insertMany(docs as unknown as CommentDoc[]);
  return keyed;
}
const toldOf = async (site: string): Promise<unknown[]> => {
  const docs = await quiet.comments.find({ site }).sort({ _id: 1 }).toArray();
  return docs.map(({ near, wordsDue }) => (wordsDue === undefined ? near : wordsDue));
};

it('of a flood each is told, however few are read together', async () => {
  const keys = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5];
  const all = await insert('flood', 30, keys, 'a test');
  const nearness = createNearness(quiet, { mostRead: 5 });
  // Filled in by two at the same time: the first has not told yet when the second looks.
  await nearness.settle(all.slice(20), 'a test');
  expect(await toldOf('flood')).toEqual([...Array(20).fill('a test'), ...Array(10).fill(true)]);
  await nearness.settle(all.slice(0, 20), 'a test');
  expect(await toldOf('flood')).toEqual(Array(30).fill(true));
});

const seed = seedOfRun();
process.stderr.write(`near copies: GATEHOUSE_SEED=${seed}\n`);

it.each([
  { bounds: 'its usual bounds', options: {} },
  { bounds: 'few read together', options: { mostRead: 12 } },
  { bounds: 'floods that begin early', options: { mostRead: 40, flood: 4 } },
  { bounds: 'lists that are cut off', options: { mostRead: 12, mostOfKey: 10, flood: 6 } },
])('with $bounds it tells exactly those that share enough with another', async ({ bounds, options }) => {
  const random = createRandom(seed);
  const texts = keyedTexts(random, 400, bounds);
  const nearness = createNearness(quiet, options);
  for (let at = 0; at < texts.length; ) {
    const size = random.between(1, 40);
    const filled: Keyed[] = [];
    for (const [i, keys] of texts.slice(at, at + size).entries()) {
      const [one] = await insert(`${bounds} ${String(at + i).padStart(4, '0')}`, 1, keys, 'a test', bounds);
      if (one) filled.push(one);
    }
    await nearness.settle(filled, 'a test');
    at += size;
  }
  const due = nearAmong(texts);
  expect(new Set(due).size).toBe(2);
  expect(await toldOf(bounds)).toEqual(due);
});

it('by a key that many have nobody is read, and by two of them the index tells who has both', async () => {
  const asked: unknown[] = [];
  const watched = await connect(quietUri, true);
  watched.connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'find') asked.push(command.filter.likeness.$in);
    if (commandName === 'aggregate') asked.push({ listed: command.pipeline[0].$documents.length });
  });
  const nearness = createNearness(watched);
  const [common, another] = [201.5, 202.5];
  const own = (i: number, count: number): number[] =>
    Array.from({ length: count }, (_, j) => 300 + 10 * i + j);
  const settle = async (i: number, keys: number[]): Promise<void> =>
    nearness.settle(
      await insert(`chance ${String(i).padStart(2, '0')}`, 1, keys, 'a test', 'chance'),
      'a test',
    );
  for (let i = 0; i < 10; i++) await settle(i, [common, ...own(i, 7)]);
  for (let i = 10; i < 20; i++) await settle(i, [another, ...own(i, 7)]);
  asked.length = 0;
  await settle(20, [common, ...own(20, 7)]);
  expect(asked).toEqual([own(20, 7)]);
  await settle(21, [common, another, ...own(21, 6)]);
  expect(asked.slice(1)).toEqual([own(21, 6), { listed: 2 }]);
  expect(await toldOf('chance')).toEqual(Array(22).fill(false));
  await settle(22, [common, another, ...own(22, 6)]);
  expect((await toldOf('chance')).slice(20)).toEqual([false, true, true]);
  await watched.connection.close();
});

it('what is of a flood that was told is told without a look at it', async () => {
  const reads: string[] = [];
  const watched = await connect(quietUri, true);
  watched.connection.getClient().on('commandStarted', ({ commandName }) => reads.push(commandName));
  const nearness = createNearness(watched);
  const keys = [101.5, 102.5, 103.5, 104.5, 105.5, 106.5, 107.5, 108.5];
  await nearness.settle(await insert('told', 60, keys, 'a test'), 'a test');
  const [next] = await insert('told next', 1, keys, 'a test', 'told');
  reads.length = 0;
  if (next) await nearness.settle([next], 'a test');
  expect(reads).toEqual(['update']);
  expect(await toldOf('told')).toEqual(Array(61).fill(true));
  await watched.connection.close();
});

it('who was told to be near stays so, and who was marked anew stays due', async () => {
  const [one] = (await insert('alone', 1, [11.5], 'first')) as [Keyed];
  const nearness = createNearness(quiet);
  await nearness.settle([one], 'another');
  expect(await toldOf('alone')).toEqual(['first']);
  await quiet.comments.updateOne({ _id: one.id }, { $set: { near: true } });
  await nearness.settle([one], 'first');
  expect(await toldOf('alone')).toEqual([true]);
});

it('the self-check finds who is told to have no copy and has one', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const copies = [await post(store, at, { text: TEXT }), await post(store, at, { text: `${TEXT}!` })];
  const ids = copies.map(({ id }) => id);
  expect(await nearOf(...ids)).toEqual([true, true]);
  await database.comments.updateMany({ _id: { $in: ids } }, { $set: { near: false } });
  const differences = async (repair: boolean): Promise<Difference[]> => {
    const found: Difference[] = [];
    for await (const one of store.verify({ repair })) if (ids.includes(one.where)) found.push(one);
    return found;
  };
  const due = ids.map((where) => ({ what: 'likeness', where, kept: false, due: true }));
  expect(await differences(false)).toEqual(due.map((one) => ({ ...one, repaired: false })));
  expect(await differences(true)).toEqual(due.map((one) => ({ ...one, repaired: true })));
  expect(await differences(false)).toEqual([]);
  expect(await nearOf(...ids)).toEqual([true, true]);
});
