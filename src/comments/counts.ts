import type { Comment, CommentStatus } from './comment.ts';
import { isReported, isVisible } from './comment.ts';

/**
 * How a comment stands in the counters. Deleted comments are counted in no status.
 * A change of a comment is a pair of standings; the counters move by the difference.
 */
export interface Standing {
  status: CommentStatus | null;
  visible: boolean;
  /** Approved, with reports that are open. */
  reported: boolean;
}

/** One change of one comment, as the counters see it. Self-contained, so that it can be folded in later. */
export interface CountChange {
  site: string;
  pageKey: string;
  authorKey: string | null;
  ancestors: string[];
  before: Standing;
  after: Standing;
}

export type CounterField = CommentStatus | 'visible' | 'reported';

/**
 * A counter's name: `s/{site}`, `p/{site}/{pageKey}` or `a/{site}/{authorKey}`; `r/{commentId}` is the
 * comment's own replyCount (field `visible`).
 */
export interface CounterDelta {
  scope: string;
  field: CounterField;
  by: number;
}

export type Counts = Record<CounterField, number>;

export const NO_COUNTS: Counts = {
  pending: 0,
  approved: 0,
  rejected: 0,
  spam: 0,
  trash: 0,
  visible: 0,
  reported: 0,
};
export const COUNTER_FIELDS = Object.keys(NO_COUNTS) as CounterField[];
export const NOT_THERE: Standing = { status: null, visible: false, reported: false };

export const siteScope = (site: string): string => `s/${site}`;
export const pageScope = (site: string, pageKey: string): string => `p/${site}/${pageKey}`;
export const authorScope = (site: string, authorKey: string): string => `a/${site}/${authorKey}`;
export const repliesScope = (commentId: string): string => `r/${commentId}`;

export function standingOf(
  comment: Pick<Comment, 'status' | 'open' | 'deletedAt' | 'openReports'>,
): Standing {
  return {
    status: comment.deletedAt === null ? comment.status : null,
    visible: isVisible(comment),
    reported: isReported(comment),
  };
}

/** The change between two standings of a comment, or null where no counter moves. */
export function countChange(comment: Comment, before: Standing, after: Standing): CountChange | null {
  if (
    before.status === after.status &&
    before.visible === after.visible &&
    before.reported === after.reported
  )
    return null;
  const { site, pageKey, ancestors } = comment;
  return { site, pageKey, authorKey: comment.author.key, ancestors, before, after };
}

/**
 * What a change of a comment moves: one step, or two where it leaves one author and is another's (or nobody's) from
 * then on.
 */
export function countChangesOf(current: Comment, next: Comment): CountChange[] {
  const [before, after] = [standingOf(current), standingOf(next)];
  if (current.author.key === next.author.key) return [countChange(next, before, after) ?? []].flat();
  return [countChange(current, before, NOT_THERE) ?? [], countChange(next, NOT_THERE, after) ?? []].flat();
}

/** Every counter that a change moves, each at most once per field. */
export function deltasOf(change: CountChange): CounterDelta[] {
  const deltas: CounterDelta[] = [];
  const scopes = [siteScope(change.site), pageScope(change.site, change.pageKey)];
  if (change.authorKey !== null) scopes.push(authorScope(change.site, change.authorKey));
  const visible = Number(change.after.visible) - Number(change.before.visible);
  const reported = Number(change.after.reported) - Number(change.before.reported);
  for (const scope of scopes) {
    if (change.before.status !== change.after.status) {
      if (change.before.status) deltas.push({ scope, field: change.before.status, by: -1 });
      if (change.after.status) deltas.push({ scope, field: change.after.status, by: 1 });
    }
    if (visible !== 0) deltas.push({ scope, field: 'visible', by: visible });
    if (reported !== 0) deltas.push({ scope, field: 'reported', by: reported });
  }
  if (visible !== 0) {
    for (const id of change.ancestors)
      deltas.push({ scope: repliesScope(id), field: 'visible', by: visible });
  }
  return deltas;
}
