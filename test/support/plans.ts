import type { PlannedChange, Refusal } from '../../src/comments/changes/plan.ts';
import { planChange } from '../../src/comments/changes.ts';
import type { CommentCommand } from '../../src/comments/commands.ts';
import type { Comment, DecisionAction, HistoryEntry, Report } from '../../src/comments/comment.ts';
import { moderator } from './comments.ts';

/** A decision of the moderator, by default the one called d1. */
export const decide = (
  action: DecisionAction,
  given: { version?: number; decisionId?: string } = {},
): CommentCommand => ({
  kind: 'decide',
  decisionId: 'd1',
  at: 1,
  by: moderator,
  action,
  reason: null,
  note: null,
  ...given,
});

/** The undoing of that decision. */
export const undo = (undoes: string): CommentCommand => ({
  kind: 'undo',
  decisionId: `undo-${undoes}`,
  at: 2,
  by: moderator,
  undoes,
});

/** What a command would come to. */
export const plan = (
  comment: Comment,
  history: HistoryEntry[],
  command: CommentCommand,
  parentOpen: boolean,
  reports: Report[] = [],
): PlannedChange | Refusal => planChange(comment, command, { history, parentOpen, reports: () => reports });

/** The plan; throws where it was refused. */
export function planned(result: PlannedChange | Refusal): PlannedChange {
  if (result.refused !== undefined) throw new Error(`refused: ${result.refused}`);
  return result;
}

/** Applies commands one after another as a store does. */
export function play(
  start: Comment,
  commands: CommentCommand[],
): { comment: Comment; history: HistoryEntry[] } {
  let comment = start;
  let history: HistoryEntry[] = [];
  for (const command of commands) {
    const { next, entry, undone } = planned(plan(comment, history, command, true));
    history = history.map((e) => (e.decisionId === undone ? { ...e, undone: true } : e));
    if (entry) history = [...history, entry];
    comment = next;
  }
  return { comment, history };
}

/** A reader’s report. */
export const report = (
  reader: string,
  rest: { address?: string; holdAt?: number | null } = {},
): CommentCommand => ({
  kind: 'report',
  decisionId: `report-${reader}`,
  at: 3,
  report: { reader, address: rest.address ?? `at ${reader}`, reason: 'abuse', note: null },
  holdAt: rest.holdAt ?? null,
});

/** The report as it stands with the comment. */
export const reported = (reader: string, address = `at ${reader}`): Report => ({
  id: `report-${reader}`,
  reader,
  address,
  reason: 'abuse',
  note: null,
  at: 3,
  closedBy: null,
});
