import type {
  Actor,
  Comment,
  CommentAuthor,
  CommentStatus,
  DecisionAction,
  HistoryEntry,
  PhaseOutcome,
} from './comment.ts';
import { decidedStatus, restoredStatus } from './status.ts';

/**
 * Everything that can happen to a stored comment, as data. A store reads the comment and its history,
 * asks `planChange` what becomes of them, and writes the result in one atomic step (compare and set on
 * the version). The rules live here once, for every store.
 */
export type CommentCommand = DecideCommand | UndoCommand | EditCommand | RemoveCommand;

export interface DecideCommand {
  kind: 'decide';
  decisionId: string;
  at: number;
  by: Actor;
  action: DecisionAction;
  /** The version the decider saw; undefined applies to whatever is current. */
  version?: number;
  reason: string | null;
  note: string | null;
}

/** Takes back the decision `undoes`: status and decider as before it. */
export interface UndoCommand {
  kind: 'undo';
  decisionId: string;
  at: number;
  by: Actor;
  undoes: string;
}

/** The author's new text, with what screening made of it. */
export interface EditCommand {
  kind: 'edit';
  decisionId: string;
  at: number;
  by: Actor;
  /** The version that was screened: an edit never overwrites a change it did not see. */
  version: number;
  text: string;
  html: string;
  /** Keyed hash of page, parent, author and folded text; see submit.ts. */
  duplicateKey: string;
  screened: CommentStatus;
  screening: PhaseOutcome[];
  risk: number;
}

/** The author takes the comment away: text, name, url and address go at once. */
export interface RemoveCommand {
  kind: 'remove';
  decisionId: string;
  at: number;
  by: Actor;
}

export type Refusal =
  | { refused: 'not-found' }
  | { refused: 'comment-deleted' }
  | { refused: 'nothing-to-restore' }
  | { refused: 'conflict'; current: CurrentState };

/** What a caller who lost a race is told. */
export interface CurrentState {
  status: CommentStatus;
  version: number;
  by: Actor | null;
  at: number;
}

export interface PlannedChange {
  refused?: undefined;
  /** The comment after the change; `open` only for its own part, the store carries it to descendants. */
  next: Comment;
  /** The entry to append. */
  entry: HistoryEntry;
  /** The decision to mark undone, for an undo. */
  undone: string | null;
}

/** What `command` makes of a comment. `history` is oldest first. `parentOpen` is true for a root. Pure. */
export function planChange(
  current: Comment,
  history: HistoryEntry[],
  command: CommentCommand,
  parentOpen: boolean,
): PlannedChange | Refusal {
  if (current.deletedAt !== null) return { refused: 'comment-deleted' };
  switch (command.kind) {
    case 'decide':
      return planDecision(current, history, command, parentOpen);
    case 'undo':
      return planUndo(current, history, command, parentOpen);
    case 'edit':
      return planEdit(current, history, command, parentOpen);
    case 'remove':
      return planRemoval(current, command);
  }
}

/** What stands now, for a caller who saw something else. */
export function currentState(comment: Comment, history: HistoryEntry[]): CurrentState {
  const last = history.at(-1);
  return {
    status: comment.status,
    version: comment.version,
    by: last?.by ?? comment.decidedBy,
    at: last?.at ?? comment.createdAt,
  };
}

const conflict = (comment: Comment, history: HistoryEntry[]): Refusal => ({
  refused: 'conflict',
  current: currentState(comment, history),
});

function entryFor(
  current: Comment,
  next: Comment,
  command: CommentCommand,
  rest: Pick<HistoryEntry, 'action'> & Partial<HistoryEntry>,
): HistoryEntry {
  return {
    decisionId: command.decisionId,
    at: command.at,
    by: command.by,
    from: current.status,
    to: next.status,
    reason: null,
    note: null,
    version: next.version,
    undone: false,
    undoes: null,
    previousBy: current.decidedBy,
    ...rest,
  };
}

function planDecision(
  current: Comment,
  history: HistoryEntry[],
  command: DecideCommand,
  parentOpen: boolean,
): PlannedChange | Refusal {
  if (command.version !== undefined && command.version !== current.version) return conflict(current, history);
  const status =
    command.action === 'restore' ? restoredStatus(current, history) : decidedStatus(command.action);
  if (status === null) return { refused: 'nothing-to-restore' };
  const next: Comment = {
    ...current,
    status,
    decidedBy: command.by,
    version: current.version + 1,
    open: parentOpen && status === 'approved',
  };
  const entry = entryFor(current, next, command, {
    action: command.action,
    reason: command.reason,
    note: command.note,
  });
  return { next, entry, undone: null };
}

function planUndo(
  current: Comment,
  history: HistoryEntry[],
  command: UndoCommand,
  parentOpen: boolean,
): PlannedChange | Refusal {
  const target = history.find((entry) => entry.decisionId === command.undoes);
  if (!target) return { refused: 'not-found' };
  // Acts are taken back newest first, each once; what was taken back already no longer stands in the way.
  const newest = history.filter((entry) => !entry.undone && entry.action !== 'undo').at(-1);
  const isDecision = target.action !== 'undo' && target.action !== 'edit' && target.action !== 'delete';
  if (target !== newest || !isDecision) return conflict(current, history);
  const next: Comment = {
    ...current,
    status: target.from,
    decidedBy: target.previousBy,
    version: current.version + 1,
    open: parentOpen && target.from === 'approved',
  };
  const entry = entryFor(current, next, command, { action: 'undo', undoes: target.decisionId });
  return { next, entry, undone: target.decisionId };
}

function planEdit(
  current: Comment,
  history: HistoryEntry[],
  command: EditCommand,
  parentOpen: boolean,
): PlannedChange | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  // A status that a person gave may only fall, and only from approved; one that a machine gave is given anew.
  const byPerson = current.decidedBy !== null && current.decidedBy.kind !== 'filter';
  const status = byPerson && current.status !== 'approved' ? current.status : command.screened;
  const fell = status !== current.status;
  const next: Comment = {
    ...current,
    text: command.text,
    html: command.html,
    status,
    decidedBy: fell ? null : current.decidedBy,
    version: current.version + 1,
    revision: current.revision + 1,
    editedAt: command.at,
    open: parentOpen && status === 'approved',
    screening: command.screening,
    risk: command.risk,
  };
  return { next, entry: entryFor(current, next, command, { action: 'edit' }), undone: null };
}

const NOBODY: CommentAuthor = { key: null, name: null, url: null, email: null, moderator: false };

function planRemoval(current: Comment, command: RemoveCommand): PlannedChange {
  const next: Comment = {
    ...current,
    author: { ...NOBODY, key: current.author.key },
    text: null,
    html: null,
    version: current.version + 1,
    deletedAt: command.at,
    // The note of what matched where would quote the text that is gone.
    screening: current.screening.map(({ matches: _, ...outcome }) => ({ ...outcome, detail: null })),
  };
  return { next, entry: entryFor(current, next, command, { action: 'delete' }), undone: null };
}
