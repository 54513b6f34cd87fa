import type { Comment } from '../../../src/comments/comment.ts';
import type { PageQuery, ShownComment, ThreadSort } from '../../../src/comments/comment-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  comment,
  decide,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  shownPart,
  stored,
  submission,
  tick,
} from '../../support/builders.ts';

const SORTS: ThreadSort[] = ['oldest', 'newest', 'top'];

/** The order a reader is promised, worked out from whole comments. */
function inOrder(comments: Comment[], sort: ThreadSort): string[] {
  const score = (one: Comment): number => one.votesUp - one.votesDown;
  const byId = (a: Comment, b: Comment): number => (a.id < b.id ? -1 : 1);
  const sorted = [...comments].sort((a, b) => {
    if (sort === 'oldest') return byId(a, b);
    if (sort === 'newest') return byId(b, a);
    return score(b) - score(a) || byId(a, b);
  });
  return sorted.map((one) => one.id);
}

const positionOf = (one: ShownComment, sort: ThreadSort): PageQuery['from'] =>
  sort === 'top' ? { id: one.id, value: one.votesUp - one.votesDown } : { id: one.id };

/** Walks a list to its end and gives all that it met. */
async function walk(store: Storage, query: PageQuery, each?: () => Promise<void>): Promise<ShownComment[]> {
  const met: ShownComment[] = [];
  for (let from = query.from; ; ) {
    const items = await store.comments.listPage({ ...query, from });
    expect(items.length).toBeLessThanOrEqual(query.limit);
    met.push(...items);
    const last = items.at(-1);
    if (!last) return met;
    from = positionOf(last, query.sort);
    await each?.();
  }
}

/** A page's public lists, as readers walk them. */
export function listingContract(store: () => Storage): void {
  /** A thread with votes that tie, comments of one moment, and hidden ones in between. */
  async function thread(): Promise<{ at: Page; roots: Comment[]; all: Comment[] }> {
    const at = page(freshSite(), 'https://a.example/1');
    const roots: Comment[] = [];
    const all: Comment[] = [];
    const createdAt = tick();
    for (let i = 0; i < 23; i++) {
      await post(store(), at, { createdAt });
      const root = await postApproved(store(), at, { createdAt, votesUp: (i * 7) % 5, votesDown: i % 2 });
      roots.push(root);
      all.push(root);
      if (i % 3 === 0) all.push(await postApproved(store(), at, { parent: root, createdAt, votesUp: i % 4 }));
    }
    const now = await store().comments.findMany(all.map((one) => one.id));
    const ids = new Set(roots.map((one) => one.id));
    return { at, all: now, roots: now.filter((one) => ids.has(one.id)) };
  }

  it.each(SORTS)(
    'sorted by %s, a walk meets every open comment once and in order, for every limit',
    async (sort) => {
      const { at, roots, all } = await thread();
      for (const limit of [1, 2, 5, 22, 23, 24, 100]) {
        const query = { site: at.site, pageKey: at.key, sort, limit };
        expect((await walk(store(), { ...query, depth: 'roots' })).map((one) => one.id)).toEqual(
          inOrder(roots, sort),
        );
        expect((await walk(store(), { ...query, depth: 'all' })).map((one) => one.id)).toEqual(
          inOrder(all, sort),
        );
      }
    },
  );

  it.each(SORTS)(
    'sorted by %s, a list can be walked backwards, and from a comment on or beyond it',
    async (sort) => {
      const { at, roots } = await thread();
      const order = inOrder(roots, sort);
      const byId = new Map(roots.map((one) => [one.id, one]));
      const start = byId.get(order[10] ?? '') as Comment;
      const query = {
        site: at.site,
        pageKey: at.key,
        sort,
        depth: 'roots',
        limit: 4,
        from: positionOf(start, sort),
      } as const;
      const ids = async (rest: Partial<PageQuery>): Promise<string[]> =>
        (await store().comments.listPage({ ...query, ...rest })).map((one) => one.id);
      expect(await ids({})).toEqual(order.slice(11, 15));
      expect(await ids({ inclusive: true })).toEqual(order.slice(10, 14));
      expect(await ids({ backwards: true })).toEqual(order.slice(6, 10).reverse());
      expect(await ids({ backwards: true, inclusive: true })).toEqual(order.slice(7, 11).reverse());
      expect(await ids({ backwards: true, limit: 100 })).toEqual(order.slice(0, 10).reverse());
    },
  );

  it('walks on from a comment that has been hidden meanwhile', async () => {
    const { at, roots } = await thread();
    const order = inOrder(roots, 'oldest');
    const [gone] = roots.filter((one) => one.id === order[4]);
    if (!gone) throw new Error('the thread is too short');
    await decide(store(), gone, 'spam');
    const query = { site: at.site, pageKey: at.key, depth: 'roots', sort: 'oldest', limit: 3 } as const;
    const next = await store().comments.listPage({ ...query, from: { id: gone.id } });
    expect(next.map((one) => one.id)).toEqual(order.slice(5, 8));
  });

  it.each(['oldest', 'newest'] as const)(
    'sorted by %s, a walk meets all that stood at its start once while others arrive',
    async (sort) => {
      const { at, roots } = await thread();
      const query = { site: at.site, pageKey: at.key, depth: 'roots', sort, limit: 3 } as const;
      let arrivals = 20;
      const met = await walk(store(), query, async () => {
        if (arrivals-- > 0) await Promise.all([postApproved(store(), at), post(store(), at)]);
      });
      const ids = met.map((one) => one.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => roots.some((root) => root.id === id))).toEqual(inOrder(roots, sort));
    },
  );

  it('keeps the pages and sites apart', async () => {
    const site = freshSite();
    const [one, two] = [page(site, 'https://a.example/1'), page(site, 'https://a.example/2')];
    const first = await postApproved(store(), one);
    await postApproved(store(), two);
    const query = { depth: 'all', sort: 'oldest', limit: 10 } as const;
    expect(await store().comments.listPage({ site, pageKey: one.key, ...query })).toMatchObject([
      shownPart(first),
    ]);
    expect(await store().comments.listPage({ site: freshSite(), pageKey: one.key, ...query })).toEqual([]);
    expect(
      await store().comments.listPage({ site, pageKey: page(site, 'https://a.example/3').key, ...query }),
    ).toEqual([]);
  });

  describe('children', () => {
    it('come per parent, oldest first, no more than asked for, hidden ones left out', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const [one, two, none] = [
        await postApproved(store(), at),
        await postApproved(store(), at),
        await postApproved(store(), at),
      ];
      const under = async (parent: Comment, n: number): Promise<string[]> => {
        const made = Array.from({ length: n }, () =>
          comment(at, {
            parentId: parent.id,
            ancestors: [parent.id],
            status: 'approved',
            createdAt: parent.createdAt + 5000,
          }),
        );
        const results = await Promise.all(
          made.map((child) => store().comments.submit(submission(at, child))),
        );
        return results.map((result) => stored(result).id).sort();
      };
      const ofOne = await under(one, 5);
      const ofTwo = await under(two, 2);
      await post(store(), at, { parent: one });
      const parents = [one.id, two.id, none.id];
      const ids = async (after: string | undefined, perParent: number): Promise<Record<string, string[]>> => {
        const found = await store().comments.children({ parents, perParent, after });
        return Object.fromEntries(
          [...found].map(([parent, children]) => [parent, children.map((child) => child.id)]),
        );
      };
      expect(await ids(undefined, 3)).toEqual({ [one.id]: ofOne.slice(0, 3), [two.id]: ofTwo });
      expect(await ids(ofOne[2], 3)).toEqual({
        [one.id]: ofOne.slice(3),
        ...after(two.id, ofTwo, ofOne[2] ?? ''),
      });
      expect((await store().comments.children({ parents: [], perParent: 3 })).size).toBe(0);
    });

    it('are all that readers may see of them', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const root = await postApproved(store(), at);
      const child = await postApproved(store(), at, { parent: root });
      const found = await store().comments.children({ parents: [root.id], perParent: 10 });
      expect([...found.keys()]).toEqual([root.id]);
      expect(found.get(root.id)).toMatchObject([shownPart(child)]);
    });
  });

  describe('descendants', () => {
    it('come level by level, of one parent oldest first, tombstones among them, hidden ones not', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const [one, two] = [await postApproved(store(), at), await postApproved(store(), at)];
      const first = await postApproved(store(), at, { parent: one });
      const other = await postApproved(store(), at, { parent: two });
      const second = await postApproved(store(), at, { parent: one });
      await post(store(), at, { parent: one });
      const deep = await postApproved(store(), at, { parent: first });
      await postApproved(store(), at, { parent: second }).then((gone) => decide(store(), gone, 'spam'));
      await apply(store(), first, removal(first));
      const ids = async (parents: string[], limit: number): Promise<string[]> =>
        (await store().comments.descendants(parents, limit)).map((each) => each.id);
      const all = await ids([one.id, two.id], 10);
      expect(all.filter((id) => id !== other.id)).toEqual([first.id, second.id, deep.id]);
      expect(all.slice(0, 3)).toContain(other.id);
      expect(all.at(-1)).toBe(deep.id);
      expect(all).toHaveLength(4);
      expect(await ids([one.id], 2)).toEqual([first.id, second.id]);
      expect(await ids([deep.id], 10)).toEqual([]);
      expect(await ids([], 10)).toEqual([]);
      expect(await store().comments.descendants([first.id], 5)).toMatchObject([shownPart(deep)]);
    });
  });
}

/** A parent's children beyond `id`, absent where none are. */
function after(parent: string, children: string[], id: string): Record<string, string[]> {
  const left = children.filter((child) => child > id);
  return left.length > 0 ? { [parent]: left } : {};
}
