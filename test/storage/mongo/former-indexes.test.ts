import os from 'node:os';
import mongoose from 'mongoose';
import { makeIndexes } from '../../../src/storage/mongo/database.ts';
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

test('what searches went by in an earlier build stays while its instances are replaced, and goes after that', async () => {
  await installation.raw((database) =>
    database
      .collection('comments')
      .createIndex(
        { words: 1, site: 1, _id: 1 },
        { name: 'words', partialFilterExpression: { words: { $exists: true } } },
      ),
  );
  for (let start = 0; start < 2; start++) {
    await Promise.all([installation.open(), installation.open()]);
    expect(await namesOf('comments')).toEqual(expect.arrayContaining(['words', 'queue-of-word']));
  }
  await installation.raw((database) =>
    database
      .collection<{ _id: string; since: number }>('meta')
      .updateOne({ _id: 'queue-of-word' }, { $inc: { since: -60 * 60 * 1000 } }),
  );
  await Promise.all([installation.open(), installation.open()]);
  expect(await namesOf('comments')).not.toContain('words');
  expect(await namesOf('comments')).toContain('queue-of-word');
});

test('an index that takes longer than an answer is waited for is made all the same', async () => {
  const words = Array.from({ length: 400 }, (_, i) => `word${i}`);
  await installation.raw((database) =>
    database.collection<{ _id: string; words: string[] }>('many').insertMany(
      Array.from({ length: 1000 }, (_, i) => ({
        _id: `${i}`,
        words: words.map((word) => `${word}-${i % 100}`),
      })),
    ),
  );
  const connection = await mongoose
    .createConnection(installation.uri, { socketTimeoutMS: 150, runtimeAdapters: { os } })
    .asPromise();
  try {
    await makeIndexes(connection, 'many', [{ key: { words: 1, _id: 1 }, name: 'slow' }]);
  } finally {
    await connection.close();
  }
  expect(await namesOf('many')).toEqual(['_id_', 'slow']);
  const found = await installation.raw((database) =>
    database.collection('many').countDocuments({ words: 'word7-99' }, { hint: 'slow' }),
  );
  expect(found).toBe(10);
});
