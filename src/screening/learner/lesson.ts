import type { PlannedChange } from '../../comments/changes/plan.ts';
import type { Actor, Comment, HistoryEntry } from '../../comments/comment.ts';
import { historyAfter } from '../../comments/history.ts';
import type { LearntText } from './features.ts';
import type { Label } from './model.ts';

/**
 * One line of the log that all is learnt from. Of each comment the newest line stands, and those before it have
 * neither label nor text any more. Lines are in the order of their numbers, which are those of the events they
 * came of, and are never renumbered.
 */
export type Lesson = LessonHead & LessonBody;

interface LessonHead {
  number: number;
  site: string;
  commentId: string;
  /** The number of the line that this one takes back; null where the learner had nothing of the comment's. */
  supersedes: number | null;
}

/** What was said; `label` null: nothing (any more), and then there is no text. */
type LessonBody = { label: Said; learnt: LearntText } | { label: null; learnt: null };

/** What people say of a comment. Of what they reject copies alone are known: the learner leaves it aside. */
export type Said = Label | 'rejected';

const LABELS: Partial<Record<HistoryEntry['action'], Said>> = {
  approve: 'ham',
  spam: 'spam',
  reject: 'rejected',
};
const DECISIVE: readonly HistoryEntry['action'][] = ['approve', 'reject', 'spam', 'trash', 'restore'];

const isPerson = (by: Actor): boolean => by.kind === 'moderator' || by.kind === 'token';

/**
 * What people say of a comment: the newest decision that is not undone. Trashed says nothing; a restore leads back
 * to what was said before the decision it restores from.
 */
export function labelOf(history: readonly HistoryEntry[]): Said | null {
  const decided = history.filter((one) => !one.undone && DECISIVE.includes(one.action) && isPerson(one.by));
  if (decided.at(-1)?.action !== 'restore') return LABELS[decided.at(-1)?.action ?? 'trash'] ?? null;
  const before = decided.filter(({ action }) => action !== 'restore').at(-2);
  return (before && LABELS[before.action]) ?? null;
}

/**
 * Whether somebody took out text that the log must not keep: its author erased it, a moderator rewrote it. What a
 * site no longer keeps it has learnt from all the same: else a month after its last spam it would know of none.
 * Of what it rejected it has learnt nothing, and keeps it no longer than it wants to.
 */
function isTakenOut(current: Comment, { next, entry }: PlannedChange, before: Said | null): boolean {
  if (entry?.action === 'expire') return before === 'rejected';
  if (next.text === current.text && next.author.url === current.author.url) return false;
  return next.deletedAt !== null || entry?.by.kind !== 'author';
}

/**
 * What a change of a comment teaches, of the text as it stands: `label` null takes back what was learnt of it, null
 * leaves the log as it is. `history` is the one before the change. A decision's texts may be left out.
 */
export function lessonOf(
  current: Comment,
  planned: PlannedChange,
  history: readonly HistoryEntry[],
): { label: Said | null } | null {
  const { entry, undone, next } = planned;
  if (entry === null || next.author.moderator) return null;
  const before = labelOf(history);
  if (isTakenOut(current, planned, before)) return before === null ? null : { label: null };
  const after = labelOf(historyAfter([...history], { entry, undone }));
  return after === before ? null : { label: after };
}
