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
async function insert(name: string, count: number, keys: number[], mark: string): Promise<Keyed[]> {
  const keyed = Array.from({ length: count }, (_, i) => ({
    id: `${name} ${String(i).padStart(13, '0')}`,
    site: name,
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
