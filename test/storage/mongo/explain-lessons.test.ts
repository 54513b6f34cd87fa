import type { Storage } from '../../../src/storage/storage.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;

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
    }));
    await installation.raw((database) =>
      database.collection<(typeof docs)[number]>('lessons').insertMany(docs),
    );
  });
  afterAll(() => installation.dispose());

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
