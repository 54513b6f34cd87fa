import { type Comment, STATUSES } from '../../comments/comment.ts';
import type { QueueFilter, QueueQuery } from '../../comments/comment-store.ts';
import { idFloor } from '../../ids.ts';
import { MARKED, phaseMark, phasesOf, reasonMark } from '../../moderation/marks.ts';
import { type CommentDoc, type CommentRow, LISTED } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';
import { readStretches, type Stretch } from './reads.ts';
import type { TrueReader } from './reply-counts.ts';

/** The moderators' lists. See comment-store.ts. */
export interface Queue {
  queue(query: QueueQuery): Promise<Comment[]>;
  /** The same as rows, without what is not folded yet. */
  rows(query: QueueQuery, answers?: Answers): Promise<CommentRow[]>;
  countQueue(query: QueueFilter, cap: number, answers?: Answers): Promise<number>;
  oldestPending(sites: string[]): Promise<number | null>;
}

/** Only those comments of a list that a search is answered with. */
export interface Answers {
  filter: Filter<CommentDoc>;
  /** The words whose comments are walked instead of the list; null where the list itself is. */
  words: LeadingWords | null;
  /** What is left to be tried on comments of those words. */
  beside?: Filter<CommentDoc>;
}

/**
 * Words of which each comment has one. A few words are a sorted scan each, which the server merges; of beginnings it
 * gives the comments in no order, and sorts them by what the index tells.
 */
export type LeadingWords = { few: string[] } | { beginnings: string[] };

/** An anchor and letters, and words have nothing else, are a stretch of the index, which alone tells who is in it. */
const wordsAmong = (words: LeadingWords) => ({
  $in: 'few' in words ? words.few : words.beginnings.map((beginning) => new RegExp(`^${beginning}`)),
});

/**
 * The server merges one sorted scan for each site and status, up to 200 of them; beyond that it would sort
 * in memory. So many sites are asked in groups, and the groups merged here.
 */
const MOST_SCANS = 150;

function groupsOf(sites: string[], status: QueueFilter['status'], answers?: Answers): string[][] {
  const unique = [...new Set(sites)];
  const { words = null } = answers ?? {};
  if (words !== null && 'beginnings' in words) return unique.length > 0 ? [unique] : [];
  const scans = (words?.few.length ?? 1) * (status === 'all' ? STATUSES.length : 1);
  const size = Math.max(1, Math.floor(MOST_SCANS / scans));
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

function narrowed(sites: string[], query: QueueFilter, answers?: Answers): Narrowed {
  const { status, authorKey, pageKey, since, until, phase, reason } = query;
  const ids: Narrowed['ids'] = {};
  if (since !== undefined) ids.$gte = idFloor(since);
  if (until !== undefined) ids.$lt = idFloor(until + 1);
  const filter: Filter<CommentDoc> = { site: one(sites), ...standing(status) };
  if (authorKey !== undefined) filter['author.key'] = authorKey;
  if (pageKey !== undefined) filter.page = pageKey;
  const marks = marksAsked(phase, reason);
  if (marks.length > 0) filter.marks = marks.length === 1 ? (marks[0] ?? '') : { $all: marks };
  // No list is kept of it: nearly everything is held by it where people look first.
  if (phase !== undefined && phaseMark(phase) === null)
    filter.screening = { $elemMatch: { phase, outcome: { $in: [...MARKED] } } };
  const of = authorKey !== undefined ? 'author' : pageKey !== undefined ? 'page' : 'site';
  const by = indexesFor(status, of);
  // By risk comments of a mark are found along the list by risk.
  if (marks.length > 0 && of === 'site' && status !== 'reported') by.id = 'marks';
  if (!answers) return { filter, ids, by };
  // In a condition of their own: both may speak of ids.
  if (answers.words === null) return { filter: { ...filter, $and: [answers.filter] }, ids, by };
  const { words, beside = answers.filter } = answers;
  if (status === 'reported') filter.queue = 'approved';
  // What is deleted has no words. A stretch of words holds all statuses, and needs no end at each of them.
  if (status === 'all' && 'beginnings' in words) delete filter.queue;
  const more = Object.keys(beside).length > 0 ? { $and: [beside] } : {};
  return {
    filter: { ...filter, ...more, words: wordsAmong(words) },
    ids,
    by: { ...by, id: 'queue-of-word' },
  };
}

function marksAsked(phase?: string, reason?: string): string[] {
  const ofPhase = phase === undefined ? null : phaseMark(phase);
  return [...(ofPhase === null ? [] : [ofPhase]), ...(reason === undefined ? [] : [reasonMark(reason)])];
}

const within = (ids: object): { _id?: object } => (Object.keys(ids).length > 0 ? { _id: ids } : {});

/** The tighter of two bounds on one side. */
function beyond(ids: Narrowed['ids'], id: string, rising: boolean): object {
  if (rising)
    return ids.$gte !== undefined && ids.$gte > id ? ids : { $gt: id, ...(ids.$lt ? { $lt: ids.$lt } : {}) };
  return ids.$lt !== undefined && ids.$lt <= id ? ids : { ...ids, $lt: id };
}

/** The stretches of the queue in walking order, beyond `from`. */
export function queueStretches(sites: string[], query: QueueQuery, answers?: Answers): Stretch[] {
  const { filter, ids, by } = narrowed(sites, query, answers);
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

/** The order of a list, for rows that come from several sources. */
export interface RowOrder {
  compare(a: CommentRow, b: CommentRow): number;
  isBeyond(row: CommentRow, from: QueueQuery['from']): boolean;
}

export function rowOrder(sort: QueueQuery['sort']): RowOrder {
  const byId = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  const compare = (a: Placed, b: Placed): number => {
    if (sort === 'newest') return byId(b._id, a._id);
    return sort === 'risk' ? b.risk - a.risk || byId(a._id, b._id) : byId(a._id, b._id);
  };
  return {
    compare,
    isBeyond: (row, from) => !from || compare(row, { _id: from.id, risk: from.value ?? 0 }) > 0,
  };
}

type Placed = Pick<CommentRow, '_id' | 'risk'>;

/** Whether a row is in the list that a filter without words asks for. */
export function isAmong(row: CommentRow, filter: QueueFilter): boolean {
  const { sites, status, authorKey, pageKey, since, until, phase, reason } = filter;
  const inStatus = status === 'reported' ? row.reported === true : status === 'all' || row.queue === status;
  return (
    inStatus &&
    row.queue !== 'deleted' &&
    sites.includes(row.site) &&
    (authorKey === undefined || row.author.key === authorKey) &&
    (pageKey === undefined || row.page === pageKey) &&
    (since === undefined || row._id >= idFloor(since)) &&
    (until === undefined || row._id < idFloor(until + 1)) &&
    (phase === undefined || phasesOf(row).includes(phase)) &&
    (reason === undefined || (row.marks ?? []).includes(reasonMark(reason)))
  );
}

export function createQueue(database: Pick<Database, 'comments'>, trueReader: TrueReader): Queue {
  const { comments } = database;

  async function rowsOf(query: QueueQuery, answers?: Answers): Promise<CommentRow[]> {
    const groups = groupsOf(query.sites, query.status, answers);
    const found = await Promise.all(
      groups.map((sites) =>
        readStretches(database, queueStretches(sites, query, answers), {
          limit: query.limit,
          without: LISTED,
        }),
      ),
    );
    if (found.length === 1) return found[0] ?? [];
    return found.flat().sort(rowOrder(query.sort).compare).slice(0, query.limit);
  }

  return {
    rows: async (query, answers) => (query.sites.length === 0 ? [] : rowsOf(query, answers)),
    async queue(query) {
      if (query.sites.length === 0) return [];
      return trueReader.read(() => rowsOf(query));
    },
    async countQueue(query, cap, answers) {
      let total = 0;
      for (const sites of groupsOf(query.sites, query.status, answers)) {
        if (total >= cap) break;
        const { filter, ids, by } = narrowed(sites, query, answers);
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
