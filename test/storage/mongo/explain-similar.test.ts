import type { AskedLikeness } from '../../../src/moderation/similar-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { until } from '../../support/until.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
/** Comments that share the keys of one text. */
const ALIKE = 20;
const KEYS = 8;

/** Comment i has the keys of text i / ALIKE. */
const keysOf = (text: number): number[] => Array.from({ length: KEYS }, (_, i) => text * KEYS + i + 0.5);
const nameOf = (i: number): string => `${i}`.padStart(6, '0');
const asked = (i: number): AskedLikeness => ({ id: nameOf(i), site: 'site', text: 'A text', revision: 1 });

describe('near copies in a large store', () => {
  let installation: Installation;
  let store: Storage;
  const meter = createCostMeter(() => installation);

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({ onCommand: meter.onCommand });
    // Else it may find these rows, and what it reads of them is counted with what a list reads.
    await until('the end of the look for comments of an earlier program', () =>
      installation.raw((database) =>
        database.collection('meta').countDocuments({ _id: 'search' as never, rules: { $exists: true } }),
      ),
    );
    const docs = [...Array(ROWS).keys()].map((i) => ({
      _id: nameOf(i),
      site: 'site',
      home: 'home',
      // Nothing that the filling would take for a comment of an earlier program.
      deletedAt: 1,
      likeness: keysOf(Math.floor(i / ALIKE)),
    }));
    await installation.raw((database) =>
      database.collection<(typeof docs)[number]>('comments').insertMany(docs),
    );
  });
  afterAll(() => installation.dispose());

  it('those of one are read newest first, no more keys than there are copies', async () => {
    const cost = await meter.costOf(() => store.similar.list(asked(7), 100));
    expect(cost.keys).toBeLessThanOrEqual(KEYS * (ALIKE + 2));
    expect(cost.docs).toBeLessThanOrEqual(KEYS * ALIKE);
    expect(cost.sorted).toBe(false);
    const few = await meter.costOf(() => store.similar.list(asked(7), 3));
    expect(few.docs).toBeLessThanOrEqual(2 * 3 + KEYS + 1);
  });

  it('those of a page of the queue are counted by one command', async () => {
    const page = Array.from({ length: 50 }, (_, i) => asked(i * ALIKE));
    expect(await store.similar.count(page, 100)).toEqual(Array(50).fill(ALIKE - 1));
    const cost = await meter.costOf(() => store.similar.count(page, 100), 1);
    expect(cost.keys).toBeLessThanOrEqual(50 * KEYS * (ALIKE + 2));
    // The index alone tells.
    expect(cost.docs).toBe(0);
    expect(cost.sorted).toBe(false);
  });

  it('where a flood is alike of each key two are met for each that is counted, and of one text once', async () => {
    const flood = await installation.raw((database) =>
      database.collection('comments').updateMany({}, { $set: { likeness: keysOf(0) } }),
    );
    expect(flood.matchedCount).toBe(ROWS);
    const page = [asked(0), asked(1)];
    expect(await store.similar.count(page, 100)).toEqual([100, 100]);
    const cost = await meter.costOf(() => store.similar.count(page, 100), 1);
    expect(cost.docs).toBe(0);
    expect(cost.keys).toBeLessThanOrEqual(KEYS * 202);
    expect(cost.sorted).toBe(false);
  });

  it('copies are counted and listed past any number that share one key by chance', async () => {
    const [key = 0] = keysOf(1);
    const others = { likeness: [key, ...Array(KEYS - 1).keys()] };
    const isOther = { _id: { $gt: nameOf(2) as never } };
    await installation.raw((database) =>
      database.collection('comments').updateMany(isOther, { $set: others }),
    );
    const alike = { $set: { likeness: keysOf(1) } };
    const isAlike = { _id: { $lte: nameOf(2) as never } };
    await installation.raw((database) => database.collection('comments').updateMany(isAlike, alike));
    expect(await store.similar.count([asked(0), asked(2)], 100)).toEqual([2, 2]);
    expect(await store.similar.list(asked(0), 1)).toEqual([nameOf(2)]);
    expect(await store.similar.list(asked(0), 100)).toEqual([nameOf(2), nameOf(1)]);
  });

  it('of the commonest of two keys that many have no list is read, only who of those that were met has it', async () => {
    const keys = keysOf(1);
    const [common = 0, lessCommon = 0, , , , rare = 0] = keys;
    const setKeys = (which: object, first: number[]): Promise<unknown> =>
      installation.raw((database) =>
        database
          .collection('comments')
          .updateMany(which, { $set: { likeness: [...first, ...Array(KEYS - first.length).keys()] } }),
      );
    await setKeys({}, [common]);
    await setKeys({ _id: { $regex: '[37]$' } }, [lessCommon]);
    await setKeys({ _id: nameOf(0) }, keys);
    await setKeys({ _id: nameOf(1) }, [common, rare]);
    await setKeys({ _id: nameOf(2) }, [lessCommon, common]);
    await setKeys({ _id: nameOf(4) }, [lessCommon, rare]);
    expect(await store.similar.count([asked(0)], 100)).toEqual([3]);
    const lists = await meter.costOf(() => store.similar.count([asked(0)], 100), 1);
    // Few of each of the eight, and the whole list of the one that a fifth of all have.
    expect(lists.keys).toBeLessThanOrEqual(ROWS / 5 + 3 * 202 + 2 * KEYS);
    expect(lists.docs).toBe(0);
    const others = await meter.costOf(() => store.similar.count([asked(0)], 100));
    // The comment's own keys; whoever was met once is a key of the index, and a look for the next.
    expect(others.docs).toBe(1);
    expect(others.keys).toBeLessThanOrEqual(2 * (ROWS / 5) + 20);
  });
});
