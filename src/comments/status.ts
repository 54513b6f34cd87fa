import type { Comment, CommentStatus, DecisionAction, HistoryEntry } from './comment.ts';

/**
 * Who may go where. Every decision but `restore` is allowed from every status, the same one included:
 * a person then confirms what stands.
 */
const DECIDED: Record<Exclude<DecisionAction, 'restore'>, CommentStatus> = {
  approve: 'approved',
  reject: 'rejected',
  spam: 'spam',
  trash: 'trash',
};

/** The status a decision gives. */
export function decidedStatus(action: Exclude<DecisionAction, 'restore'>): CommentStatus {
  return DECIDED[action];
}

/**
 * Where `restore` leads: the status before the newest decision that is neither undone nor a restore;
 * with none, and a status given by screening, `pending`; else null, there is nothing to restore.
 */
export function restoredStatus(comment: Comment, history: HistoryEntry[]): CommentStatus | null {
  const decisions = history.filter((entry) => entry.action in DECIDED && !entry.undone);
  const newest = decisions.at(-1);
  if (newest) return newest.from;
  const byMachine = comment.decidedBy === null || comment.decidedBy.kind === 'filter';
  return byMachine ? 'pending' : null;
}
