import { join } from 'node:path';
import type { Api, Listing, PublicComment } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { readHtml } from '../support/html-check.ts';
import { expectJson } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';

/** A thousand comments of one moment, walked over in every way there is, while others arrive. */
const SITE = 'paging';
const PAGE = `https://${SITE}.example/page`;
const THOUSAND = 1000;
const REPLIES = 120;
const NOW = Date.UTC(2026, 5, 1, 12);

let installation: Installation;
let api: Api;
/** Ids of the thousand, and of the replies to the first of them. */
let roots: string[];
let replies: string[];

let posted = 0;
async function post(parentId: string | null = null): Promise<PublicComment> {
  posted += 1;
  const { comment } = await api.posted(SITE, {
    page: { url: PAGE },
    parentId,
    author: { name: 'A reader', email: 'reader@readers.example' },
    body: `Comment ${posted}`,
  });
  return comment;
}

beforeAll(async () => {
  installation = createInstallation();
  const pinned = join(__dirname, '../support/pinned-clock.cjs');
  api = createApi(
    await installation.start({ nodeArgs: ['--require', pinned], env: { PROOF_NOW: String(NOW) } }),
  );
  await api.createSite(SITE, { policy: { moderation: 'none' } });
  const made = await inParallel(Array<null>(THOUSAND).fill(null), 32, () => post());
  roots = made.map(({ id }) => id);
  const below = await inParallel(Array<null>(REPLIES).fill(null), 32, () => post(roots[0]));
  replies = below.map(({ id }) => id);
  expect(new Set(made.map(({ createdAt }) => createdAt))).toEqual(new Set([new Date(NOW).toISOString()]));
  expect(new Set(below.map(({ createdAt }) => createdAt)).size).toBe(1);
});

afterAll(() => installation.dispose());

/** Lets one more comment arrive, five times in a walk of that many steps. */
function arrivals(limit: number): (step: number) => Promise<void> {
  const every = Math.max(1, Math.floor(THOUSAND / limit / 5));
  return async (step) => {
    if (step % every === 0 && step < every * 5) await post();
  };
}

function expectOnce(seen: string[], due: string[]): void {
  const times = new Map<string, number>();
  for (const id of seen) times.set(id, (times.get(id) ?? 0) + 1);
  expect({
    missing: due.filter((id) => !times.has(id)),
    twice: [...times].filter(([, count]) => count > 1).map(([id]) => id),
  }).toEqual({ missing: [], twice: [] });
}

const SORTS = ['oldest', 'newest', 'top'] as const;
/** By ones on SQLite alone: such a walk takes a thousand requests. */
const LIMITS = isLongRun ? [1, 7, 50, 100] : storeUnderTest() === 'sqlite' ? [1, 7, 100] : [7, 100];
const combined = SORTS.flatMap((sort) =>
  ['flat', 'tree'].flatMap((format) => LIMITS.map((limit) => ({ sort, format, limit }))),
);
/** One of the six walks by ones stands for all but in the long run. */
const WALKS = combined.filter(
  ({ sort, format, limit }) => limit > 1 || isLongRun || `${sort} ${format}` === 'oldest tree',
);

const flatten = (comments: PublicComment[]): string[] =>
  comments.flatMap(({ id, replies: below = [] }) => [id, ...flatten(below)]);

test.each(WALKS)('$format by $sort, $limit at a time, shows each once', async ({ sort, format, limit }) => {
  const arrive = arrivals(limit);
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let step = 0; step === 0 || cursor !== null; step++) {
    const query = {
      page: PAGE,
      sort,
      format,
      limit: String(limit),
      ...(cursor === null ? {} : { cursor }),
    };
    const listing: Listing = await api.list(SITE, query);
    expect(listing.comments.length).toBeLessThanOrEqual(limit);
    seen.push(...flatten(listing.comments));
    cursor = listing.nextCursor;
    await arrive(step);
  }
  expectOnce(seen, [...roots, ...replies]);
});

test.each(LIMITS)(
  'replies, %i at a time, are shown once each, also where they begin in the tree',
  async (limit) => {
    const first = await api.list(SITE, {
      page: PAGE,
      focus: roots[0] ?? '',
      limit: '1',
      replyLimit: String(limit),
    });
    const [root] = first.comments;
    const seen = (root?.replies ?? []).map(({ id }) => id);
    let cursor = root?.repliesCursor ?? null;
    while (cursor !== null) {
      const query: string = new URLSearchParams({ limit: String(limit), cursor }).toString();
      const answer = await api.send({ path: `/v1/comments/${roots[0]}/replies?${query}` });
      const more = expectJson<Pick<Listing, 'comments' | 'nextCursor'>>(answer, 200);
      seen.push(...more.comments.map(({ id }) => id));
      cursor = more.nextCursor;
    }
    expect({ root: root?.id, seen: seen.sort() }).toEqual({ root: roots[0], seen: [...replies].sort() });
  },
);

test.each(['oldest', 'newest'] as const)('the way back by %s shows each once, too', async (sort) => {
  const query = { page: PAGE, sort, format: 'flat', limit: '50' };
  let page = await api.list(SITE, query);
  while (page.nextCursor !== null) page = await api.list(SITE, { ...query, cursor: page.nextCursor });
  const seen = page.comments.map(({ id }) => id);
  while (page.prevCursor !== null) {
    page = await api.list(SITE, { ...query, cursor: page.prevCursor });
    seen.unshift(...page.comments.map(({ id }) => id));
  }
  expectOnce(seen, [...roots, ...replies]);
  expect(seen).toEqual((await api.walkList(SITE, query)).items.map(({ id }) => id));
});

test('the pages of HTML, followed by their links, show each once', async () => {
  const arrive = arrivals(20);
  const seen: string[] = [];
  let path: string | undefined = `/v1/sites/${SITE}/thread?page=${encodeURIComponent(PAGE)}`;
  for (let step = 0; path !== undefined; step++) {
    const answer = await api.send({ path });
    expect(answer.status).toBe(200);
    const { elements } = readHtml(answer.text);
    const ids = elements.filter(({ name }) => name === 'li').map(({ attributes }) => attributes.id ?? '');
    seen.push(...ids.filter((id) => id.startsWith('comment-')).map((id) => id.slice('comment-'.length)));
    const next = elements.find(({ name, attributes }) => name === 'a' && attributes.rel === 'next')
      ?.attributes.href;
    path = next === undefined ? undefined : next.replace(/^https?:\/\/[^/]+/, '').replace(/#.*$/, '');
    await arrive(step);
  }
  expectOnce(seen, [...roots, ...replies]);
});

test.each(['oldest', 'newest', 'risk'].flatMap((sort) => [7, 100].map((limit) => ({ sort, limit }))))(
  'the queue by $sort, $limit at a time, lists each once',
  async ({ sort, limit }) => {
    const arrive = arrivals(limit);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let step = 0; step === 0 || cursor !== null; step++) {
      const query = {
        site: SITE,
        status: 'all',
        sort,
        limit: String(limit),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await api.asAdmin({ path: `/v1/moderation/queue?${new URLSearchParams(query)}` });
      const page = expectJson<{ items: { id: string }[]; nextCursor: string | null }>(answer, 200);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await arrive(step);
    }
    expectOnce(seen, [...roots, ...replies]);
  },
);
