import { homeOfId } from '../../../src/ids.ts';
import { untilNoneLeft } from '../../support/until.ts';
import { createMongoInstallation } from './opened.ts';

const COMMENTS = 3500;

test('a store that closes leaves the removal of a large site, which another was cut off in, to the next one', async () => {
  const installation = createMongoInstallation();
  await (await installation.open()).close();
  const left = (): Promise<number> =>
    installation.raw((db) => db.collection('comments').countDocuments({ site: 'large' }));
  const mark = () =>
    installation.raw((db) => db.collection<{ _id: string }>('sites').findOne({ _id: 'large' }));
  await installation.raw(async (db) => {
    const ids = Array.from({ length: COMMENTS }, (_, i) => `01m8j6ev2kfd${String(i).padStart(20, '0')}`);
    const docs = ids.map((_id) => ({ _id, site: 'large', home: homeOfId(_id), tail: [] }) as object);
    await db.collection('comments').insertMany(docs);
    const site = { _id: 'large', removing: true, removingAt: new Date(0) };
    await db.collection<{ _id: string }>('sites').insertOne(site);
  });

  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const store = await installation.open({
    onCommand: ({ command }) => {
      if (command.delete === 'comments') begun();
    },
  });
  await beginning;
  await store.close();
  expect(await left()).toBeGreaterThan(0);
  expect(await mark()).not.toHaveProperty('removingAt');

  await installation.open();
  await untilNoneLeft('comments of the removed site', left);
  await untilNoneLeft('marks of the removed site', async () => ((await mark()) ? 1 : 0));
  await installation.dispose();
});
