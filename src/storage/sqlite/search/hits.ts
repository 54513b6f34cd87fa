import type { Database } from 'better-sqlite3';
import { type Comment, isReported } from '../../../comments/comment.ts';
import type { Position, QueueFilter } from '../../../comments/comment-store.ts';
import { idFloor, momentOfId } from '../../../ids.ts';
import type { KeptWords } from '../../../moderation/kept-words.ts';
import { hasWords, queryWords } from '../../../moderation/search.ts';
import { createNumbered } from '../reads/listed-rows.ts';
import type { StatementCache } from '../reads/statement-cache.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';
import { createMoments, firstNumber, msOfNumber } from './moments.ts';
import { MOST_TERMS, matchOf } from './tokens.ts';
import { createWaiting } from './waiting.ts';

type ByTime = 'oldest' | 'newest';

/** The comments that hold a query's words, of the sites and status asked for. */
export interface Hits {
  /** By time, beyond `from`, at most `limit`. Of the filter, sites, status and span are seen to. */
  chunk(from: Position | undefined, limit: number): Comment[];
  /** How many, counted no further than `cap`; null where the index alone can't tell. */
  count(cap: number): Promise<number | null>;
}

/** So much may wait to be filled in, for a search to look it through beside the index. */
const MOST_WAITING = 2000;
/** Hits that are counted in one go; then others have their turn. */
const COUNTED = 4000;

interface Search {
  /** null: the index can have no answer. */
  match: string | null;
  status: Comment['status'] | null;
  /** Numbers of comments that the index does not have as they are. */
  stale: Set<number>;
  /** Those of them that are answers all the same, by id. */
  fresh: Comment[];
}

const turnOfOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const byId = (a: Comment, b: Comment): number => (a.id < b.id ? -1 : 1);

/**
 * The numbers of the index's hits; binds the expression, a range of numbers, the status where there is one,
 * and the limit.
 */
export function hitsSql(sort: ByTime, withStatus: boolean, withStale = true): string {
  const order = sort === 'newest' ? 'DESC' : 'ASC';
  // A hit's status stands in an index of its own: the rows of those that are not asked for are left alone.
  const states = withStatus
    ? 'CROSS JOIN comments INDEXED BY search_states ON comments.n = search.rowid'
    : '';
  const status = withStatus ? 'AND status = ?' : '';
  const stale = withStale ? '' : 'AND search.rowid NOT IN (SELECT value FROM json_each(?))';
  return `SELECT search.rowid FROM search ${states}
    WHERE search MATCH ? AND search.rowid >= ? AND search.rowid <= ? ${status} ${stale}
    ORDER BY search.rowid ${order} LIMIT ${BOUND_LIMIT}`;
}

/**
 * How many there are, but for those of a list of numbers, and the last number; binds the same, and the list
 * before the limit.
 */
export function hitCountSql(sort: ByTime, withStatus: boolean): string {
  const last = sort === 'newest' ? 'min' : 'max';
  return `SELECT count(*) AS total, ${last}(rowid) AS last FROM (${hitsSql(sort, withStatus, false)})`;
}

export interface HitsParts {
  cache: StatementCache;
  wordsOf: KeptWords;
}

/** Opens searches; null where too much waits to be filled in, and a walk through the queue is the way. */
export function createHits(db: Database, { cache, wordsOf }: HitsParts) {
  const moments = createMoments(db);
  const waiting = createWaiting(db, wordsOf);
  const numbered = createNumbered(db);
  const nextTerm = db
    .prepare<[string, string], string>('SELECT term FROM search_terms WHERE term >= ? AND term < ? LIMIT 1')
    .pluck();
  // Every site that has comments has a counter.
  const otherSites = db
    .prepare<[string], number>(
      `SELECT EXISTS (SELECT 1 FROM counters WHERE scope >= 's/' AND scope < 's0'
           AND substr(scope, 3) NOT IN (SELECT value FROM json_each(?)))
         OR EXISTS (SELECT 1 FROM search_gone)`,
    )
    .pluck();

  /** From one word to the next that is greater: a common one has too many entries to read them all. */
  function termsOf(beginning: string): string[] {
    const terms: string[] = [];
    const end = `${beginning}\u{10ffff}`;
    for (let from = beginning; terms.length <= MOST_TERMS; ) {
      const term = nextTerm.get(from, end);
      if (term === undefined) break;
      terms.push(term);
      from = `${term}\u0001`;
    }
    return terms;
  }

  function prepare(filter: QueueFilter): Search | null {
    const query = queryWords(filter.q ?? '');
    const unfilled = waiting(MOST_WAITING);
    if (unfilled === null) return null;
    const sites = [...new Set(filter.sites)];
    const isPart = otherSites.get(JSON.stringify(sites)) === 1;
    const { status } = filter;
    const inStatus = (one: Comment): boolean =>
      status === 'reported' ? isReported(one) : status === 'all' || one.status === status;
    const fresh = unfilled
      .filter(({ comment, words }) => sites.includes(comment.site) && hasWords(words, query))
      .map(({ comment }) => comment)
      .filter((one) => one.deletedAt === null && inStatus(one) && inSpan(one, filter));
    return {
      match: query.length === 0 ? null : matchOf(query, isPart ? sites : null, termsOf),
      status: status === 'all' ? null : status === 'reported' ? 'approved' : status,
      stale: new Set(unfilled.map(({ n }) => n)),
      fresh: fresh.sort(byId),
    };
  }

  /** The range of numbers that the span and the place to go on from leave. */
  function rangeOf({ since, until }: QueueFilter, sort: ByTime, from?: Position): [number, number] {
    let low = since === undefined ? 0 : moments.first(since);
    let high = until === undefined ? Number.MAX_SAFE_INTEGER : moments.last(until);
    if (from) {
      const at = momentOfId(from.id);
      if (sort === 'newest') high = Math.min(high, moments.last(at));
      else low = Math.max(low, moments.first(at));
    }
    return [low, high];
  }

  function numbers(search: Search, sort: ByTime, [low, high]: [number, number], limit: number): number[] {
    if (search.match === null || low > high) return [];
    const { match, status } = search;
    const binds: Bound[] = [match, low, high, ...(status === null ? [] : [status]), limit];
    return cache<{ rowid: number }>(hitsSql(sort, status !== null))
      .all(...binds)
      .map(({ rowid }) => rowid);
  }

  return (filter: QueueFilter, sort: ByTime): Hits | null => {
    const opened: Search | null = db.transaction(prepare)(filter);
    if (opened === null) return null;
    const search = opened;
    const newest = sort === 'newest';
    const sites = new Set(filter.sites);

    function isBeyond(one: Comment, from?: Position): boolean {
      return !from || (newest ? one.id < from.id : one.id > from.id);
    }

    function commentsOf(found: number[], from?: Position): Comment[] {
      const isAsked = (one: Comment): boolean =>
        one.deletedAt === null &&
        sites.has(one.site) &&
        isBeyond(one, from) &&
        inSpan(one, filter) &&
        (filter.status !== 'reported' || isReported(one));
      return numbered(found.filter((n) => !search.stale.has(n))).filter(isAsked);
    }

    /** Whole moments, so that they can be put in order. */
    function indexed(from: Position | undefined, limit: number): Comment[] {
      const [low, high] = rangeOf(filter, sort, from);
      const found: Comment[] = [];
      for (let range: [number, number] = [low, high]; ; ) {
        const wanted = limit - found.length + 1;
        const next = numbers(search, sort, range, wanted);
        found.push(...commentsOf(next, from));
        const last = next.at(-1);
        if (last === undefined || next.length < wanted) return found;
        const edge = newest ? moments.first(msOfNumber(last)) : moments.last(msOfNumber(last));
        const rest: [number, number] = newest ? [edge, last - 1] : [last + 1, edge];
        found.push(...commentsOf(numbers(search, sort, rest, Number.MAX_SAFE_INTEGER), from));
        if (found.length >= limit) return found;
        range = newest ? [low, edge - 1] : [edge + 1, high];
      }
    }

    return {
      chunk: db.transaction((from: Position | undefined, limit: number) => {
        const found = [...indexed(from, limit), ...search.fresh.filter((one) => isBeyond(one, from))];
        found.sort((a, b) => (newest ? byId(b, a) : byId(a, b)));
        return found.slice(0, limit);
      }),
      async count(cap) {
        const range = rangeOf(filter, sort);
        if (filter.status === 'reported' || !isWhole(filter, range)) return null;
        const { match, status, fresh } = search;
        // What waited when the search began is told by itself, also when it has been filled in since.
        const stale = JSON.stringify([...search.stale]);
        const sql = hitCountSql(sort, status !== null);
        let total = fresh.length;
        let [low, high] = range;
        while (match !== null && low <= high && total < cap) {
          const most = Math.min(COUNTED, cap - total);
          const binds: Bound[] = [match, low, high, ...(status === null ? [] : [status]), stale, most];
          const found = cache<{ total: number; last: number | null }>(sql).get(...binds);
          total += found?.total ?? 0;
          if (!found || found.last === null || found.total < most) break;
          if (newest) high = found.last - 1;
          else low = found.last + 1;
          await turnOfOthers();
        }
        return Math.min(total, cap);
      },
    };
  };
}

/** Whether all comments of the range are in the span: a millisecond that was too full reaches beyond it. */
function isWhole({ since, until }: QueueFilter, [low, high]: [number, number]): boolean {
  const begins = since === undefined || low === firstNumber(since);
  return begins && (until === undefined || high === firstNumber(until + 1) - 1);
}

function inSpan({ id }: Comment, { since, until }: QueueFilter): boolean {
  return (since === undefined || id >= idFloor(since)) && (until === undefined || id < idFloor(until + 1));
}
