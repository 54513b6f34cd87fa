import type { Actor, Comment, CommentStatus, HistoryAction, HistoryEntry, Report } from '../comment.ts';
import { NOTED_ACTIONS } from '../comment.ts';
import type { CommentEvent } from '../event.ts';
import { eventOfEntry } from '../event.ts';
import type { Tally } from '../tallies.ts';

export type Refusal =
  | { refused: 'not-found' }
  | { refused: 'comment-deleted' }
  | { refused: 'nothing-to-restore' }
  /** A report that counts no further; there is nothing to write and nothing to tell. */
  | { refused: 'not-counted' }
  /** A verdict on what a person has decided; a verdict on an older text, or older than one that came in. */
  | { refused: 'decided' }
  | { refused: 'stale' }
  /** The very act is in the history: it was carried out before, by whoever was cut off then. */
  | { refused: 'repeated'; entry: HistoryEntry }
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
  /** The entry to append; null for a report that holds nothing. */
  entry: HistoryEntry | null;
  /** The decision to mark undone, for an undo. */
  undone: string | null;
  /** What becomes of the reports; null where nothing does. */
  reports: ReportChange | null;
  event: CommentEvent;
  /** By how much it moves what statistics count. */
  tallies: Tally[];
}

export type ReportChange =
  | { kind: 'add'; report: Report }
  /** Every open one is closed by this decision. */
  | { kind: 'close'; decisionId: string }
  /** Those that this decision closed are open again. */
  | { kind: 'reopen'; decisionId: string };

/** What a plan has to know beside the comment. */
export interface Surroundings {
  /** Oldest first. */
  history: HistoryEntry[];
  /** True for a root. */
  parentOpen: boolean;
  /** All of the comment's reports; asked for by a report alone. */
  reports: () => Report[];
}

export type Plan = Omit<PlannedChange, 'tallies'>;

export const NOTED: ReadonlySet<HistoryAction> = new Set(NOTED_ACTIONS);

/** What stands now, for a caller who saw something else. */
export function currentState(comment: Comment, history: HistoryEntry[]): CurrentState {
  const last = history.filter(({ action }) => !NOTED.has(action)).at(-1);
  return {
    status: comment.status,
    version: comment.version,
    by: last?.by ?? comment.decidedBy,
    at: last?.at ?? comment.createdAt,
  };
}

export const conflict = (comment: Comment, history: HistoryEntry[]): Refusal => ({
  refused: 'conflict',
  current: currentState(comment, history),
});

type Act = Pick<HistoryEntry, 'decisionId' | 'at' | 'by'>;

export function entryFor(
  current: Comment,
  next: Comment,
  act: Act,
  rest: Pick<HistoryEntry, 'action'> & Partial<HistoryEntry>,
): HistoryEntry {
  return {
    decisionId: act.decisionId,
    at: act.at,
    by: act.by,
    from: current.status,
    to: next.status,
    reason: null,
    note: null,
    batchId: null,
    version: next.version,
    closedReports: 0,
    undone: false,
    undoes: null,
    previousBy: current.decidedBy,
    revision: next.revision === current.revision ? null : next.revision,
    ...rest,
  };
}

export const planned = (
  next: Comment,
  entry: HistoryEntry,
  rest: Partial<Pick<Plan, 'undone' | 'reports'>> = {},
): Plan => ({
  next,
  entry,
  undone: null,
  reports: null,
  event: eventOfEntry(next, entry),
  ...rest,
});
