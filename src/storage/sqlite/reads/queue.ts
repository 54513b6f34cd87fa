import type { Database, Statement } from 'better-sqlite3';
import type { Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { type Comment, type CommentStatus, STATUSES } from '../../../comments/comment.ts';
import { idFloor } from '../../../ids.ts';
import { type Bound, COMMENT_COLUMNS, type CommentRow, commentOf } from '../rows.ts';
import { type Source, mergeSources } from './merge.ts';
import type { StatementCache } from './statement-cache.ts';

/**
 * The moderators' queue. One site with one status is one walk along one index; several sites, and all
 * statuses where no index holds them together, are merged lazily.
 */
export interface Queue {
  queue(query: QueueQuery): Comment[];
  countQueue(filter: QueueFilter, cap: number): number;
  oldestPending(sites: string[]): number | null;
}

/** A part of the queue that is walked in order. */
export interface Stream {
  site: string;
  /** null: all, from an index of all. */
  status: CommentStatus | null;
}

/**
 * By risk, one page's or author's comments stand in two indexes: the risky ones by risk, then those
 * without any by id.
 */
type Part = 'whole' | 'risky' | 'riskless';

/** A place in a stream: the row, and what orders it. */
interface Entry {
  rowid: number;
  id: string;
  risk_order: number;
}

export function createQueue(db: Database, cache: StatementCache): Queue {
  const byRowid: Statement<[number], CommentRow> = db.prepare(`SELECT ${COMMENT_COLUMNS} FROM comments WHERE rowid = ?`);
  const oldest = db.prepare<[string], number>(oldestPendingSql()).pluck();

  function read<Row>(query: QueueQuery, stream: Stream, columns: string): Row[] {
    const rows: Row[] = [];
    for (const part of partsOf(query)) {
      const shape: Shape = { ...query, part, from: part === 'riskless' && query.from?.value ? undefined : query.from };
      const statement = cache<Row>(queueSql(shape, stream, columns));
      rows.push(...statement.all(...queueBinds(shape, stream), query.limit - rows.length));
      if (rows.length >= query.limit) break;
    }
    return rows;
  }

  function source(query: QueueQuery, stream: Stream): Source<Entry> {
    return (after, limit) => {
      const from = after ? { id: after.id, value: -after.risk_order } : query.from;
      return read<Entry>({ ...query, from, limit }, stream, 'rowid, id, risk_order');
    };
  }

  function merged(query: QueueQuery, streams: Stream[]): Comment[] {
    const entries = mergeSources(streams.map((stream) => source(query, stream)), {
      compare: comparison(query.sort),
      limit: query.limit,
    });
    return entries.flatMap((entry) => byRowid.get(entry.rowid) ?? []).map(commentOf);
  }

  return {
    // One snapshot: what is merged was true at one moment.
    queue: db.transaction((query: QueueQuery) => {
      const streams = streamsOf(query, query.sort === 'risk');
      const [only, ...others] = streams;
      if (!only) return [];
      if (others.length > 0) return merged(query, streams);
      return read<CommentRow>(query, only, COMMENT_COLUMNS).map(commentOf);
    }),
    countQueue: db.transaction((filter: QueueFilter, cap: number) => {
      let total = 0;
      for (const stream of streamsOf(filter, false)) {
        if (total >= cap) break;
        total += countStream(cache, filter, stream, cap - total);
      }
      return total;
    }),
    oldestPending(sites) {
      const moments = sites.flatMap((site) => oldest.get(site) ?? []);
      return moments.length > 0 ? Math.min(...moments) : null;
    },
  };
}

function countStream(cache: StatementCache, filter: QueueFilter, stream: Stream, cap: number): number {
  const statement = cache<{ n: number }>(countSql(filter, stream));
  return statement.get(...queueBinds({ ...filter, sort: 'oldest' }, stream), cap)?.n ?? 0;
}

/** Without page, author and risk one index holds all statuses of a site; else there is one stream for each. */
function streamsOf({ sites, status, authorKey, pageKey }: QueueFilter, byRisk: boolean): Stream[] {
  const together = authorKey === undefined && pageKey === undefined && !byRisk;
  const statuses = status !== 'all' ? [status] : together ? [null] : STATUSES;
  return [...new Set(sites)].flatMap((site) => statuses.map((one) => ({ site, status: one })));
}

function comparison(sort: QueueQuery['sort']): (a: Entry, b: Entry) => number {
  const byId = (a: Entry, b: Entry): number => (a.id < b.id ? -1 : Number(a.id > b.id));
  if (sort === 'oldest') return byId;
  return sort === 'newest' ? (a, b) => byId(b, a) : (a, b) => a.risk_order - b.risk_order || byId(a, b);
}

export type Shape = Omit<QueueFilter, 'sites' | 'status'> & { sort: QueueQuery['sort']; from?: Position; part?: Part };

function partsOf({ sort, authorKey, pageKey, from }: QueueQuery): Part[] {
  if (sort !== 'risk' || (authorKey === undefined && pageKey === undefined)) return ['whole'];
  return from && !from.value ? ['riskless'] : ['risky', 'riskless'];
}

/** Riskless comments are walked by id, as by `oldest`. */
function orderOf({ sort, part }: Shape): QueueQuery['sort'] {
  return part === 'riskless' ? 'oldest' : sort;
}

function conditions(shape: Shape, { status }: Stream): string {
  const { authorKey, pageKey, since, until, from, part } = shape;
  const sort = orderOf(shape);
  const parts = ['deleted_at IS NULL', 'site = ?'];
  if (status !== null) parts.push('status = ?');
  if (authorKey !== undefined) parts.push('author_key = ?');
  if (pageKey !== undefined) parts.push('page_key = ?');
  if (since !== undefined) parts.push('id >= ?');
  if (until !== undefined) parts.push('id < ?');
  if (part === 'risky') parts.push('risk_order < 0');
  if (part === 'riskless') parts.push('risk_order = 0');
  if (from) parts.push(sort === 'risk' ? '(risk_order, id) > (?, ?)' : sort === 'newest' ? 'id < ?' : 'id > ?');
  return parts.join(' AND ');
}

function indexFor(shape: Shape, { status }: Stream): string {
  const { authorKey, pageKey } = shape;
  const risk = orderOf(shape) === 'risk' ? '_risk' : '';
  if (authorKey !== undefined) return `queue_author${risk}`;
  if (pageKey !== undefined) return `queue_page${risk}`;
  return status === null ? 'queue_all' : `queue_status${risk}`;
}

/** A stream of the queue; binds what `queueBinds` gives, and the limit. */
export function queueSql(shape: Shape, stream: Stream, columns: string): string {
  const order = { oldest: 'id', newest: 'id DESC', risk: 'risk_order, id' }[orderOf(shape)];
  return `SELECT ${columns} FROM comments INDEXED BY ${indexFor(shape, stream)}
    WHERE ${conditions(shape, stream)} ORDER BY ${order} LIMIT ?`;
}

/** The number of a stream's comments; binds what `queueBinds` gives, and the cap. */
export function countSql(shape: QueueFilter, stream: Stream): string {
  const plain: Shape = { ...shape, sort: 'oldest' };
  return `SELECT count(*) AS n FROM (SELECT 1 FROM comments INDEXED BY ${indexFor(plain, stream)}
    WHERE ${conditions(plain, stream)} LIMIT ?)`;
}

/** What `queueSql` and `countSql` bind before their limit. */
export function queueBinds(shape: Shape, { site, status }: Stream): Bound[] {
  const { authorKey, pageKey, since, until, from } = shape;
  const binds: Bound[] = [site];
  if (status !== null) binds.push(status);
  if (authorKey !== undefined) binds.push(authorKey);
  if (pageKey !== undefined) binds.push(pageKey);
  if (since !== undefined) binds.push(idFloor(since));
  if (until !== undefined) binds.push(idFloor(until + 1));
  if (from) binds.push(...(orderOf(shape) === 'risk' ? [-(from.value ?? 0), from.id] : [from.id]));
  return binds;
}

/** Binds the site. */
export function oldestPendingSql(): string {
  return `SELECT created_at FROM comments INDEXED BY queue_status
    WHERE deleted_at IS NULL AND site = ? AND status = 'pending' ORDER BY id LIMIT 1`;
}
