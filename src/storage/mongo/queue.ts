import { type Comment, STATUSES } from '../../comments/comment.ts';
import type { QueueFilter, QueueQuery } from '../../comments/comment-store.ts';
import { idFloor } from '../../ids.ts';
import { MARKED } from '../../moderation/marks.ts';
import type { CommentDoc, CommentRow } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';
import { readStretches, type Stretch } from './reads.ts';
import type { TrueReader } from './reply-counts.ts';

/** The moderators' lists. See comment-store.ts. */
export interface Queue {
  queue(query: QueueQuery): Promise<Comment[]>;
  /** The same as rows, without what is not folded yet. */
  rows(query: QueueQuery): Promise<CommentRow[]>;
  countQueue(query: QueueFilter, cap: number): Promise<number>;
  oldestPending(sites: string[]): Promise<number | null>;
}

/**
 * The server merges one sorted scan for each site and status, up to 200 of them; beyond that it would sort
 * in memory. So many sites are asked in groups, and the groups merged here.
 */
const MOST_SCANS = 150;

function groupsOf(sites: string[], status: QueueFilter['status']): string[][] {
  const size = status === 'all' ? MOST_SCANS / STATUSES.length : MOST_SCANS;
  const unique = [...new Set(sites)];
  return Array.from({ length: Math.ceil(unique.length / size) }, (_, i) =>
    unique.slice(i * size, (i + 1) * size),
  );
}

const one = (values: string[]) => (values.length === 1 ? (values[0] ?? '') : { $in: values });

interface Narrowed {
  filter: Filter<CommentDoc>;
  ids: { $gte?: string; $lt?: string };
  /** The indexes of lists by id, by risk, and of those without risk by id. */
  by: { id: string; risk: string; riskless: string };
}

function standing(status: QueueFilter['status']): Filter<CommentDoc> {
  if (status === 'reported') return { reported: true };
  return { queue: status === 'all' ? { $in: [...STATUSES] } : status };
}

/** The reported are few: an index by risk holds the riskless, too. */
function indexesFor(status: QueueFilter['status'], of: 'site' | 'author' | 'page'): Narrowed['by'] {
  if (status !== 'reported')
    return { id: `queue-of-${of}`, risk: `risk-of-${of}`, riskless: `queue-of-${of}` };
  const risk = `reported-risk-of-${of}`;
  return { id: `reported-of-${of}`, risk, riskless: risk };
}

function narrowed(sites: string[], query: QueueFilter): Narrowed {
  const { status, authorKey, pageKey, since, until, phase, reason } = query;
  const ids: Narrowed['ids'] = {};
  if (since !== undefined) ids.$gte = idFloor(since);
  if (until !== undefined) ids.$lt = idFloor(until + 1);
  const filter: Filter<CommentDoc> = { site: one(sites), ...standing(status) };
  if (authorKey !== undefined) filter['author.key'] = authorKey;
  if (pageKey !== undefined) filter.page = pageKey;
  if (phase !== undefined) filter.screening = { $elemMatch: { phase, outcome: { $in: [...MARKED] } } };
  if (reason !== undefined)
    filter.$or = [{ history: { $elemMatch: { reason, undone: false } } }, { 'reports.reason': reason }];
  const of = authorKey !== undefined ? 'author' : pageKey !== undefined ? 'page' : 'site';
  return { filter, ids, by: indexesFor(status, of) };
}

const within = (ids: object): { _id?: object } => (Object.keys(ids).length > 0 ? { _id: ids } : {});

/** The tighter of two bounds on one side. */
function beyond(ids: Narrowed['ids'], id: string, rising: boolean): object {
  if (rising)
    return ids.$gte !== undefined && ids.$gte > id ? ids : { $gt: id, ...(ids.$lt ? { $lt: ids.$lt } : {}) };
  return ids.$lt !== undefined && ids.$lt <= id ? ids : { ...ids, $lt: id };
}

/** The stretches of the queue in walking order, beyond `from`. */
export function queueStretches(sites: string[], query: QueueQuery): Stretch[] {
  const { filter, ids, by } = narrowed(sites, query);
  const { from, sort } = query;
  if (sort !== 'risk') {
    const rising = sort === 'oldest';
    const range = from ? beyond(ids, from.id, rising) : ids;
    return [{ filter: { ...filter, ...within(range) }, sort: { _id: rising ? 1 : -1 }, hint: by.id }];
  }
  const byRisk = { sort: { risk: -1, _id: 1 } as const, hint: by.risk };
  const value = from?.value ?? Number.POSITIVE_INFINITY;
  const stretches: Stretch[] = [];
  if (from && value > 0) {
    stretches.push({
      filter: { ...filter, risk: value, ...within(beyond(ids, from.id, true)) },
      ...byRisk,
      sort: { _id: 1 },
    });
  }
  if (value > 0)
    stretches.push({ filter: { ...filter, risk: { $gt: 0, $lt: value }, ...within(ids) }, ...byRisk });
  // Without a risk: by age, beside those that have one. Their index would be one more for every insert.
  const rest = from && value <= 0 ? beyond(ids, from.id, true) : ids;
  stretches.push({
    filter: { ...filter, risk: query.status === 'reported' ? 0 : { $lte: 0 }, ...within(rest) },
    sort: { _id: 1 },
    hint: by.riskless,
  });
  return stretches;
}

function ordered(rows: CommentRow[], sort: QueueQuery['sort']): CommentRow[] {
  const byId = (a: CommentRow, b: CommentRow): number => (a._id < b._id ? -1 : 1);
  return rows.sort((a, b) => {
    if (sort === 'newest') return byId(b, a);
    return sort === 'risk' ? b.risk - a.risk || byId(a, b) : byId(a, b);
  });
}

export function createQueue(database: Pick<Database, 'comments'>, trueReader: TrueReader): Queue {
  const { comments } = database;

  async function rowsOf(query: QueueQuery): Promise<CommentRow[]> {
    const groups = groupsOf(query.sites, query.status);
    const found = await Promise.all(
      groups.map((sites) => readStretches(database, queueStretches(sites, query), query.limit)),
    );
    if (found.length === 1) return found[0] ?? [];
    return ordered(found.flat(), query.sort).slice(0, query.limit);
  }

  return {
    rows: async (query) => (query.sites.length === 0 ? [] : rowsOf(query)),
    async queue(query) {
      if (query.sites.length === 0) return [];
      return trueReader.read(() => rowsOf(query));
    },
    async countQueue(query, cap) {
      let total = 0;
      for (const sites of groupsOf(query.sites, query.status)) {
        if (total >= cap) break;
        const { filter, ids, by } = narrowed(sites, query);
        total += await comments.countDocuments(
          { ...filter, ...within(ids) },
          { limit: cap - total, hint: by.id },
        );
      }
      return total;
    },
    async oldestPending(sites) {
      const found = await Promise.all(
        groupsOf(sites, 'pending').map((group) =>
          comments
            .find({ site: one(group), queue: 'pending' })
            .project<{ createdAt: number }>({ createdAt: 1 })
            .sort({ _id: 1 })
            .hint('queue-of-site')
            .limit(1)
            .toArray(),
        ),
      );
      const moments = found.flat().map((row) => row.createdAt);
      return moments.length > 0 ? Math.min(...moments) : null;
    },
  };
}
