import { createCountReader } from '../../../src/storage/mongo/counters.ts';
import { createDirectory } from '../../../src/storage/mongo/directory.ts';
import { createJournalReader } from '../../../src/storage/mongo/journal.ts';
import { freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** How the list of what the directories have to look at again is worked off. */

const own = ownDatabase();

it('entries are taken together and brought in by parts, everybody once, and stand until all of them are in', async () => {
  const { authors, directoryTodo, pageFacts } = own.database;
  const at = page(freshSite(), 'https://news.example/list');
  const store = await own.open();
  await store.sites.create(site(at.site));
  const writers = Array.from({ length: 250 }, (_, i) => `writer${i}`);
  const comments = await Promise.all([...writers, ...writers].map((author) => post(store, at, { author })));
  await until('the directory to be filled', async () => {
    return (await directoryTodo.countDocuments()) === 0 && (await authors.countDocuments()) === 250;
  });
  await store.close();
  await authors.deleteMany({});
  await pageFacts.deleteMany({});
  const todos = Array.from({ length: 5 }, (_, i) => ({
    _id: `fold ${i}`,
    comments: comments.slice(i * 100, i * 100 + 100).map(({ id }) => id),
    pages: [],
  }));
  await directoryTodo.insertMany(todos);

  const directory = createDirectory(
    own.database,
    createCountReader(own.database, createJournalReader(own.database)),
  );
  const seen: [number, number][] = [];
  while (await directory.step())
    seen.push([await authors.countDocuments(), await directoryTodo.countDocuments()]);
  expect(seen).toEqual([
    [100, 5],
    [200, 5],
    [250, 0],
  ]);
  const counted = await authors.find().toArray();
  expect(counted.every((doc) => doc.comments === 2)).toBe(true);
  expect((await pageFacts.find().toArray()).map((doc) => doc.comments)).toEqual([500]);
});
