import { planDecision, planUndo } from './changes/decisions.ts';
import { planRecheck, planVerdict } from './changes/judgements.ts';
import {
  entryFor,
  type Plan,
  type PlannedChange,
  planned,
  type Refusal,
  type Surroundings,
} from './changes/plan.ts';
import { planReport } from './changes/reports.ts';
import { planExpiry, planForgottenAddress } from './changes/retention.ts';
import { planEdit, planErasure, planRemoval, planRevision } from './changes/texts.ts';
import type { CommentCommand, NoteCommand } from './commands.ts';
import type { Comment, HistoryEntry } from './comment.ts';
import { historyAfter } from './history.ts';
import { talliesOf, tallyChange } from './tallies.ts';

/** What `command` makes of a comment. Pure. */
export function planChange(
  current: Comment,
  command: CommentCommand,
  around: Surroundings,
): PlannedChange | Refusal {
  const plan = planFor(current, command, around);
  if (plan.refused !== undefined) return plan;
  const { next, entry, undone } = plan;
  if (entry === null) return { ...plan, tallies: [] };
  const { history } = around;
  const after = talliesOf(next, historyAfter(history, { entry, undone }));
  return { ...plan, tallies: tallyChange(talliesOf(current, history), after) };
}

function planFor(current: Comment, command: CommentCommand, around: Surroundings): Plan | Refusal {
  const entry = repeatedEntry(command, around.history);
  if (entry) return { refused: 'repeated', entry };
  if (current.deletedAt !== null) return { refused: 'comment-deleted' };
  switch (command.kind) {
    case 'decide':
      return planDecision(current, command, around);
    case 'undo':
      return planUndo(current, command, around);
    case 'edit':
      return planEdit(current, command, around);
    case 'revise':
      return planRevision(current, command, around);
    case 'remove':
      return planRemoval(current, command);
    case 'erase':
      return planErasure(current, command);
    case 'expire':
      return planExpiry(current, command, around);
    case 'forget-address':
      return planForgottenAddress(current, command);
    case 'report':
      return planReport(current, command, around);
    case 'recheck':
      return planRecheck(current, command, around);
    case 'verdict':
      return planVerdict(current, command, around);
    case 'note':
      return planNote(current, command);
  }
}

const REPEATABLE: ReadonlySet<CommentCommand['kind']> = new Set<CommentCommand['kind']>([
  'decide',
  'undo',
  'verdict',
]);

/** What a decision, an undo or a verdict left in the history when it was carried out before. */
function repeatedEntry(command: CommentCommand, history: HistoryEntry[]): HistoryEntry | undefined {
  if (!REPEATABLE.has(command.kind)) return undefined;
  return history.find((entry) => entry.decisionId === command.decisionId);
}

function planNote(current: Comment, command: NoteCommand): Plan {
  const next: Comment = { ...current, pinned: command.pinned ?? current.pinned };
  return planned(
    next,
    entryFor(current, next, command, { action: command.action, note: command.note ?? null }),
  );
}
