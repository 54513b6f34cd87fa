import type { mongo } from 'mongoose';
import type { AuthorQuery, AuthorSort } from '../../../src/authors/author-store.ts';
import type { PageSort } from '../../../src/sites/page-rules.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { authorKey, comment, freshId, page, site, stored, submission } from '../../support/builders.ts';
import { createReadRecorder, explain } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;

describe(`the directories at ${ROWS} authors and pages`, () => {
  const { onCommand, readsOf } = createReadRecorder();
  let installation: Installation;
  let store: Storage;

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({ onCommand });
    for (const id of ['one', 'two']) await store.sites.create(site(id));
    const named = (i: number): string => (i % 3 ? 'one' : 'two');
    const author = (i: number) => ({
      _id: authorKey(named(i), `a${i}`),
      ...{ site: named(i), rev: 'x', name: 'A', url: null, email: null, names: ['A'] },
      words: [i % 2 ? 'ali' : 'mina'],
      ...{ firstAt: 1, lastAt: 2, lastId: freshId(i * 7919) },
      ...{ comments: 1 + (i % 9), approved: 1, rejected: i % 4, spam: 0, approvedUnderName: 1 },
    });
    const facts = (i: number) => {
      const at = page(named(i), `https://a.example/${i}`);
      const _id = `${at.site}/${at.key}`;
      return {
        _id,
        site: at.site,
        key: at.key,
        rev: 'x',
        lastId: freshId(i * 7919),
        comments: i % 9,
        words: ['news'],
      };
    };
    const rows = Array.from({ length: ROWS }, (_, i) => i);
    type Docs = { _id: string }[];
    await installation.raw(async (database) => {
      await database.collection<{ _id: string }>('authors').insertMany(rows.map(author) as Docs);
      await database.collection<{ _id: string }>('page-facts').insertMany(rows.map(facts) as Docs);
    });
  });
  afterAll(() => installation.dispose());

  /** What its commands on a collection cost. */
  async function costOf(act: () => Promise<unknown>, collection: string, having = '') {
    const commands = (await readsOf(act)).filter((command) => {
      const text = JSON.stringify(command);
      const on = command[Object.keys(command)[0] ?? ''];
      return on === collection && text.includes(having) && !text.includes('$lookup');
    });
    expect(commands.length).toBeGreaterThan(0);
    const cost = { commands: commands.length, keys: 0, returned: 0, sorted: false };
    await installation.raw(async (database: mongo.Db) => {
      for (const command of commands) {
        const explained = await explain(database, command);
        // A union can't be given a hint: what the server weighed and left is no part of the plan.
        const text = JSON.stringify(explained, (name, value) => (name === 'rejectedPlans' ? [] : value));
        for (const [, keys] of text.matchAll(/"totalKeysExamined":"?(\d+)/g)) cost.keys += Number(keys);
        for (const [, returned] of text.matchAll(/"nReturned":"?(\d+)/g))
          cost.returned = Math.max(cost.returned, Number(returned));
        cost.sorted ||= text.includes('"stage":"SORT"');
      }
    });
    return cost;
  }

  it.each(
    (['recent', 'comments', 'rejected'] as AuthorSort[]).flatMap((sort) =>
      [['one'], ['one', 'two']].map((sites) => [sort, sites] as const),
    ),
  )('authors by %s of %s read no more keys than they must', async (sort, sites) => {
    for (const from of [undefined, { key: 'n', value: sort === 'recent' ? freshId(ROWS * 4000) : 2 }]) {
      const query: AuthorQuery = { sites: [...sites], sort, limit: LIMIT, from };
      const cost = await costOf(() => store.authors.list(query), 'authors');
      expect(cost.returned).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + 2 * sites.length);
      expect(cost.sorted).toBe(false);
    }
  });

  it.each(['recent', 'comments'] as PageSort[])(
    'pages by %s read no more keys than they must',
    async (sort) => {
      for (const from of [undefined, { key: 'n', value: sort === 'recent' ? freshId(ROWS * 4000) : 2 }]) {
        const cost = await costOf(
          () => store.sites.listPages({ site: 'one', sort, limit: LIMIT, from }),
          'page-facts',
        );
        expect(cost.returned).toBe(LIMIT);
        expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + 1);
        expect(cost.sorted).toBe(false);
      }
    },
  );

  it('a count goes no further than its cap, and named authors are read by their keys', async () => {
    const counted = await costOf(() => store.authors.count({ sites: ['one'] }, 100), 'authors');
    expect(counted.keys).toBeLessThanOrEqual(101);
    const only = [authorKey('one', 'a1'), authorKey('one', 'a2')];
    const named = await costOf(
      () => store.authors.list({ sites: ['one'], only, sort: 'recent', limit: 10 }),
      'authors',
    );
    expect(named.keys).toBeLessThanOrEqual(5);
  });

  it('the names of fifty authors are one query, along the index of authors', async () => {
    const at = page('names', 'https://a.example/1');
    await store.sites.create(site('names'));
    const say = (i: number): Promise<unknown> =>
      store.comments
        .submit(submission(at, comment(at, { status: 'approved', author: `reader ${i % 50}` })))
        .then(stored);
    await say(0);
    await Promise.all(Array.from({ length: 599 }, (_, i) => say(i + 1)));
    const keys = Array.from({ length: 50 }, (_, i) => authorKey('names', `reader ${i}`));
    let found = new Map<string, (string | null)[]>();
    const read = (limit: number) => async () => {
      found = await store.authors.approvedNames({ site: 'names', keys, limit });
    };
    const cost = await costOf(read(10), 'comments', '$unionWith');
    expect([...found.values()].flat()).toHaveLength(500);
    expect(cost.commands).toBe(1);
    expect(cost.sorted).toBe(false);
    expect(cost.keys).toBeLessThanOrEqual(2 * (500 + keys.length));
    // The newest name of each is a step from author to author, however many comments they have.
    const newest = await costOf(read(1), 'comments', '$group');
    expect([...found]).toEqual(keys.map((key, i) => [key, [`reader ${i}`]]));
    expect(newest.commands).toBe(1);
    expect(newest.sorted).toBe(false);
    expect(newest.keys).toBeLessThanOrEqual(3 * keys.length);
  });
});
