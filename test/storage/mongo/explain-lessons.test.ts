import type { Storage } from '../../../src/storage/storage.ts';
import { until } from '../../support/until.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;
/** Lessons that share the keys of one text. */
const ALIKE = 20;
const KEYS = 7;
const keysOf = (text: number): number[] => Array.from({ length: KEYS }, (_, i) => text * KEYS + i + 1.5);

describe('the log of lessons of a large store', () => {
  let installation: Installation;
  let store: Storage;
  const meter = createCostMeter(() => installation);

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({ onCommand: meter.onCommand });
    const docs = [...Array(ROWS).keys()].map((i) => ({
      _id: i + 1,
      site: `site-${i % 50}`,
      comment: `comment-${i}`,
      label: 'ham',
      text: 'text',
      // Of all alike, all of the first key.
      keys: [0.5, ...keysOf(Math.floor(i / ALIKE))],
    }));
    await installation.raw(async (database) => {
      // Theirs are of no text: nobody is to make them anew.
      const known = { _id: 'lesson-keys' as never, rules: { $exists: true } };
      await until('the keys of none', () => database.collection('meta').findOne(known));
      await database.collection<(typeof docs)[number]>('lessons').insertMany(docs);
    });
  });
  afterAll(() => installation.dispose());

  it.each([
    ['of few', 8, keysOf(7)],
    ['where all share a key', LIMIT, [0.5, ...keysOf(7)]],
  ])('texts alike, %s, are read newest first and no further than asked', async (_, most, keys) => {
    const asked = { keys, enough: 2, except: null, most };
    const cost = await meter.costOf(() => store.lessons.alike(asked), 'lessons');
    expect(cost.docs).toBeLessThanOrEqual(most + KEYS + 1);
    expect(cost.sorted).toBe(false);
    expect(await store.lessons.alike({ ...asked, most: 2 * ROWS })).toHaveLength(ALIKE);
  });

  it.each([
    ['of a site', 'site-7'],
    ['of all sites', '*'],
  ])('%s reads no more keys than it gives', async (_, site) => {
    const cost = await meter.costOf(() => store.lessons.after({ site, after: 500, limit: LIMIT }), 'lessons');
    expect(cost.returned).toBe(LIMIT);
    expect(cost.keys).toBeLessThanOrEqual(LIMIT + 1);
    expect(cost.sorted).toBe(false);
  });
});
