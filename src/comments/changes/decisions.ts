import type { DecideCommand, UndoCommand } from '../commands.ts';
import type { Comment, HistoryAction } from '../comment.ts';
import { DECISION_ACTIONS } from '../comment.ts';
import { decidedStatus, restoredStatus } from '../status.ts';
import { conflict, entryFor, type Plan, planned, type Refusal, type Surroundings } from './plan.ts';
import { isFirstOfTwo } from './second-review.ts';

export function planDecision(
  current: Comment,
  command: DecideCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== undefined && command.version !== current.version) return conflict(current, history);
  const { action, by, secondReview: review = {} } = command;
  const isFirst = action === 'approve' && isFirstOfTwo(current, { by, review, history });
  const decided = action === 'restore' ? restoredStatus(current, history) : decidedStatus(action);
  if (decided === null) return { refused: 'nothing-to-restore' };
  const status = isFirst ? current.status : decided;
  // A restore is no judgement of what readers reported: their reports wait on, as they do for a second approval.
  const closes = action !== 'restore' && !isFirst && current.openReports > 0;
  const next: Comment = {
    ...current,
    status,
    decidedBy: by,
    version: current.version + 1,
    open: parentOpen && status === 'approved',
    openReports: closes ? 0 : current.openReports,
  };
  const entry = entryFor(current, next, command, {
    action,
    reason: command.reason,
    note: command.note,
    batchId: command.batchId ?? null,
    closedReports: closes ? current.openReports : 0,
  });
  return planned(next, entry, {
    reports: closes ? { kind: 'close', decisionId: command.decisionId } : null,
  });
}

/** Acts that stand in the way of an undo; what was taken back already no longer does, nor does what changed nothing. */
const STANDS_IN_THE_WAY: ReadonlySet<HistoryAction> = new Set<HistoryAction>([
  'approve',
  'reject',
  'spam',
  'trash',
  'restore',
  'edit',
  'delete',
  'hold',
]);
const DECISIONS: ReadonlySet<HistoryAction> = new Set(DECISION_ACTIONS);

export function planUndo(
  current: Comment,
  command: UndoCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  const target = history.find((entry) => entry.decisionId === command.undoes);
  if (!target) return { refused: 'not-found' };
  // Acts are taken back newest first, each once.
  const newest = history.filter((entry) => !entry.undone && STANDS_IN_THE_WAY.has(entry.action)).at(-1);
  if (target !== newest || !DECISIONS.has(target.action)) return conflict(current, history);
  const next: Comment = {
    ...current,
    status: target.from,
    decidedBy: target.previousBy,
    version: current.version + 1,
    open: parentOpen && target.from === 'approved',
    openReports: current.openReports + target.closedReports,
  };
  const entry = entryFor(current, next, command, {
    action: 'undo',
    undoes: target.decisionId,
    batchId: command.batchId ?? null,
  });
  return planned(next, entry, {
    undone: target.decisionId,
    reports: target.closedReports > 0 ? { kind: 'reopen', decisionId: target.decisionId } : null,
  });
}
