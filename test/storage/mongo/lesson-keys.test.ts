import type { LessonDoc } from '../../../src/storage/mongo/documents.ts';
import { createLessonKeys } from '../../../src/storage/mongo/search/lesson-keys.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { decide, freshSite, page, post } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** What a program by other rules has left: keys that a near copy of today does not have. */

const own = ownDatabase();
const OLD_KEYS = [1, 2, 3];

const textOf = (number: number): string =>
  `The words of lesson number ${number} are its own, and not those of others`;

const lesson = (number: number, rest: Partial<LessonDoc> = {}): LessonDoc => ({
  _id: number,
  site: 'of-old',
  comment: `comment-${number}`,
  label: 'spam',
  text: textOf(number),
  url: null,
  keys: OLD_KEYS,
  ...rest,
});

const keysOf = async (number: number): Promise<number[] | undefined> =>
  (await own.database.lessons.findOne({ _id: number }))?.keys;
const dueFor = (number: number): number[] => likenessOf('of-old', textOf(number)).keys;

async function differences(store: Storage) {
  const found: object[] = [];
  for await (const one of store.verify({ repair: false })) found.push(one);
  return found;
}

beforeEach(async () => {
  await own.database.lessons.deleteMany({});
  await own.database.meta.deleteOne({ _id: 'lesson-keys' });
});

it('near copies of what was decided by other rules are found again, and the self-check has nothing to say', async () => {
  const { lessons, meta } = own.database;
  const at = page(freshSite(), 'https://news.example/lesson-keys');
  const text = 'Cheap watches and cheaper shoes, all of them at my shop around the corner';
  let store = await own.open();
  await decide(store, await post(store, at, { text }), 'spam');
  const alike = () => store.lessons.alike({ ...likenessOf(at.site, text), except: null, most: 9 });
  await until('the decision to be told', async () => (await alike()).length === 1);
  await until('all keys to be known', async () => (await meta.findOne({ _id: 'lesson-keys' }))?.rules);
  await store.close();
  await lessons.updateMany({ site: at.site }, { $set: { keys: OLD_KEYS } });
  await meta.updateOne({ _id: 'lesson-keys' }, { $set: { rules: 'rules of old' } });

  store = await own.open();
  await until('its copies to be told of it', async () => (await alike()).length === 1);
  expect(await differences(store)).toEqual([]);
  await store.close();
});

it('goes on where it was cut off, and is done once', async () => {
  const { lessons } = own.database;
  await lessons.insertMany(Array.from({ length: 450 }, (_, i) => lesson(i + 1)));
  const first = createLessonKeys(own.database);
  expect([await first.fill(), await first.reach()]).toEqual([true, 200]);
  expect([await keysOf(200), await keysOf(201)]).toEqual([dueFor(200), OLD_KEYS]);

  // What is behind it already is not looked at again.
  await lessons.updateOne({ _id: 1 }, { $set: { keys: OLD_KEYS } });
  const next = createLessonKeys(own.database);
  while (await next.fill());
  expect([await keysOf(1), await keysOf(201), await keysOf(450)]).toEqual([
    OLD_KEYS,
    dueFor(201),
    dueFor(450),
  ]);
  expect(await createLessonKeys(own.database).reach()).toBe(Number.POSITIVE_INFINITY);
  expect(await createLessonKeys(own.database).fill()).toBe(false);
});

it('takes few of long texts in one step, and one at least', async () => {
  const long = 'many words '.repeat(4000);
  await own.database.lessons.insertMany([1, 2, 3, 4].map((number) => lesson(number, { text: long })));
  const keys = createLessonKeys(own.database);
  await keys.fill();
  expect(await keys.reach()).toBe(2);
  await own.database.lessons.updateOne({ _id: 3 }, { $set: { text: long.repeat(2) } });
  await keys.fill();
  expect(await keys.reach()).toBe(3);
});

it('gives none to a lesson that is taken back while its keys are made', async () => {
  const { lessons, meta } = own.database;
  await lessons.insertMany([lesson(1), lesson(2)]);
  const taking = Object.assign(Object.create(lessons) as typeof lessons, {
    bulkWrite: async (...args: Parameters<typeof lessons.bulkWrite>) => {
      await lessons.updateOne(
        { _id: 1 },
        { $set: { by: 3 }, $unset: { label: '', text: '', url: '', keys: '' } },
      );
      return lessons.bulkWrite(...args);
    },
  });
  await createLessonKeys({ meta, lessons: taking }).fill();
  expect([await keysOf(1), await keysOf(2)]).toEqual([undefined, dueFor(2)]);
});

it('is under way for the self-check beyond where it has come to', async () => {
  const { lessons, meta, leases } = own.database;
  // Held by another: nobody fills in while it lasts.
  const held = { $set: { holder: 'another', until: new Date(Date.now() + 3_600_000) } };
  await leases.updateOne({ _id: 'search' }, held, { upsert: true });
  const gone = lesson(3);
  delete gone.label;
  delete gone.text;
  await lessons.insertMany([lesson(1), lesson(2), gone]);
  const keys = createLessonKeys(own.database);
  const store = await own.open();
  const stray = { what: 'precedent', where: 'comment-3', kept: true, due: false, repaired: false };
  expect(await differences(store)).toEqual([stray]);
  while (await keys.fill());
  await lessons.updateOne({ _id: 1 }, { $set: { keys: OLD_KEYS } });
  const wrong = { what: 'precedent', where: 'comment-1', kept: false, due: true, repaired: false };
  expect(await differences(store)).toEqual([wrong]);
  expect(await meta.findOne({ _id: 'lesson-keys' })).not.toHaveProperty('number');
  await store.close();
  await leases.deleteOne({ _id: 'search' });
});
