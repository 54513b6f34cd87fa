import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import type { CommentStore, Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { countKept, type FilteredWalk, firstKept } from '../../../moderation/filtered-walk.ts';
import { createKeptWords } from '../../../moderation/kept-words.ts';
import { phaseMark, reasonMark } from '../../../moderation/marks.ts';
import { isSearch } from '../../../moderation/search.ts';
import { createHits } from '../search/hits.ts';
import type { KeptTotals } from './kept-totals.ts';
import type { ListQuery, Queue } from './queue.ts';
import { createResidual } from './residual.ts';
import type { StatementCache } from './statement-cache.ts';

/** The moderators' queue with every filter. */
export type FilteredQueue = Pick<CommentStore, 'queue' | 'countQueue'>;

/**
 * A list of comments without words to search for is looked through where it is this short. Longer ones only
 * where the index has more hits than that, too.
 */
const SHORT = 100;
const SHORT_BESIDE_HITS = 1000;
/** By risk so many answers are put in order; of more the riskiest are found along the queue by risk. */
const MOST_SORTED = 10_000;

type ByTime = Exclude<QueueQuery['sort'], 'risk'>;
type Plan = FilteredWalk<Comment> & {
  /** Whether nothing is left to be sifted: what a chunk holds are the answers. */
  isExact?: true;
  /** The number of answers where an index tells it, else null. */
  count(cap: number): Promise<number | null>;
};

const byTime = ({ id }: Comment): Position => ({ id });
const byRisk = ({ id, risk }: Comment): Position => ({ id, value: risk });

export interface FilteredQueueParts {
  queue: Queue;
  cache: StatementCache;
  totals: KeptTotals;
}

export function createFilteredQueue(
  db: Database,
  { queue, cache, totals }: FilteredQueueParts,
): FilteredQueue {
  const wordsOf = createKeptWords();
  const residualOf = createResidual(db, wordsOf);
  const hitsOf = createHits(db, { cache, wordsOf });

  const kept = (filter: QueueFilter) => {
    const residual = residualOf(filter);
    return db.transaction((comments: Comment[]) => comments.filter(residual));
  };

  /** Through the queue itself. */
  function alongQueue(filter: QueueFilter, sort: QueueQuery['sort']): Plan {
    const { q: _q, phase: _phase, reason: _reason, ...list } = filter;
    return {
      chunk: (from, limit) => queue.queue({ ...list, sort, from, limit }),
      keep: kept(filter),
      positionOf: sort === 'risk' ? byRisk : byTime,
      count: async () => null,
    };
  }

  /** Through the list of a phase or a reason; null where none is kept of what is asked for. */
  function alongMarks(filter: QueueFilter, sort: ByTime): Plan | null {
    const { q, phase, reason, authorKey, pageKey, ...rest } = filter;
    const mark = reason !== undefined ? reasonMark(reason) : phase === undefined ? null : phaseMark(phase);
    if (mark === null) return null;
    const isReported = rest.status === 'reported';
    const list = { ...rest, status: isReported ? ('approved' as const) : rest.status, mark };
    const others = q ?? authorKey ?? pageKey ?? (reason === undefined ? undefined : phase);
    return {
      chunk: (from, limit) => queue.queue({ ...list, sort, from, limit } satisfies ListQuery),
      keep: kept(filter),
      positionOf: byTime,
      count: async (cap) => (others === undefined && !isReported ? queue.countQueue(list, cap) : null),
    };
  }

  /** Through the hits of the words. */
  function alongHits(filter: QueueFilter, sort: ByTime): Plan | null {
    const hits = hitsOf(filter, sort);
    if (hits === null) return null;
    const { q: _q, ...others } = filter;
    const isAlone = [filter.authorKey, filter.pageKey, filter.phase, filter.reason].every(
      (one) => one === undefined,
    );
    return {
      chunk: hits.chunk,
      keep: isAlone ? (comments) => comments : kept(others),
      ...(isAlone && { isExact: true }),
      positionOf: byTime,
      count: (cap) => (isAlone ? hits.count(cap) : Promise.resolve(null)),
    };
  }

  /** Whether the queue, without what it is searched for, has no more than that. */
  function isShort({ q: _q, phase: _phase, reason: _reason, ...list }: QueueFilter, most: number): boolean {
    return queue.countQueue(list, most + 1) <= most;
  }

  async function planByTime(filter: QueueFilter, sort: ByTime): Promise<Plan> {
    if (isShort(filter, SHORT)) return alongQueue(filter, sort);
    const marks = alongMarks(filter, sort);
    if (filter.q === undefined) return marks ?? alongQueue(filter, sort);
    if (marks && (await countKept({ ...marks, keep: (all) => all }, SHORT + 1)) <= SHORT) return marks;
    const hits = alongHits(filter, sort);
    if (hits === null) return marks ?? alongQueue(filter, sort);
    if (!isShort(filter, SHORT_BESIDE_HITS)) return hits;
    const { sites, q } = filter;
    const plain = alongHits({ sites, q, status: 'all' }, sort);
    const isCommon = ((await plain?.count(SHORT_BESIDE_HITS + 1)) ?? 0) > SHORT_BESIDE_HITS;
    return isCommon ? alongQueue(filter, sort) : hits;
  }

  async function total(filter: QueueFilter, cap: number): Promise<number> {
    const plan = await planByTime(filter, 'newest');
    return (await plan.count(cap)) ?? countKept(plan, cap);
  }

  async function byRiskFirst(query: QueueQuery): Promise<Comment[]> {
    const { sort: _sort, from, limit, ...filter } = query;
    const plan = await planByTime(filter, 'newest');
    const all = await firstKept(plan, { limit: MOST_SORTED + 1 });
    if (all.length > MOST_SORTED) return firstKept(alongQueue(filter, 'risk'), query);
    const isBeyond = ({ id, risk }: Comment): boolean =>
      !from || risk < (from.value ?? 0) || (risk === (from.value ?? 0) && id > from.id);
    const rest = all.filter(isBeyond).sort((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : 1));
    return rest.slice(0, limit);
  }

  return {
    async queue(query) {
      if (!isSearch(query)) return queue.queue(query);
      const { sort, from, limit, ...filter } = query;
      if (sort === 'risk') return byRiskFirst(query);
      const plan = await planByTime(filter, sort);
      return plan.isExact ? plan.chunk(from, limit) : firstKept(plan, { from, limit });
    },
    async countQueue(filter, cap) {
      if (!isSearch(filter)) return queue.countQueue(filter, cap);
      return totals.of(filter, cap, () => total(filter, cap));
    },
  };
}
