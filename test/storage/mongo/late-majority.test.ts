import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import type { Invalidation, Storage } from '../../../src/storage/storage.ts';
import { decide, freshSite, page, postApproved, site } from '../../support/builders.ts';
import { freshDatabase } from '../../support/lane.ts';
import { until } from '../../support/until.ts';

/**
 * The other members stand still for longer than a write waits for them, and the primary stays what it is: what was
 * written is refused, and there all the same.
 */

const HELD_BACK = 'stopReplProducer';

let server: RunningMongod;
let store: Storage;
let others: number[];
const heard: Invalidation[] = [];

beforeAll(async () => {
  server = await startMongod({ replicaSet: true, testCommands: true });
  const { index } = await until('a primary', async () => {
    const primary = await server.primary();
    return primary >= 0 && { index: primary };
  });
  others = [0, 1, 2].filter((each) => each !== index);
  store = await openMongo({ uri: freshDatabase(server.uri) });
  store.onInvalidation((change) => void heard.push(change));
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

const all = async (mode: 'alwaysOn' | 'off'): Promise<void> => {
  for (const index of others) await server.ask(index, { configureFailPoint: HELD_BACK, mode });
};

it('is told of to those who keep answers', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  await store.sites.create(site(at.site));
  const shown = await postApproved(store, at);
  await all('alwaysOn');
  try {
    heard.length = 0;
    await expect(decide(store, shown, 'reject')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect((await store.comments.find(shown.id))?.status).toBe('rejected');
    expect(heard).toContainEqual({ kind: 'page', site: at.site, pageKey: at.key });
  } finally {
    await all('off');
  }
});
