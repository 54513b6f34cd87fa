import type { Actor, Comment, HistoryAction, HistoryEntry } from '../comment.ts';
import { DECISION_ACTIONS } from '../comment.ts';
import { isOfElsewhere } from '../elsewhere.ts';
import { effectOf } from '../judgement.ts';

/** By site: the phases whose comments two moderators have to approve before they are published. */
export type SecondReview = Readonly<Record<string, readonly string[]>>;

/** Acts after which a first approval counts no longer: it was of what stood before them. */
const ENDS_IT: ReadonlySet<HistoryAction> = new Set<HistoryAction>([...DECISION_ACTIONS, 'edit', 'hold']);

type Reviewed = Pick<Comment, 'site' | 'status' | 'screening'>;

const isSame = (one: Actor, other: Actor): boolean => one.kind === other.kind && one.id === other.id;

/** Whether a comment that is not published wants two approvals: one of the phases stopped it. */
export function wantsSecondReview({ site, status, screening }: Reviewed, review: SecondReview): boolean {
  const phases = review[site] ?? [];
  if (status === 'approved' || phases.length === 0) return false;
  return screening.some((outcome) => phases.includes(outcome.phase) && effectOf(outcome) !== 'pass');
}

/**
 * Who has approved it already, as it stands; null where nobody has. What an import says of somebody elsewhere is no
 * approval here: it may be the same person, who would be two.
 */
export function firstApproval(history: readonly HistoryEntry[]): Actor | null {
  const newest = history.filter(({ action, undone }) => !undone && ENDS_IT.has(action)).at(-1);
  const isFirst = newest?.action === 'approve' && newest.to !== 'approved' && !isOfElsewhere(newest.by);
  return isFirst ? newest.by : null;
}

/** Whether an approval by `by` is the first of two: it is kept, and publishes nothing yet. */
export function isFirstOfTwo(
  comment: Reviewed,
  { by, review, history }: { by: Actor; review: SecondReview; history: readonly HistoryEntry[] },
): boolean {
  if (!wantsSecondReview(comment, review)) return false;
  const first = firstApproval(history);
  return first === null || isSame(first, by);
}
