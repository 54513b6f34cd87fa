import { createMongoInstallation, type Installation } from './opened.ts';

let installation: Installation;
beforeEach(() => {
  installation = createMongoInstallation();
});
afterEach(() => installation.dispose());

const namesOf = (collection: string): Promise<string[]> =>
  installation.raw(async (database) =>
    (await database.collection(collection).indexes()).map(({ name }) => name ?? ''),
  );

test('events no longer expire by the index that an earlier build made, though two instances start at once', async () => {
  await installation.raw(async (database) => {
    const events = database.collection('events');
    await events.createIndex({ at: 1 }, { name: 'expiry', expireAfterSeconds: 2 * 24 * 3600 });
    await events.insertOne({ _id: 7 as never, at: new Date(), body: {} });
  });
  await Promise.all([installation.open(), installation.open()]);
  expect(await namesOf('events')).toEqual(['_id_']);
  const kept = await installation.raw((database) => database.collection('events').countDocuments());
  expect(kept).toBe(1);
  // What expires on purpose still does.
  expect(await namesOf('idempotency')).toContain('expiry');
});

test('a database that never had it opens as well, and again', async () => {
  await installation.open();
  await installation.open();
  expect(await namesOf('events')).toEqual(['_id_']);
});
