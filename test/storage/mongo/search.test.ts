import { mongo } from 'mongoose';
import type { Comment } from '../../../src/comments/comment.ts';
import type { QueueFilter, QueueQuery } from '../../../src/comments/comment-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  comment,
  decide,
  edit,
  freshSite,
  page,
  post,
  removal,
  site,
  stored,
  submission,
} from '../../support/builders.ts';
import { createReadRecorder, explain, sumOf } from './costs.ts';
import { createMongoInstallation, type Installation, untilAtRest, untilFilled } from './opened.ts';

const { onCommand, readsOf } = createReadRecorder();
let installation: Installation;
let store: Storage;

beforeAll(async () => {
  installation = createMongoInstallation();
  store = await installation.open({ onCommand });
});
afterAll(() => installation.dispose());

async function ids(
  sites: string[],
  q: string,
  rest: Partial<QueueQuery> = {},
  at = store,
): Promise<string[]> {
  const query: QueueQuery = { sites, status: 'all', sort: 'newest', limit: 2000, q, ...rest };
  return (await at.comments.queue(query)).map(({ id }) => id);
}

/** The collections in which the word stands, byte by byte. */
const collectionsWith = (word: string): Promise<string[]> =>
  installation.raw(async (database) => {
    const found: string[] = [];
    for (const collection of await database.collections()) {
      const documents = await collection.find().toArray();
      if (documents.some((one) => Buffer.from(mongo.BSON.serialize(one)).includes(word)))
        found.push(collection.collectionName);
    }
    return found.sort();
  });

it('holds no word that was erased or edited away, at once', async () => {
  const where = page(freshSite(), 'https://a.example/1');
  const erased = await post(store, where, { text: 'Xylofonqvist ژرفاستان', author: 'Wqtrzk' });
  const edited = await post(store, where, { text: 'Brzeczyszczy stays' });
  await untilFilled(installation);
  for (const word of ['xylofonqvist', 'ژرفاستان', 'wqtrzk', 'brzeczyszczy'])
    expect([word, await collectionsWith(word)]).toEqual([
      word,
      expect.arrayContaining(['comments', 'terms']),
    ]);
  await apply(store, erased, removal(erased));
  await apply(store, edited, edit(edited, 'Something else stays'));
  for (const word of ['xylofonqvist', 'ژرفاستان', 'wqtrzk', 'brzeczyszczy'])
    expect([word, await collectionsWith(word)]).toEqual([word, []]);
  expect(await ids([where.site], 'stays else')).toEqual([edited.id]);
});

it('is told by the self-check of listed words that nobody has, whatever they look like, and rid of them', async () => {
  const words = ['$lost', '$$ROOT', '{lost}'];
  await installation.raw((database) =>
    database.collection('terms').insertMany(words.map((word) => ({ _id: word as never }))),
  );
  const look = async (repair: boolean): Promise<string[]> => {
    const told: string[] = [];
    for await (const { what, where } of store.verify({ repair })) told.push(`${what} ${where}`);
    return told.sort();
  };
  expect(await look(true)).toEqual(words.map((word) => `words ${word}`).sort());
  expect(await look(false)).toEqual([]);
});

it('gives up the words of a site that is removed, but for those of others', async () => {
  const [gone, kept] = [freshSite(), freshSite()];
  for (const id of [gone, kept]) await store.sites.create(site(id));
  await post(store, page(gone, 'https://a.example/1'), { text: 'Zzyzxroad and common' });
  const other = await post(store, page(kept, 'https://a.example/1'), { text: 'common' });
  await untilFilled(installation);
  await store.sites.remove(gone);
  expect(await collectionsWith('zzyzxroad')).toEqual([]);
  expect(await ids([kept], 'common')).toEqual([other.id]);
});

it('fills in what another instance posted, and finds it at once through either', async () => {
  const another = await installation.open();
  const where = page(freshSite(), 'https://a.example/1');
  for (const [writer, reader] of [
    [store, another],
    [another, store],
  ] as const) {
    const one = await post(writer, where, { text: 'told elsewhere' });
    expect(await ids([where.site], 'elsewhere told', {}, reader)).toContain(one.id);
  }
  await untilFilled(installation);
  expect(await ids([where.site], 'elsewhere', {}, another)).toHaveLength(2);
});

it('fills in comments of an earlier program, and finds them meanwhile, by words, phases and reasons', async () => {
  const older = createMongoInstallation();
  const first = await older.open();
  const where = page(freshSite(), 'https://a.example/1', { title: 'Old news' });
  const screening: Comment['screening'] = [
    { phase: 'links', outcome: 'spam', code: null, detail: null, score: null, ms: 0 },
  ];
  const all = await Promise.all(
    Array.from({ length: 30 }, (_, i) => post(first, where, { text: `old words ${i % 3}`, screening })),
  );
  await decide(first, all[0] as Comment, 'reject', { reason: 'abuse' });
  await first.close();
  await older.raw(async (database) => {
    const nothing = { $unset: { words: '', wordsDue: '', marks: '' } } as object;
    await database.collection('comments').updateMany({}, nothing);
    await database.collection('meta').deleteOne({ _id: 'search' as never });
    await database.collection('terms').deleteMany({});
  });
  const next = await older.open();
  const check = async (): Promise<void> => {
    const filter: QueueFilter = { sites: [where.site], status: 'all' };
    expect(await ids([where.site], 'words 1 news', {}, next)).toHaveLength(10);
    expect(await next.comments.countQueue({ ...filter, q: 'old' }, 100)).toBe(30);
    for (const rest of [{ phase: 'links' }, { phase: 'links', q: 'old' }] as const) {
      expect(await next.comments.queue({ ...filter, sort: 'newest', limit: 50, ...rest })).toHaveLength(30);
      expect(await next.comments.countQueue({ ...filter, ...rest }, 100)).toBe(30);
    }
    expect(await next.comments.countQueue({ ...filter, reason: 'abuse' }, 10)).toBe(1);
  };
  await check();
  await untilFilled(older);
  await check();
  await next.close();
  await older.dispose();
});

describe('at 10,000 comments', () => {
  const ROWS = 10_000;
  const LIMIT = 50;
  const where = page('searched', 'https://a.example/1', { title: 'The title' });

  beforeAll(async () => {
    for (let i = 0; i < ROWS; i += 1000) {
      await Promise.all(
        Array.from({ length: 1000 }, async (_, k) => {
          const n = i + k;
          const text = `common ${n % 2 ? 'odd' : 'even'} number${n % 500} rare${n % 3000}`;
          const screening: Comment['screening'] = [
            {
              phase: 'links',
              outcome: n % 10 ? 'pass' : 'hold',
              code: null,
              detail: null,
              score: null,
              ms: 0,
            },
          ];
          const status = n % 3 ? 'approved' : 'pending';
          const what = comment(where, { text, status, screening, author: `reader ${n % 40}` });
          stored(await store.comments.submit(submission(where, what)));
        }),
      );
    }
    await untilFilled(installation);
  }, 600_000);

  /** What the commands on comments cost, and how they went. */
  async function costOf(act: () => Promise<unknown>): Promise<{ keys: number; docs: number; plans: string }> {
    const reads = await readsOf(act);
    const commands = reads.filter((one) => one.find === 'comments' || one.aggregate === 'comments');
    const explained = await installation.raw((database) =>
      Promise.all(commands.map((one) => explain(database, one))),
    );
    const costs = explained.map(sumOf);
    return {
      keys: costs.reduce((total, { keys }) => total + keys, 0),
      docs: costs.reduce((total, { docs }) => total + docs, 0),
      plans: winning(explained),
    };
  }

  /** The plans that were taken, as text. */
  const winning = (explained: unknown): string =>
    JSON.stringify(explained, (name, value) => (name === 'rejectedPlans' ? value.length : value));

  const query = (rest: Partial<QueueQuery>): QueueQuery => ({
    ...{ sites: ['searched'], status: 'all', sort: 'newest', limit: LIMIT },
    ...rest,
  });
  const COUNTED = 1001;

  it.each([
    ['a common word', { q: 'common' }, 1],
    ['a common word, oldest first', { q: 'common', sort: 'oldest' as const }, 1],
    ['a common word in a status', { q: 'common', status: 'pending' as const }, 3],
    ['two common words', { q: 'common odd' }, 2],
  ])('%s is walked in the order of time, no further than it must', async (_, rest, factor) => {
    const cost = await costOf(() => store.comments.queue(query(rest)));
    const words = rest.q.split(' ').length;
    expect(cost.docs).toBeLessThanOrEqual(factor * LIMIT * 2);
    // Beside the list: the capped counts that tell the rarest word.
    expect(cost.keys).toBeLessThanOrEqual(factor * LIMIT * 2 + words * (COUNTED + 1) + 310);
    expect(cost.plans).not.toContain('"stage":"SORT"');
    // There was nothing to choose.
    expect(cost.plans).not.toMatch(/"rejectedPlans":[1-9]/);
  });

  it('a rare word leads beside a common one', async () => {
    const cost = await costOf(() => store.comments.queue(query({ q: 'common rare77' })));
    // rare77, rare770 to rare779: eleven words of four comments each.
    expect(await ids(['searched'], 'common rare77')).toHaveLength(44);
    expect(cost.docs).toBeLessThanOrEqual(100);
  });

  it('so does a beginning that many words and few comments have, sorted by the index alone', async () => {
    // rare10, rare100 to rare109, rare1000 to rare1099.
    const having = 4 + 10 * 4 + 10 * 3 + 90 * 3 + 10 * 3;
    const found = await ids(['searched'], 'rare10');
    expect(found.length).toBeGreaterThan(300);
    expect(found.length).toBeLessThanOrEqual(having);
    expect(found).toEqual([...found].sort().reverse());
    expect(await ids(['searched'], 'common rare10', { limit: 120 })).toEqual(found.slice(0, 120));
    const beside = await costOf(() => store.comments.queue(query({ q: 'common rare10' })));
    expect(beside.docs).toBeLessThanOrEqual(found.length);
    const alone = await costOf(() => store.comments.queue(query({ q: 'rare10' })));
    expect(alone.docs).toBeLessThanOrEqual(LIMIT);
    // Counted, and read.
    expect(alone.keys).toBeLessThanOrEqual(2 * (found.length + 111 + 10));
  });

  it('a list of one author leads where it is shorter than that of the word', async () => {
    const [one] = await store.comments.queue(query({ limit: 1 }));
    const authorKey = one?.author.key ?? '';
    const rest = query({ q: 'common', authorKey, status: 'approved' });
    const found = await store.comments.countQueue(rest, 10_000);
    expect(found).toBeGreaterThan(100);
    const cost = await costOf(() => store.comments.queue({ ...rest, sort: 'oldest' }));
    expect(cost.docs).toBeLessThanOrEqual(found);
  });

  it.each([
    ['of one word', { q: 'common' }],
    ['of one word in a status', { q: 'common', status: 'pending' as const }],
    ['of one word in a span of time', { q: 'common', until: Date.now() + 60_000 }],
  ])('the comments %s are counted from keys alone, up to the cap', async (_, rest) => {
    const cap = 700;
    const count = await costOf(async () =>
      expect(await store.comments.countQueue(query(rest), cap)).toBe(cap),
    );
    expect(count.docs).toBe(0);
    expect(count.keys).toBeLessThanOrEqual(cap + 10);
  });

  it('so are those of a word with a half-space, where its joined writing alone is as common', async () => {
    const there = page(freshSite(), 'https://a.example/1');
    await Promise.all(Array.from({ length: 60 }, () => post(store, there, { text: 'گفته می‌شود' })));
    await untilAtRest(installation);
    const asked = { sites: [there.site], status: 'pending' as const, q: 'می‌شود' };
    const some = await costOf(async () => expect(await store.comments.countQueue(asked, 50)).toBe(50));
    expect(some.docs).toBe(0);
    expect(await store.comments.countQueue(asked, 100)).toBe(60);
  });

  it('so are those of a beginning that many words have', async () => {
    const cap = 700;
    const count = await costOf(async () =>
      expect(await store.comments.countQueue(query({ q: 'number' }), cap)).toBe(cap),
    );
    expect(count.docs).toBe(0);
  });

  it('a mark is a list of its own, its total counted from keys alone', async () => {
    const cost = await costOf(() => store.comments.queue(query({ phase: 'links' })));
    expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + 5);
    const counted = await costOf(() =>
      store.comments.countQueue(query({ phase: 'links', status: 'pending' }), 1000),
    );
    expect(counted.keys).toBeLessThanOrEqual(1001);
  });
});
