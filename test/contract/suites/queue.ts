import type { Comment, CommentStatus } from '../../../src/comments/comment.ts';
import { isReported } from '../../../src/comments/comment.ts';
import type { QueueFilter, QueueQuery } from '../../../src/comments/comment-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  authorKey,
  decide,
  freshSite,
  page,
  post,
  removal,
  report,
  tick,
} from '../../support/builders.ts';

const STATUSES: CommentStatus[] = ['pending', 'approved', 'rejected', 'spam', 'trash'];
const SORTS: QueueQuery['sort'][] = ['oldest', 'newest', 'risk'];

function matches(one: Comment, filter: QueueFilter): boolean {
  return (
    filter.sites.includes(one.site) &&
    one.deletedAt === null &&
    (filter.status === 'all' ||
      (filter.status === 'reported' ? isReported(one) : one.status === filter.status)) &&
    (filter.authorKey === undefined || one.author.key === filter.authorKey) &&
    (filter.pageKey === undefined || one.pageKey === filter.pageKey) &&
    (filter.since === undefined || one.createdAt >= filter.since) &&
    (filter.until === undefined || one.createdAt <= filter.until)
  );
}

/** The moderators' order: by id, or the greatest risk first and older before newer. */
function inOrder(comments: Comment[], sort: QueueQuery['sort']): string[] {
  const byId = (a: Comment, b: Comment): number => (a.id < b.id ? -1 : 1);
  const sorted = [...comments].sort((a, b) => {
    if (sort === 'newest') return byId(b, a);
    return sort === 'risk' ? b.risk - a.risk || byId(a, b) : byId(a, b);
  });
  return sorted.map((one) => one.id);
}

async function walk(store: Storage, query: QueueQuery): Promise<string[]> {
  const met: string[] = [];
  for (let from: QueueQuery['from']; ; ) {
    const items = await store.comments.queue({ ...query, from });
    expect(items.length).toBeLessThanOrEqual(query.limit);
    met.push(...items.map((one) => one.id));
    const last = items.at(-1);
    if (!last) return met;
    from = query.sort === 'risk' ? { id: last.id, value: last.risk } : { id: last.id };
  }
}

/** The moderators' queue, with every filter. */
export function queueContract(store: () => Storage): void {
  interface Desk {
    sites: string[];
    pages: Page[];
    all: Comment[];
  }

  /** Two sites, two pages each, three authors, all statuses, equal risks, one moment shared by many, some deleted. */
  async function desk(): Promise<Desk> {
    const sites = [freshSite(), freshSite()];
    const pages = sites.flatMap((site) => [
      page(site, 'https://a.example/1'),
      page(site, 'https://a.example/2'),
    ]);
    const moments = [tick(), tick(), tick()];
    const posts: Promise<Comment>[] = [];
    for (let i = 0; i < 96; i++) {
      const at = pages[i % 4] as Page;
      posts.push(
        post(store(), at, {
          status: STATUSES[(i * 7) % 5],
          author: ['ada', 'bob', null][(i >> 2) % 3],
          createdAt: moments[i % 3],
          risk: [0, 0, 0.5, 0.25, 1][(i >> 1) % 5],
        }),
      );
    }
    const all = await Promise.all(posts);
    const read = all.filter((one, i) => i % 2 === 0 || one.status === 'approved');
    await Promise.all(read.map((one) => apply(store(), one, report(one, 'a reader'))));
    for (const gone of all.slice(0, 8)) await apply(store(), gone, removal(gone));
    return { sites, pages, all: await store().comments.findMany(all.map((one) => one.id)) };
  }

  it('finds what each filter asks for, once and in order, over all sorts and limits, and counts the same', async () => {
    const { sites, pages, all } = await desk();
    const [first, second] = sites as [string, string];
    const at = pages[0] as Page;
    const moments = [...new Set(all.map((one) => one.createdAt))].sort((a, b) => a - b);
    const narrow: Partial<QueueFilter>[] = [
      {},
      { authorKey: authorKey(first, 'ada') },
      { pageKey: at.key },
      { authorKey: authorKey(first, 'bob'), pageKey: at.key },
      { since: moments[1] },
      { until: moments[1] },
      { since: moments[1], until: moments[1], pageKey: at.key },
      { since: moments[1], authorKey: authorKey(first, 'ada') },
    ];
    const scopes = [sites, [second], [freshSite(), first]];
    for (const [i, rest] of narrow.entries()) {
      for (const status of ['all', 'reported', ...STATUSES] as const) {
        const filter: QueueFilter = { sites: scopes[i % scopes.length] ?? sites, status, ...rest };
        const expected = all.filter((one) => matches(one, filter));
        expect(await store().comments.countQueue(filter, 10_000)).toBe(expected.length);
        for (const sort of SORTS) {
          const limit = 1 + ((i * 5 + status.length) % 13);
          expect(await walk(store(), { ...filter, sort, limit })).toEqual(inOrder(expected, sort));
        }
      }
    }
  });

  it('finds nothing for a caller without sites', async () => {
    await desk();
    const filter: QueueFilter = { sites: [], status: 'all' };
    expect(await store().comments.queue({ ...filter, sort: 'oldest', limit: 10 })).toEqual([]);
    expect(await store().comments.countQueue(filter, 10)).toBe(0);
  });

  it('counts no further than the cap', async () => {
    const { sites, all } = await desk();
    const filter: QueueFilter = { sites, status: 'all' };
    const total = all.filter((one) => matches(one, filter)).length;
    expect(await store().comments.countQueue(filter, 10)).toBe(10);
    expect(await store().comments.countQueue(filter, total)).toBe(total);
    expect(await store().comments.countQueue(filter, total + 1)).toBe(total);
  });

  it('gives whole comments', async () => {
    const { sites, all } = await desk();
    const found = await store().comments.queue({ sites, status: 'all', sort: 'oldest', limit: 3 });
    for (const one of found) expect(all).toContainEqual(one);
  });

  it('walks on from a comment that was decided meanwhile, by id and by risk', async () => {
    const { sites, all } = await desk();
    const filter: QueueFilter = { sites, status: 'pending' };
    const pending = all.filter((one) => matches(one, filter));
    for (const sort of SORTS) {
      const now = (await store().comments.findMany(pending.map((one) => one.id))).filter((one) =>
        matches(one, filter),
      );
      const order = inOrder(now, sort);
      const last = now.find((one) => one.id === order[2]) as Comment;
      await decide(store(), last, 'approve');
      const next = await store().comments.queue({
        ...filter,
        sort,
        limit: 3,
        from: { id: last.id, value: last.risk },
      });
      expect(next.map((one) => one.id)).toEqual(order.slice(3, 6));
    }
  });

  describe('the oldest pending comment', () => {
    it('is that of the sites asked about', async () => {
      const [one, two] = [page(freshSite(), 'https://a.example/1'), page(freshSite(), 'https://a.example/1')];
      const earlier = await post(store(), one);
      const later = await post(store(), two);
      expect(await store().comments.oldestPending([one.site, two.site])).toBe(earlier.createdAt);
      expect(await store().comments.oldestPending([two.site])).toBe(later.createdAt);
      await decide(store(), earlier, 'approve');
      expect(await store().comments.oldestPending([one.site, two.site])).toBe(later.createdAt);
      await apply(store(), later, removal(later));
      expect(await store().comments.oldestPending([one.site, two.site])).toBeNull();
      expect(await store().comments.oldestPending([])).toBeNull();
    });
  });
}
