import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { AppError } from '../../../src/errors.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import type { Invalidation, Storage } from '../../../src/storage/storage.ts';
import { decide, page, post, postApproved, site } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { freshDatabase, storeUnderTest } from '../../support/lane.ts';
import { expectTrue } from '../../support/recount.ts';

const isReplicaSet = storeUnderTest() === 'mongo-replica';
/** The server is looked for during two seconds; the rest is the machine's. */
const REFUSED_WITHIN = 6000;

describe('a server that is killed', () => {
  let server: RunningMongod;
  let store: Storage;

  beforeAll(async () => {
    server = await startMongod({ replicaSet: isReplicaSet });
    store = await openMongo({ uri: freshDatabase(server.uri) });
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  const refusal = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

  it('loses nothing acknowledged; meanwhile calls are refused soon, and all heals unaided', async () => {
    const one = site('killed');
    await store.sites.create(one);
    const at = page(one.id, 'https://a.example/1');
    const root = await postApproved(store, at);
    const posting = Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => post(store, at, { author: `reader ${i}` })),
    );
    await decide(store, root, 'spam');
    const victims = isReplicaSet ? [0, 1, 2] : [0];
    await Promise.all(victims.map((index) => server.kill(index)));
    const kept = (await posting).flatMap((result) =>
      result.status === 'fulfilled' ? [result.value.id] : [],
    );

    const told: Invalidation[] = [];
    store.onInvalidation((change) => void told.push(change));
    const began = Date.now();
    const attempts = [
      store.comments.find(root.id),
      store.ready(),
      post(store, at),
      store.comments.counts([`s/${one.id}`]),
    ];
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map((one) => (one.status === 'rejected' ? refusal(one.reason) : 'answered'))).toEqual(
      Array(4).fill('store-unavailable'),
    );
    expect(Date.now() - began).toBeLessThan(REFUSED_WITHIN);

    await Promise.all(victims.map((index) => server.restart(index)));
    await eventually(() => store.ready());
    // What was read may have been in the memory of one that died.
    expect(told).toContainEqual({ kind: 'everything' });
    expect(await store.comments.findMany([root.id, ...kept])).toHaveLength(1 + kept.length);
    expect((await store.comments.find(root.id))?.status).toBe('spam');
    const all = await store.comments.queue({ sites: [one.id], status: 'all', sort: 'oldest', limit: 1000 });
    await expectTrue(
      store,
      all.map((what) => what.id),
    );
    expect((await post(store, at)).pageKey).toBe(at.key);
  });
});
