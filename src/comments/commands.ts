import type { SecondReview } from './changes/second-review.ts';
import type {
  Actor,
  CommentStatus,
  DecisionAction,
  FilterWord,
  NOTED_ACTIONS,
  PhaseOutcome,
  Report,
} from './comment.ts';

/**
 * Everything that can happen to a stored comment, as data. A store reads the comment and its history,
 * asks `planChange` (changes.ts) what becomes of them, and writes the result in one atomic step (compare and set on
 * the version). The rules live here once, for every store.
 */
export type CommentCommand =
  | DecideCommand
  | UndoCommand
  | EditCommand
  | ReviseCommand
  | RemoveCommand
  | EraseCommand
  | ExpireCommand
  | ForgetAddressCommand
  | ReportCommand
  | VerdictCommand
  | RecheckCommand
  | NoteCommand;

export interface DecideCommand {
  kind: 'decide';
  decisionId: string;
  at: number;
  by: Actor;
  action: DecisionAction;
  /** The batch it is part of. */
  batchId?: string;
  /** The version the decider saw; undefined applies to whatever is current. */
  version?: number;
  reason: string | null;
  note: string | null;
  /** Where an approval may be the first of two; absent: nowhere. */
  secondReview?: SecondReview;
}

/** Takes back the decision `undoes`: status and decider as before it. */
export interface UndoCommand {
  kind: 'undo';
  decisionId: string;
  at: number;
  by: Actor;
  undoes: string;
  /** The batch it is part of. */
  batchId?: string;
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
  /** Keyed hash of page, parent, author and folded text; see duplicates.ts. */
  duplicateKey: string;
  screened: CommentStatus;
  screening: PhaseOutcome[];
  risk: number;
}

/** A moderator's hand on the text, name or link; the status stays. Members that are absent stay as they are. */
export interface ReviseCommand {
  kind: 'revise';
  decisionId: string;
  at: number;
  by: Actor;
  version: number;
  body?: { text: string; html: string };
  author?: { name?: string | null; url?: string | null };
  /** Where text or name change what counts as the same comment; see duplicates.ts. */
  duplicateKey?: string;
}

/** A reader reports it. Changes nothing where the reader has done so before. */
export interface ReportCommand {
  kind: 'report';
  /** The act's id where the report holds the comment; else the event's. */
  decisionId: string;
  at: number;
  report: Pick<Report, 'reader' | 'address' | 'reason' | 'note'>;
  /** From so many open reports on an approved comment waits for a person again; null: never. */
  holdAt: number | null;
}

/** A filter's word that came later: it takes the place of what its phase said, and the status is computed anew. */
export interface VerdictCommand {
  kind: 'verdict';
  decisionId: string;
  at: number;
  /** The filter. */
  by: Actor;
  /** The revision that was judged; undefined is the current one. */
  revision?: number;
  outcome: PhaseOutcome & { filter: FilterWord };
}

/** Somebody had the rules look again: what they say takes the place of what they said, and filters' words stay. */
export interface RecheckCommand {
  kind: 'recheck';
  decisionId: string;
  at: number;
  by: Actor;
  /** The version that was screened. */
  version: number;
  screening: PhaseOutcome[];
}

/** A person's act that changes no status. */
export interface NoteCommand {
  kind: 'note';
  decisionId: string;
  at: number;
  by: Actor;
  action: (typeof NOTED_ACTIONS)[number];
  /** For `highlight`. */
  pinned?: boolean;
  /** For `reply`: the id of the comment that answers it. */
  note?: string;
}

/**
 * The key that a command gives the comment among its duplicates; null where it keeps its own. What was erased is
 * nobody's repetition: that the same words are refused to an address would tell whose they were.
 */
export function newDuplicateKey(command: CommentCommand): string | null {
  if (command.kind === 'erase') return `erased ${command.decisionId}`;
  if (command.kind === 'edit') return command.duplicateKey;
  return command.kind === 'revise' ? (command.duplicateKey ?? null) : null;
}

/** The author takes the comment away: text, name, url and address go at once. */
export interface RemoveCommand {
  kind: 'remove';
  decisionId: string;
  at: number;
  by: Actor;
}

/** Whoever wrote it has everything of theirs taken out: the comment with it, or the text stays as nobody's. */
export interface EraseCommand {
  kind: 'erase';
  decisionId: string;
  at: number;
  by: Actor;
  mode: 'anonymise' | 'delete';
}

/** The site does not keep it any longer: as by its author's removal, where it is still as it was found. */
export interface ExpireCommand {
  kind: 'expire';
  decisionId: string;
  at: number;
  by: Actor;
  version: number;
}

/** The site does not keep its author's address any longer; all else stays, the pseudonym too. */
export interface ForgetAddressCommand {
  kind: 'forget-address';
  /** The event's id. */
  decisionId: string;
  at: number;
}
