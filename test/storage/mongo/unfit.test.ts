import { DataUnfit } from '../../../src/startup-error.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import { createMongoInstallation } from './opened.ts';

test('a database of a newer release is refused, both versions named, and left as it was', async () => {
  const installation = createMongoInstallation();
  await (await installation.open()).close();
  const schema = { _id: 'schema' } as object;
  await installation.raw((db) => db.collection('meta').updateOne(schema, { $set: { version: 99 } }));
  const opening = installation.open();
  await expect(opening).rejects.toBeInstanceOf(DataUnfit);
  await expect(opening).rejects.toThrow(/schema 99.*schemas up to 1/);
  expect(await installation.raw((db) => db.collection('meta').findOne(schema))).toMatchObject({
    version: 99,
  });
  await installation.dispose();
});

test('a database without a server that answers is one to try again, also where its servers’ names are unknown', async () => {
  for (const uri of ['mongodb://127.0.0.1:1/none', 'mongodb+srv://nowhere.invalid/none'])
    await expect(openMongo({ uri })).rejects.toMatchObject({ code: 'store-unavailable' });
});
