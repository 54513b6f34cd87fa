import { DataUnfit } from '../../../src/startup-error.ts';
import { refuseOldServer } from '../../../src/storage/mongo/meta.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import { createMongoInstallation } from './opened.ts';

test.each([
  ['a name with a dollar', (name: string) => `${name}$`, /server can't use it: Invalid .*\$/],
  ['a name that is too long', (name: string) => name.padEnd(64, 'x'), /server can't use it: Invalid/],
  ['an escape that is none', () => 'a%zz', /driver can't use it: URI malformed/],
  ['a name that differs from another in case alone', (name: string) => name.toUpperCase(), /different case/],
  ['a database that no other member has', () => 'local', /database local is the server's own/],
  ['a module that is not there', (name: string) => `${name}?compressors=snappy`, /`snappy` not found/],
])('a connection string with %s is one to change', async (_, rename, why) => {
  const installation = createMongoInstallation();
  await (await installation.open()).close();
  const { pathname, search } = new URL(installation.uri.replace(/,[^/]*/, ''));
  const name = pathname.slice(1);
  const renamed = rename(name);
  const options = renamed.includes('?') ? search.replace('?', '&') : search;
  const uri = installation.uri.replace(`/${name}${search}`, `/${renamed}${options}`);
  const opening = openMongo({ uri });
  await expect(opening).rejects.toBeInstanceOf(DataUnfit);
  await expect(opening).rejects.toThrow(why);
  await installation.dispose();
});

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

test('a database that no service was ever started on is refused where it must exist, and nothing is made there', async () => {
  const installation = createMongoInstallation();
  const named = await installation.raw(async (db) => {
    await db.dropDatabase();
    return db.databaseName;
  });
  const opening = installation.open({ mustExist: true });
  await expect(opening).rejects.toBeInstanceOf(DataUnfit);
  await expect(opening).rejects.toThrow(`the database ${named} holds no data of Gatehouse`);
  expect(await installation.raw((db) => db.listCollections().toArray())).toEqual([]);
  await (await installation.open()).close();
  await (await installation.open({ mustExist: true })).close();
  await installation.dispose();
});

test('an index of another’s that stands in the way of one of ours is named, with what to do', async () => {
  const installation = createMongoInstallation();
  await (await installation.open()).close();
  await installation.raw(async (db) => {
    await db.collection('comments').dropIndex('queue-of-site');
    await db.collection('comments').createIndex({ site: 1, queue: 1, _id: 1 }, { name: 'by-hand' });
  });
  const opening = installation.open();
  await expect(opening).rejects.toBeInstanceOf(DataUnfit);
  await expect(opening).rejects.toThrow(
    /index of the collection comments stands in the way.*drop it.*by-hand/,
  );
  await installation.dispose();
});

test('a database without a server that answers is one to try again, also where its servers’ names are unknown', async () => {
  for (const uri of ['mongodb://127.0.0.1:1/none', 'mongodb+srv://nowhere.invalid/none'])
    await expect(openMongo({ uri })).rejects.toMatchObject({ code: 'store-unavailable' });
});

test('a server that is too old for our commands is refused, with what is needed', () => {
  for (const version of ['4.4.29', '5.0.31']) {
    expect(() => refuseOldServer(version)).toThrow(DataUnfit);
    expect(() => refuseOldServer(version)).toThrow(`is version ${version}, and this Gatehouse needs 5.1`);
  }
  for (const version of ['5.1.0', '6.0.5', '8.0.4', '10.0.0-rc1']) refuseOldServer(version);
});
