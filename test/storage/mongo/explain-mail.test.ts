import type { Storage } from '../../../src/storage/storage.ts';
import { EPOCH } from '../../support/builders.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;
let installation: Installation;
let store: Storage;
const meter = createCostMeter(() => installation);

beforeAll(async () => {
  installation = createMongoInstallation();
  store = await installation.open({ onCommand: meter.onCommand });
  const docs = Array.from({ length: ROWS }, (_, i) => ({
    _id: `comment-${String(i).padStart(5, '0')}`,
    ...{ site: 'one', reader: `reader-${i % 50}`, email: 'sealed', createdAt: EPOCH + i },
    confirmedAt: i % 3 === 0 ? null : EPOCH + i,
  }));
  await installation.raw((database) =>
    database.collection<(typeof docs)[number]>('subscriptions').insertMany(docs),
  );
});
afterAll(() => installation.dispose());

test('a reader’s wishes for mail are read in the order of an index', async () => {
  for (const after of ['', 'comment-05000']) {
    const cost = await meter.costOf(
      () => store.subscriptions.ofReader({ reader: 'reader-1', after, limit: LIMIT }),
      'subscriptions',
    );
    expect(cost).toMatchObject({ returned: LIMIT, docs: LIMIT, sorted: false });
    expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + 1);
  }
});

test('those that were never confirmed are a range of an index', async () => {
  const cost = await meter.costOf(() => store.subscriptions.trim(EPOCH + 300), 'subscriptions');
  // Explained once they are gone: of the thousands that stay none is read.
  expect(cost).toMatchObject({ returned: 0, docs: 0, sorted: false });
  expect(cost.keys).toBeLessThanOrEqual(1);
  expect(await store.subscriptions.ofComments(['comment-00000', 'comment-00300'])).toHaveLength(1);
});
