import { newMark } from '../../../src/storage/mongo/carry.ts';
import { createLease } from '../../../src/storage/mongo/lease.ts';
import { createFiller } from '../../../src/storage/mongo/search/filler.ts';
import { createLessonKeys } from '../../../src/storage/mongo/search/lesson-keys.ts';
import { createReadiness } from '../../../src/storage/mongo/search/readiness.ts';
import { createTerms, type Terms } from '../../../src/storage/mongo/search/terms.ts';
import { decide, edit, freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** What is filled in while somebody changes it, step by step. */

const own = ownDatabase();

const isListed = async (word: string): Promise<boolean> =>
  (await own.database.terms.countDocuments({ _id: word })) === 1;

it('words of a comment that is erased right after it was filled in do not come back to the list', async () => {
  const { comments } = own.database;
  const store = await own.open();
  const at = page(freshSite(), 'https://news.example/filler');
  await store.sites.create(site(at.site));
  const { id } = await post(store, at, { text: 'quixotic' });
  await until('its words', () => isListed('quixotic'));
  await store.close();

  // Filled in once more, by a filler whose second look at the list comes after an erasure.
  await comments.updateOne({ _id: id }, { $set: { wordsDue: newMark() } });
  const terms = createTerms(own.database);
  let looks = 0;
  const watched: Terms = {
    ...terms,
    async ensure(words) {
      looks += 1;
      if (looks === 2) {
        await terms.release([...words], [id]);
        await comments.deleteOne({ _id: id });
        expect(await isListed('quixotic')).toBe(false);
      }
      return terms.ensure(words);
    },
  };
  const failures: unknown[] = [];
  const filler = createFiller({
    database: own.database,
    terms: watched,
    lease: createLease(own.database, 'search', 'a test'),
    readiness: createReadiness(own.database),
    lessonKeys: createLessonKeys(own.database),
    report: (error) => failures.push(error),
  });
  filler.start();
  await until('the second look', () => looks >= 2);
  await filler.stop();
  expect(failures).toEqual([]);
  expect(await isListed('quixotic')).toBe(false);
});

it('words that a filler had only just listed when it was killed go with the site', async () => {
  const { comments, leases, terms } = own.database;
  // Of the killed one: nobody fills in while it lasts.
  const held = new Date(Date.now() + 3_600_000);
  await leases.updateOne({ _id: 'search' }, { $set: { holder: 'killed', until: held } }, { upsert: true });
  const store = await own.open();
  const titled = page(freshSite(), 'https://news.example/killed', { title: 'Zephyrean' });
  await store.sites.create(site(titled.site));
  const { id } = await post(store, titled, { text: 'unfathomed' });
  await terms.insertMany(['unfathomed', 'zephyrean'].map((_id) => ({ _id })));
  expect((await comments.findOne({ _id: id }))?.words).toBeUndefined();
  await store.sites.remove(titled.site);
  expect([await isListed('unfathomed'), await isListed('zephyrean')]).toEqual([false, false]);
  await store.close();
  await leases.deleteOne({ _id: 'search' });
});

it('words of a site’s comments go from the list before the comments, from which another may go on', async () => {
  const store = await own.open();
  const [at, other] = [1, 2].map((n) => page(freshSite(), `https://news.example/going-${n}`));
  if (!at || !other) throw new Error('two are made');
  for (const one of [at, other]) {
    await store.sites.create(site(one.site));
    await post(store, one, { text: 'shared' });
  }
  await post(store, at, { text: 'perishing' });
  await until('their words', async () => {
    const filled = await own.database.comments.countDocuments({ words: { $in: ['shared', 'perishing'] } });
    return filled === 3 && isListed('perishing');
  });
  await createTerms(own.database).releaseOf(at.site, ['perishing', 'shared']);
  expect([await isListed('perishing'), await isListed('shared')]).toEqual([false, true]);
  await store.close();
});

it('while comments come it leaves the server to them for twice as long as it had it', async () => {
  const { comments } = own.database;
  const store = await own.open();
  const at = page(freshSite(), 'https://news.example/flood');
  await store.sites.create(site(at.site));
  await Promise.all(Array.from({ length: 450 }, (_, i) => post(store, at, { text: `a flood of ${i}` })));
  await store.close();
  await comments.updateMany({ site: at.site }, { $set: { wordsDue: newMark() } });

  const terms = createTerms(own.database);
  const looks: number[] = [];
  const watched: Terms = {
    ...terms,
    ensure(words) {
      looks.push(performance.now());
      return terms.ensure(words);
    },
  };
  const filler = createFiller({
    database: own.database,
    terms: watched,
    lease: createLease(own.database, 'search', 'another test'),
    readiness: createReadiness(own.database),
    lessonKeys: createLessonKeys(own.database),
    report: () => undefined,
  });
  const coming = setInterval(filler.nudge, 1);
  filler.start();
  await until('three batches', () => looks.length >= 5);
  clearInterval(coming);
  await filler.stop();
  // Two looks a batch, the first near its beginning and the second before its end.
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = looks;
  expect(third - second).toBeGreaterThanOrEqual(Math.min(2 * (second - first), 1000) - 1);
  expect(fifth - fourth).toBeGreaterThanOrEqual(Math.min(2 * (fourth - third), 1000) - 1);
});

it.each(['another instance was faster', 'it was killed'])(
  'words that a change took from the list are back where %s',
  async (cut) => {
    const other = await own.open({ instance: `other than who was cut: ${cut}` });
    const at = page(freshSite(), 'https://news.example/filler');
    await other.sites.create(site(at.site));
    const word = cut.includes('killed') ? 'panglossian' : 'candidean';
    const on = await post(other, at, { text: word });
    const { comments } = own.database;
    await until(
      'its words',
      async () => (await comments.countDocuments({ words: word, wordsDue: { $exists: false } })) === 1,
    );
    let listed: boolean | null = null;
    const slower = await own.open({
      instance: `cut: ${cut}`,
      async failpoint(name) {
        if (name !== 'change: words released' || listed !== null) return;
        listed = await isListed(word);
        if (cut.includes('killed')) throw new Error('killed here');
        await decide(other, on, 'spam');
      },
    });
    const change = slower.comments.change(on.id, edit(on, 'otherwise'));
    if (cut.includes('killed')) await expect(change).rejects.toThrow('killed here');
    else expect(await change).toMatchObject({ refused: 'conflict' });
    expect(listed).toBe(false);
    await until('the word', () => isListed(word));
  },
);
