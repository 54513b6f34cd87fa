import type { CurrentState } from '../comments/changes/plan.ts';
import type { SecondReview } from '../comments/changes/second-review.ts';
import type { Actor, CommentStatus, DecisionAction } from '../comments/comment.ts';

/**
 * Many decisions that one person made by one act. What it is to do is durable before the first of them, and
 * it is carried out part by part, so that any instance can finish what another was cut off in. The decision
 * of the batch on a comment has the id {batch}{comment}: a part done twice does nothing more.
 */
export interface Batch extends BatchProgress {
  /** A short id; see ids.ts. */
  id: string;
  at: number;
  by: Actor;
  /** Those whose comments it decides. */
  sites: string[];
  task: BatchTask;
}

export type BatchTask = DecideTask | MatchTask | UndoTask;

interface Decided {
  action: DecisionAction;
  reason: string | null;
  /** Null once the batch is done: it stands with the comments then, and goes with them. */
  note: string | null;
  /** As the sites said when it began. */
  secondReview?: SecondReview;
}

/** Comments that were named one by one; all of them stand in `ahead` at the beginning. */
export interface DecideTask extends Decided {
  kind: 'items';
}

/** Comments of a filter, oldest first. */
export interface MatchTask extends Decided {
  kind: 'match';
  /** A QueueFilter as JSON, sealed: words that are searched for may be anything, an address too. */
  filter: string;
  /** Comments to look at, at most; null: all there are. */
  limit: number | null;
  /** Those that have the action's status already are left alone; else they are confirmed. */
  passOver: boolean;
  /** Where all that is to be decided stood in `ahead` at the beginning: how many more of the filter there were. */
  beyond?: number;
}

/** What an earlier batch decided. */
export interface UndoTask {
  kind: 'undo';
  undoes: string;
}

export interface BatchItem {
  id: string;
  /** The version that was seen; null: whatever is current. */
  version: number | null;
  /** Known before it begins: it is not decided, and told so at its place. */
  refused?: BatchRefusal;
}

/**
 * `reason`: the site does not know the decision's reason. `undecided`: of an undo, the batch had decided
 * nothing there, and nothing is told of it.
 */
export type BatchRefusal =
  | 'not-found'
  | 'comment-deleted'
  | 'nothing-to-restore'
  | 'conflict'
  | 'reason'
  | 'undecided';

/** What became of an item. */
export type BatchOutcome =
  | { id: string; refused?: undefined; status: CommentStatus; version: number }
  | { id: string; refused: BatchRefusal; current?: CurrentState };

export interface BatchProgress {
  state: 'open' | 'done';
  /** Parts that are done: the number of the one under way, from 0; −1 where the first is still to be looked for. */
  part: number;
  /** What is to be decided next: the part under way, and of named items all that come after it. */
  ahead: BatchItem[];
  /** Of a match, the last comment that was looked at. */
  after: { id: string; at: number } | null;
  /** Over all parts that are done. */
  decided: number;
  conflicts: number;
  /** Of a match that is done: how many more there were, counted to REMAINING_CAP + 1. */
  remaining: number;
}

/** Where batches are kept, for their answers, for an undo, and for whoever has to finish them. */
export interface BatchStore {
  /** Durable once fulfilled; this instance works on it. */
  begin(batch: Batch): Promise<void>;
  find(id: string): Promise<Batch | null>;
  /** Of a part that is done; null where it is not. */
  part(id: string, number: number): Promise<BatchOutcome[] | null>;
  /** Of all parts that are done, in order. */
  outcomes(id: string): Promise<BatchOutcome[]>;
  /**
   * Records what became of the part under way, and where to go on. This instance goes on working on it for a
   * while, or is done. False where another one has taken over: that one's word counts.
   */
  advance(id: string, step: BatchStep): Promise<boolean>;
  /** Makes an open batch that nobody works on this instance's: that one, or any. Null where there is none. */
  takeOver(id?: string): Promise<Batch | null>;
  /** Gives up work on it: another may take over at once. */
  release(id: string): Promise<void>;
}

export interface BatchStep {
  outcomes: BatchOutcome[];
  /** `part` is one more than that of the part under way. */
  progress: BatchProgress;
}

/** How long an instance is taken to be at work after it last said so, in milliseconds. */
export const BATCH_LEASE = 12_000;
