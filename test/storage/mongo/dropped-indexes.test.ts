import { freshSite, page, postApproved, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { createMongoInstallation, type Installation, untilAtRest } from './opened.ts';

let installation: Installation;
beforeEach(() => {
  installation = createMongoInstallation();
});
afterEach(() => installation.dispose());

/** The names of all indexes, by collection. */
const indexesThere = (): Promise<string[]> =>
  installation.raw(async (database) => {
    const found = await database.listCollections().toArray();
    const names = await Promise.all(
      found.map(async ({ name }) =>
        (await database.collection(name).indexes()).map((one) => `${name}/${one.name}`),
      ),
    );
    return names.flat().sort();
  });

const dropIndexes = (): Promise<void> =>
  installation.raw(async (database) => {
    for (const { name } of await database.listCollections().toArray())
      await database.collection(name).dropIndexes();
  });

test('indexes that are dropped under the running service are made again, and it tells of them', async () => {
  const heard: unknown[] = [];
  const store = await installation.open({ log: ({ error }) => heard.push(error) });
  const at = page(freshSite(), 'https://a.example/1');
  await store.sites.create(site(at.site));
  const kept = await postApproved(store, at);
  await untilAtRest(installation);
  const before = await indexesThere();
  await dropIndexes();
  const read = () => store.comments.queue({ sites: [at.site], status: 'approved', sort: 'oldest', limit: 5 });
  const found = await until('the queue to be read', () =>
    read().catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'store-unavailable' });
    }),
  );
  expect(found).toMatchObject([{ id: kept.id }]);
  await until('all indexes', async () => (await indexesThere()).join() === before.join());
  expect(heard).toContainEqual(
    expect.objectContaining({
      cause: expect.objectContaining({ message: 'MongoServerError 2: an index is missing' }),
    }),
  );
});

test('what is dropped once others are being made again is made, too, though no read tells of it', async () => {
  const store = await installation.open();
  const at = page(freshSite(), 'https://a.example/1');
  await store.sites.create(site(at.site));
  await postApproved(store, at);
  await untilAtRest(installation);
  const before = await indexesThere();
  const drop = (name: string) =>
    installation.raw(async (database) => void (await database.collection(name).dropIndexes()));
  await drop('comments');
  await until('the queue to be read', () =>
    store.comments
      .queue({ sites: [at.site], status: 'approved', sort: 'oldest', limit: 5 })
      .catch(() => undefined),
  );
  await drop('moderators');
  expect(await indexesThere()).not.toEqual(before);
  await until('all indexes', async () => (await indexesThere()).join() === before.join());
});
