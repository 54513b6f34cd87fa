import type { CommentStatus } from '../comments/comment.ts';
import type { Position, QueueFilter } from '../comments/comment-store.ts';
import { siteScope } from '../comments/counts.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { PageName } from '../sites/pages.ts';
import type { Principal } from '../staff/principal.ts';
import { seesSite } from '../staff/principal.ts';
import type { CommentList } from './lists.ts';
import { isCounted, joinedList, positionIn } from './lists.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';
import { isNarrowed, type Narrowing, narrowedList } from './narrowed.ts';
import { onPages } from './of-page.ts';

/** Totals under a filter that no counter keeps are counted this far. */
const TOTAL_CAP = 10_000;

export interface QueueRequest extends Narrowing {
  /** One site, or undefined for all that the caller sees. */
  site?: string;
  status: QueueFilter['status'];
  authorKey?: string;
  page?: PageName;
  /** Milliseconds since 1970; both ends belong to the range. */
  since?: number;
  until?: number;
  /** See QueueFilter. */
  q?: string;
  phase?: string;
  reason?: string;
  sort: 'oldest' | 'newest' | 'risk';
  from?: Position;
  limit: number;
}

export interface QueueSlice {
  items: ModeratedComment[];
  total: number;
  totalCapped?: true;
  next: Position | null;
}

/** The sites a caller's request is about. A site out of scope is `site-not-found`, as one that is not there. */
export async function sitesOf(deps: Deps, principal: Principal, site?: string): Promise<string[]> {
  if (site !== undefined) {
    if (!seesSite(principal, site) || !(await deps.sites.find(site))) throw new AppError('site-not-found');
    return [site];
  }
  const ids = await deps.sites.ids();
  return ids.filter((id) => seesSite(principal, id));
}

async function totalOf(list: CommentList, isExact: boolean): Promise<{ total: number; totalCapped?: true }> {
  const counted = await list.count(TOTAL_CAP + 1);
  return counted > TOTAL_CAP && !isExact ? { total: TOTAL_CAP, totalCapped: true } : { total: counted };
}

/** A page of what waits for a person, or of any other status. */
export async function listQueue(
  deps: Deps,
  principal: Principal,
  request: QueueRequest,
): Promise<QueueSlice> {
  const { site, status, claimed, standing, similarTo, page, sort, from, limit, ...narrow } = request;
  const sites = await sitesOf(deps, principal, site);
  const whole: QueueFilter = { sites, status, ...narrow };
  const filters = page === undefined ? [whole] : await onPages(deps, whole, page);
  const narrowing: Narrowing = { claimed, standing, similarTo };
  const isExact = filters.every(isCounted) && !isNarrowed(narrowing);
  const lists = filters.map((one) => narrowedList(deps, one, { ...narrowing, callerId: principal.id }));
  const list = joinedList(await Promise.all(lists));
  // One by one it is counted beside the page; what counters tell is asked for together with the authors' ones.
  const counting = isExact ? null : totalOf(list, isExact);
  counting?.catch(() => undefined);
  const found = await list.page({ sort, from, limit: limit + 1 });
  const comments = found.slice(0, limit);
  const last = comments.at(-1);
  const position = last && positionIn(sort)(last);
  const [items, total] = await Promise.all([
    presentModerated(deps, comments),
    counting ?? totalOf(list, isExact),
  ]);
  return {
    items,
    ...total,
    next: found.length > limit && position ? position : null,
  };
}

export interface QueueCounts {
  pending: number;
  reported: number;
  spam: number;
  approved: number;
  rejected: number;
  trash: number;
  oldestPendingAt: string | null;
}

/** How many comments listing each status would find. */
export async function countQueues(deps: Deps, principal: Principal, site?: string): Promise<QueueCounts> {
  const sites = await sitesOf(deps, principal, site);
  const [counts, oldest] = await Promise.all([
    deps.comments.counts(sites.map(siteScope)),
    deps.comments.oldestPending(sites),
  ]);
  const sum = (status: CommentStatus | 'reported'): number =>
    [...counts.values()].reduce((total, one) => total + one[status], 0);
  return {
    pending: sum('pending'),
    reported: sum('reported'),
    spam: sum('spam'),
    approved: sum('approved'),
    rejected: sum('rejected'),
    trash: sum('trash'),
    oldestPendingAt: oldest === null ? null : timestamp(oldest),
  };
}
