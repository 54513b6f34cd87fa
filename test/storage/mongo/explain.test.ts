import { type Comment, STATUSES } from '../../../src/comments/comment.ts';
import type { PageQuery, QueueQuery } from '../../../src/comments/comment-store.ts';
import type { Moderator } from '../../../src/staff/moderator.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  authorKey,
  comment,
  edit,
  page,
  site,
  stored,
  submission,
  token,
} from '../../support/builders.ts';
import { moderator, session } from '../../support/staff-builders.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation, untilAtRest } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;
describe('every list of a large store', () => {
  let installation: Installation;
  let store: Storage;
  const { onCommand, costOf } = createCostMeter(() => installation);
  const sites = ['large', 'other'];
  const at = page('large', 'https://a.example/1');
  const pages = [at, page('large', 'https://a.example/2'), page('other', 'https://a.example/1')];
  let all: Comment[];

  async function fill(): Promise<Comment[]> {
    for (const id of sites) await store.sites.create(site(id));
    const posted: Promise<Comment>[] = [];
    const roots: Comment[] = [];
    for (let i = 0; i < ROWS; i++) {
      const where = pages[i % 3] ?? at;
      const parent = i > 300 && where === at && i % 2 === 0 ? roots[i % roots.length] : undefined;
      const what = comment(where, {
        status: i < 300 || i % 4 < 2 ? 'approved' : STATUSES[i % 5],
        author: `reader ${i % 40}`,
        risk: i % 3 === 0 ? 0 : (i % 11) / 11,
        votesUp: i % 7,
        votesDown: i % 3,
        ...(parent ? { parentId: parent.id, ancestors: [parent.id] } : {}),
      });
      posted.push(store.comments.submit(submission(where, what)).then(stored));
      if (i < 300 && where === at) roots.push(await (posted.at(-1) as Promise<Comment>));
      if (posted.length % 1000 === 0) await Promise.all(posted);
    }
    return Promise.all(posted);
  }

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({ onCommand });
    all = await fill();
    await untilAtRest(installation);
  });
  afterAll(() => installation.dispose());

  const middle = (): Comment => all.filter((one) => one.risk > 0)[2000] as Comment;

  const queues: [string, Partial<QueueQuery>][] = [
    ['of a site', {}],
    ['of two sites', { sites }],
    ['of all statuses', { status: 'all' }],
    ['of a page', { pageKey: at.key }],
    ['of an author', { authorKey: authorKey('large', 'reader 4') }],
    ['since a moment', { since: 1 }],
  ];
  it.each(
    queues.flatMap(([name, query]) =>
      (['oldest', 'newest', 'risk'] as const).map((sort) => [name, sort, query] as const),
    ),
  )('the queue %s by %s reads no more keys than it must', async (_name, sort, rest) => {
    const query: QueueQuery = { sites: ['large'], status: 'approved', sort, limit: LIMIT, ...rest };
    for (const from of [undefined, { id: middle().id, value: middle().risk }]) {
      const cost = await costOf(() => store.comments.queue({ ...query, from }));
      expect(cost.returned).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + query.sites.length);
      expect(cost.sorted).toBe(false);
    }
  });

  it.each(
    (['roots', 'all'] as const).flatMap((depth) =>
      (['oldest', 'newest', 'top'] as const).map((sort) => [depth, sort] as const),
    ),
  )('a page, %s by %s, reads no more keys than it must', async (depth, sort) => {
    const query: PageQuery = { site: 'large', pageKey: at.key, depth, sort, limit: LIMIT };
    const from = { id: middle().id, value: 2 };
    for (const rest of [{}, { from }, { from, backwards: true }]) {
      const cost = await costOf(() => store.comments.listPage({ ...query, ...rest }));
      expect(cost.returned).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + 1);
      expect(cost.sorted).toBe(false);
    }
  });

  it('the children of many parents read no more keys than they must', async () => {
    const withReplies = [...new Set(all.flatMap((one) => one.parentId ?? []))].slice(0, 20);
    const perParent = 5;
    for (const parents of [withReplies, withReplies.slice(0, 1)]) {
      const cost = await costOf(() => store.comments.children({ parents, perParent }));
      expect(cost.keys).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * perParent * parents.length + parents.length);
    }
  });

  it('a count under a filter reads keys only, and no more than its cap', async () => {
    const cost = await costOf(() =>
      store.comments.countQueue({ sites: ['large'], status: 'approved', since: 1 }, 1000),
    );
    expect(cost.keys).toBeLessThanOrEqual(1001);
    expect(cost.docs).toBe(0);
  });

  it('an edit learns whether others have the words that it takes, by a key or two of each', async () => {
    const one = all.find(({ status }) => status === 'approved') as Comment;
    const { words } = (await installation.raw((database) =>
      database.collection('comments').findOne({ _id: one.id as never }),
    )) as unknown as { words: string[] };
    const cost = await costOf(() => apply(store, one, edit(one, 'Said otherwise')), 1);
    expect(words.length).toBeGreaterThan(3);
    expect(cost.keys).toBeLessThanOrEqual(2 * words.length);
    expect(cost).toMatchObject({ docs: 0, sorted: false });
  });

  it('the oldest pending comment is one key of each site', async () => {
    const cost = await costOf(() => store.comments.oldestPending(sites));
    expect(cost.keys).toBeLessThanOrEqual(2 + sites.length);
  });

  it('a reader’s votes are found by their own order, and their comments by id', async () => {
    const voted = all.filter((one) => one.pageKey === at.key && one.open).slice(0, 30);
    for (const { id, site } of voted)
      await store.votes.cast({ commentId: id, site, reader: 'ada', address: 'here', value: 1 });
    const find = () => store.votes.of({ site: 'large', reader: 'ada' }, at.key);
    for (const cost of [await costOf(find, 'votes'), await costOf(find)]) {
      expect(cost.keys).toBeLessThanOrEqual(2 * 30 + 1);
      expect(cost.sorted).toBe(false);
    }
  });

  it('what is kept for a while is walked by id, a key for each comment looked at', async () => {
    const walk = { site: 'large', after: (all[ROWS / 4] as Comment).id, before: '~', limit: LIMIT };
    for (const look of [
      () => store.retention.aged({ ...walk, status: 'spam' }),
      () => store.retention.addressed(walk),
    ]) {
      const cost = await costOf(look);
      expect(cost.returned).toBe(LIMIT);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT);
      expect(cost.sorted).toBe(false);
    }
    expect((await costOf(() => store.retention.lastImport('large'), 'imports')).keys).toBe(0);
    const trimmed = () => store.retention.trimAudit({ site: 'large', before: '0', limit: LIMIT });
    expect(await costOf(trimmed, 'audit')).toMatchObject({ keys: 0, sorted: false });
  });

  it('counters are read by their ids, and what is not folded by its page', async () => {
    const counts = () => store.comments.counts([`s/large`, `p/large/${at.key}`]);
    expect((await costOf(counts, 'counters')).keys).toBeLessThanOrEqual(4);
    expect((await costOf(counts)).keys).toBe(0);
  });

  it('aliases, sites, moderators and tokens are read by their order, sessions by their hash', async () => {
    for (let i = 0; i < 30; i++) await store.tokens.create(token());
    expect((await costOf(() => store.tokens.list({ scope: null, limit: 10 }), 'tokens')).sorted).toBe(false);
    const people = Array.from({ length: 30 }, () => moderator());
    for (const one of people) await store.staff.createModerator(one, { session: session() });
    const listed = await costOf(() => store.staff.listModerators({ scope: null, limit: 10 }), 'moderators');
    expect(listed.sorted).toBe(false);
    const [one] = people as [Moderator];
    const begun = session();
    await store.staff.signIn({ id: one.id, session: begun, password: one.password ?? '', totpStep: null });
    for (const find of [
      () => store.staff.findSession(begun.hash),
      () => store.staff.findModeratorByEmail(one.emailKey),
      () => store.staff.findModeratorByLink('nothing'),
    ])
      expect((await costOf(find, 'moderators')).keys).toBeLessThanOrEqual(1);
    expect((await costOf(() => store.sites.list({ scope: null, limit: 10 }), 'sites')).sorted).toBe(false);
    const walk = await costOf(() => store.sites.walkPages({ site: 'large', after: '', limit: 5 }), 'pages');
    expect(walk.sorted).toBe(false);
    expect(walk.keys).toBeLessThanOrEqual(10);
    expect((await costOf(() => store.sites.aliases({ site: 'large', limit: 10 }), 'aliases')).sorted).toBe(
      false,
    );
    const stretch = { site: 'large', after: '', limit: 50 };
    const comments = await costOf(() => store.exports.walk(stretch), 'comments');
    expect(comments.sorted).toBe(false);
    expect(comments.keys).toBeLessThanOrEqual(2 * 50);
    const references = await costOf(() => store.exports.walkReferences(stretch), 'page-references');
    expect(references.sorted).toBe(false);
    expect(references.keys).toBeLessThanOrEqual(2 * 50);
  });
});
