import { createCountReader } from '../../../src/storage/mongo/counters.ts';
import { createDirectory } from '../../../src/storage/mongo/directory.ts';
import { createJournalReader } from '../../../src/storage/mongo/journal.ts';
import { createPageTitles } from '../../../src/storage/mongo/page-titles.ts';
import { freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** How the list of what the directories have to look at again is worked off. */

const own = ownDatabase();

const directoryOf = () =>
  createDirectory(own.database, createCountReader(own.database, createJournalReader(own.database)));

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

  const directory = directoryOf();
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

it('who asks for one site waits for what is of that one, and the rest stays on the list', async () => {
  const { authors, comments, directoryTodo, pageFacts } = own.database;
  const [one, other] = [
    page(freshSite(), 'https://news.example/one'),
    page(freshSite(), 'https://news.example/other'),
  ];
  const store = await own.open();
  for (const at of [one, other]) await store.sites.create(site(at.site));
  const posted = [
    ...(await Promise.all([1, 2, 3].map((i) => post(store, one, { author: `one${i}` })))),
    ...(await Promise.all([1, 2, 3, 4].map((i) => post(store, other, { author: `other${i}` })))),
  ];
  await until('the directory to be filled', async () => {
    const unfolded = await comments.countDocuments({ work: true });
    return unfolded === 0 && (await directoryTodo.countDocuments()) === 0;
  });
  await store.close();
  const there = async (): Promise<[string, number][]> =>
    Promise.all(
      [one, other].map(async (at): Promise<[string, number]> => {
        const listed = await pageFacts.countDocuments({ site: at.site });
        return [`${listed} pages`, await authors.countDocuments({ site: at.site })];
      }),
    );
  await authors.deleteMany({});
  await pageFacts.deleteMany({});
  // Of both in one, as of a batch of the fold.
  await directoryTodo.insertOne({ _id: 'fold 1', comments: posted.map(({ id }) => id), pages: [] });

  const directory = directoryOf();
  await directory.catchUp([one.site]);
  expect(await there()).toEqual([
    ['1 pages', 3],
    ['0 pages', 0],
  ]);
  expect(await directoryTodo.countDocuments()).toBe(1);

  // What is in is not worked out again: it would be back.
  await authors.deleteMany({ site: one.site });
  await directory.catchUp([one.site]);
  expect((await there())[0]).toEqual(['1 pages', 0]);

  await directory.catchUp([one.site, other.site]);
  expect(await there()).toEqual([
    ['1 pages', 3],
    ['1 pages', 4],
  ]);
  expect(await directoryTodo.countDocuments()).toBe(0);
});

it('what a sweep puts on the list is looked at, whatever an earlier sweep had put there', async () => {
  const { directoryTodo, pageFacts, pages } = own.database;
  const [one, other] = [
    page(freshSite(), 'https://news.example/swept'),
    page(freshSite(), 'https://news.example/swept'),
  ];
  const store = await own.open();
  for (const at of [one, other]) {
    await store.sites.create(site(at.site));
    await post(store, at);
  }
  await store.close();
  await directoryTodo.deleteMany({});
  const titles = createPageTitles(own.database);
  const directory = directoryOf();
  for (let sweeps = 0; sweeps < 2; sweeps++) {
    await pageFacts.deleteMany({});
    await pages.updateMany({}, { $set: { unlisted: true } });
    await titles.sweep();
    await directory.catchUp([one.site]);
    expect(await pageFacts.countDocuments({ site: one.site })).toBe(1);
    expect(await directoryTodo.countDocuments()).toBe(1);
    // As another instance does that has brought in all of it.
    await directoryTodo.deleteMany({});
  }
});

it('an author is found whose comment is folded and not in the directory yet', async () => {
  let reached = (): void => undefined;
  let goOn = (): void => undefined;
  const folded = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const store = await own.open({
    failpoint: async (name) => {
      if (name !== 'fold: tails cut') return;
      reached();
      await held;
    },
  });
  try {
    const at = page(freshSite(), 'https://news.example/new');
    await store.sites.create(site(at.site));
    const { author } = await post(store, at, { author: 'newcomer' });
    await folded;
    expect(await own.database.comments.countDocuments({ site: at.site, work: true })).toBe(0);
    expect(await own.database.authors.countDocuments({ site: at.site })).toBe(0);
    expect(await store.authors.find(author.key ?? '')).toMatchObject({ site: at.site, comments: 1 });
  } finally {
    goOn();
    await store.close();
  }
});
