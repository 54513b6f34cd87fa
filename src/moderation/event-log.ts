import type { StandingEvent } from '../authors/standing.ts';
import type { Actor } from '../comments/comment.ts';
import type { CommentEvent } from '../comments/event.ts';

/** A moderator took comments, kept them for longer, or gave them back. */
export interface ClaimEvent {
  id: string;
  type: 'claim';
  at: number;
  /** All of the comments are of one site. */
  site: string;
  ids: string[];
  /** Null: given back. */
  by: Actor | null;
  /** Milliseconds since 1970; null: given back. */
  until: number | null;
}

/** How far an import is. Its comments have no events of their own. */
export interface ImportEvent {
  id: string;
  type: 'import';
  at: number;
  site: string;
  import: {
    importId: string;
    state: string;
    /** Size of the file, and how much of it is behind. */
    bytes: number;
    read: number;
    pages: number;
    comments: { added: number; unchanged: number; skipped: number };
  };
}

/** What is of no comment: it waits in no document. */
export type LooseEvent = ClaimEvent | ImportEvent;

/** What the log holds. Like an event of a comment it names ids and people, never a text or an address. */
export type LogEvent = CommentEvent | LooseEvent | StandingEvent;

/** Whether it tells of a comment. */
export const isOfComment = (event: LogEvent): event is CommentEvent =>
  event.type !== 'claim' && event.type !== 'standing' && event.type !== 'import';

/** As the log keeps it: a note stands in history and audit, from where an erasure takes it, and nobody reads it here. */
export function loggedEvent(event: LogEvent): LogEvent {
  if (!isOfComment(event) || event.act === null || event.act.note === null) return event;
  return { ...event, act: { ...event.act, note: null } };
}

export interface NumberedEvent {
  /** From 1, without a gap, in the order in which listeners are told. */
  number: number;
  event: LogEvent;
}

export interface LogEnds {
  /** Of the oldest event that is kept; with none kept, one more than `last`. */
  first: number;
  /** Of the newest; 0 where there never was one. Does not fall, also when old events go or the process ends. */
  last: number;
}

/**
 * What happened, in order, for those who listen and those who come back. Events of comments are written by
 * the store in the step that they tell of. They are kept for 24 hours at least, and until every consumer has
 * taken them.
 */
export interface EventLog {
  /** Another one after each restore, since the same numbers are given again then; empty where there never was one. */
  readonly epoch: string;
  /** Those with a greater number, lowest first, at most `limit`. */
  after(number: number, limit: number): Promise<NumberedEvent[]>;
  ends(): Promise<LogEnds>;
  /** For what changes no comment. It has a number once the promise is fulfilled, or soon after. */
  append(event: LooseEvent): Promise<void>;
  /**
   * Calls the listener when there may be more events: after each commit through this instance, and within a
   * second for those of others. Gives what ends that; while nobody listens nothing is asked of the store.
   */
  onNews(listener: () => void): () => void;

  /**
   * Makes a consumer known that must not miss an event; where it is new it begins behind the newest one. Gives
   * that one's number. From then on nothing is taken away that it has not taken.
   */
  join(consumer: string): Promise<number>;
  /** The number up to which the consumer has taken what came; null where it never joined. */
  position(consumer: string): Promise<number | null>;
  /** Moves a consumer on, never back. Durable once fulfilled. */
  advance(consumer: string, number: number): Promise<void>;
}
