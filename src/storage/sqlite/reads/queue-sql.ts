import type { CommentStatus } from '../../../comments/comment.ts';
import type { Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { idFloor } from '../../../ids.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';

/** A share of the queue: one site, and one status or all. */
export interface Stream {
  site: string;
  /** null: all, from an index of all. */
  status: CommentStatus | 'reported' | null;
}

/**
 * A stretch of a stream that one index holds in order and one range of it bounds. By id there is one. By
 * risk a walk that goes on from a comment takes first those of the same risk, then those of a lower one;
 * and of one page or author the riskless stand in the index by id.
 */
export type Part = 'whole' | 'same-risk' | 'lower-risk' | 'riskless';

/** What the lists are narrowed by. */
export type ListFilter = Omit<QueueFilter, 'q' | 'phase' | 'reason'> & {
  /** A list of what a phase stopped or a reason was given for (see moderation/marks.ts), by id only. */
  mark?: string;
};

export type Shape = Omit<ListFilter, 'sites' | 'status'> & {
  sort: QueueQuery['sort'];
  from?: Position;
  part: Part;
};

/** A statement with its values, but for the limit that ends both. */
export interface Walk {
  sql: string;
  binds: Bound[];
}

/** The parts of a walk, in order. */
export function partsOf({ sort, authorKey, pageKey, from }: Omit<Shape, 'part'>): Part[] {
  if (sort !== 'risk') return ['whole'];
  const apart = authorKey !== undefined || pageKey !== undefined;
  if (apart && from && !from.value) return ['riskless'];
  const parts: Part[] = from ? ['same-risk', 'lower-risk'] : ['whole'];
  return apart ? [...parts, 'riskless'] : parts;
}

const byRisk = ({ sort, part }: Shape): boolean => sort === 'risk' && part !== 'riskless';

/** The comments of a part, in order. */
export function walkSql(shape: Shape, stream: Stream, columns: string): Walk {
  const order = byRisk(shape) ? 'risk_order, id' : shape.sort === 'newest' ? 'id DESC' : 'id';
  const { where, binds } = conditions(shape, stream);
  const sql = `SELECT ${columns} FROM ${listFor(shape, stream)}
    WHERE ${where} ORDER BY ${order} LIMIT ${BOUND_LIMIT}`;
  return { sql, binds };
}

/** The number of a stream's comments, as `n`. */
export function countSql(filter: ListFilter, stream: Stream): Walk {
  const shape: Shape = { ...filter, sort: 'oldest', part: 'whole' };
  const { where, binds } = conditions(shape, stream);
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${listFor(shape, stream)}
    WHERE ${where} LIMIT ${BOUND_LIMIT})`;
  return { sql, binds };
}

/** When the oldest pending comment was posted; binds the site. */
export function oldestPendingSql(): string {
  return `SELECT created_at FROM comments INDEXED BY queue_status
    WHERE deleted_at IS NULL AND site = ? AND status = 'pending' ORDER BY id LIMIT 1`;
}

function listFor(shape: Shape, stream: Stream): string {
  return shape.mark === undefined ? `comments INDEXED BY ${indexFor(shape, stream)}` : 'marks';
}

function indexFor(shape: Shape, { status }: Stream): string {
  if (status === 'reported') return reportedIndexFor(shape);
  const risk = byRisk(shape) ? '_risk' : '';
  if (shape.authorKey !== undefined) return `queue_author${risk}`;
  if (shape.pageKey !== undefined) return `queue_page${risk}`;
  return status === null ? 'queue_all' : `queue_status${risk}`;
}

/** Of the reported ones even those without risk stand in the indexes by risk: they are few. */
function reportedIndexFor({ authorKey, pageKey, sort }: Shape): string {
  const risk = sort === 'risk' ? '_risk' : '';
  if (authorKey !== undefined) return `queue_reported_author${risk}`;
  return pageKey === undefined ? `queue_reported${risk}` : `queue_reported_page${risk}`;
}

function conditions(shape: Shape, { site, status }: Stream): { where: string; binds: Bound[] } {
  const { authorKey, pageKey, mark, from, part } = shape;
  const apart = authorKey !== undefined || pageKey !== undefined;
  const parts = mark === undefined ? ['deleted_at IS NULL', 'site = ?'] : ['site = ?'];
  const binds: Bound[] = [site];
  const bind = (condition: string, value: Bound | undefined): void => {
    if (value === undefined) return;
    parts.push(condition);
    binds.push(value);
  };
  bind('mark = ?', mark);
  if (status === 'reported') parts.push("status = 'approved' AND open_reports > 0");
  else bind('status = ?', status ?? undefined);
  bind('author_key = ?', authorKey);
  bind('page_key = ?', pageKey);
  if (part === 'riskless') parts.push('risk_order = 0');
  if (byRisk(shape) && apart) parts.push('risk_order < 0');
  if (part === 'same-risk') bind('risk_order = ?', -(from?.value ?? 0));
  if (part === 'lower-risk') bind('risk_order > ?', -(from?.value ?? 0));
  const { above, below } = idRange(shape);
  bind('id > ?', above);
  bind('id < ?', below);
  return { where: parts.join(' AND '), binds };
}

/**
 * Span and position as one lower and one upper bound, both exclusive: of two lower bounds SQLite would
 * use one and try the other on every entry. The least id of a moment is shorter than any id.
 */
function idRange({ since, until, sort, from, part }: Shape): { above?: string; below?: string } {
  const floors = since === undefined ? [] : [idFloor(since)];
  const ceilings = until === undefined ? [] : [idFloor(until + 1)];
  const goesOn = sort !== 'risk' || part === 'same-risk' || (part === 'riskless' && !from?.value);
  if (from && goesOn) (sort === 'newest' ? ceilings : floors).push(from.id);
  return { above: floors.sort().at(-1), below: ceilings.sort()[0] };
}
