import type { Comment } from '../comments/comment.ts';
import type { CommentStore, Position, QueueFilter, QueueQuery } from '../comments/comment-store.ts';
import { authorScope, type Counts, NO_COUNTS, pageScope, siteScope } from '../comments/counts.ts';
import { countKept, type FilteredWalk, firstKept } from './filtered-walk.ts';
import { isSearch } from './search.ts';

/** Comments in the orders of the queue, from wherever they are told. */
export interface CommentList {
  /** Strictly beyond `from`, at most `limit`. */
  page(place: Pick<QueueQuery, 'sort' | 'from' | 'limit'>): Promise<Comment[]>;
  /** How many there are. Counted one by one it goes no further than `cap`; what is known is told whole. */
  count(cap: number): Promise<number>;
}

type Sort = QueueQuery['sort'];
type Ports = { comments: Pick<CommentStore, 'queue' | 'countQueue' | 'counts'> };

/** Where a comment stands in a list. */
export const positionIn =
  (sort: Sort) =>
  ({ id, risk }: Comment): Position =>
    sort === 'risk' ? { id, value: risk } : { id };

function comparison(sort: Sort): (a: Position, b: Position) => number {
  const byId = (a: Position, b: Position): number => (a.id < b.id ? -1 : Number(a.id > b.id));
  if (sort === 'oldest') return byId;
  return sort === 'newest' ? (a, b) => byId(b, a) : (a, b) => (b.value ?? 0) - (a.value ?? 0) || byId(a, b);
}

function inOrder(comments: Comment[], sort: Sort): Comment[] {
  const [compare, positionOf] = [comparison(sort), positionIn(sort)];
  return [...comments].sort((a, b) => compare(positionOf(a), positionOf(b)));
}

const sumOver = (counts: Counts, status: QueueFilter['status']): number =>
  status === 'all'
    ? counts.pending + counts.approved + counts.rejected + counts.spam + counts.trash
    : counts[status];

/** Whether counters tell how many comments a filter finds. */
export function isCounted(filter: QueueFilter): boolean {
  const { authorKey, pageKey, since, until } = filter;
  const bothNarrow = authorKey !== undefined && pageKey !== undefined;
  return since === undefined && until === undefined && !bothNarrow && !isSearch(filter);
}

/** What the store lists under a filter. */
export function storedList({ comments }: Ports, filter: QueueFilter): CommentList {
  const { sites, status, authorKey, pageKey } = filter;
  return {
    page: (place) => comments.queue({ ...filter, ...place }),
    async count(cap) {
      if (!isCounted(filter)) return comments.countQueue(filter, cap);
      const scopes = sites.map((site) => {
        if (pageKey !== undefined) return pageScope(site, pageKey);
        return authorKey === undefined ? siteScope(site) : authorScope(site, authorKey);
      });
      const counts = await comments.counts(scopes);
      return scopes.reduce((sum, scope) => sum + sumOver(counts.get(scope) ?? NO_COUNTS, status), 0);
    },
  };
}

/** A few that are at hand. */
export function fewList(few: Comment[]): CommentList {
  return {
    async page({ sort, from, limit }) {
      const [compare, positionOf] = [comparison(sort), positionIn(sort)];
      const beyond = few.filter((one) => !from || compare(positionOf(one), from) > 0);
      return inOrder(beyond, sort).slice(0, limit);
    },
    count: async () => few.length,
  };
}

/** Several lists as one; no comment stands in two of them. */
export function joinedList(lists: CommentList[]): CommentList {
  return {
    async page(place) {
      const pages = await Promise.all(lists.map((list) => list.page(place)));
      return inOrder(pages.flat(), place.sort).slice(0, place.limit);
    },
    async count(cap) {
      const counts = await Promise.all(lists.map((list) => list.count(cap)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** Those of a chunk that are asked for, in its order. */
export type Sieve = (comments: Comment[]) => Promise<Comment[]>;

/** A list without what a sieve does not keep: found by walking it. */
export function sievedList(list: CommentList, keep: Sieve): CommentList {
  const walkOf = (sort: Sort): FilteredWalk<Comment> => ({
    chunk: (from, limit) => list.page({ sort, from, limit }),
    keep,
    positionOf: positionIn(sort),
  });
  return {
    page: ({ sort, from, limit }) => firstKept(walkOf(sort), { from, limit }),
    count: (cap) => countKept(walkOf('oldest'), cap),
  };
}

/** A list without a few that stand in it. */
export function listWithout(list: CommentList, few: Comment[]): CommentList {
  const left = new Set(few.map(({ id }) => id));
  const others = sievedList(list, async (comments) => comments.filter(({ id }) => !left.has(id)));
  return {
    page: others.page,
    count: async (cap) => Math.max(0, (await list.count(cap + few.length)) - few.length),
  };
}
