import type { mongo } from 'mongoose';
import type { AuthorEntry } from '../../authors/author-store.ts';
import type { StandingEvent, StandingRecord } from '../../authors/standing.ts';
import type { Counts } from '../../comments/counts.ts';
import type { Tally } from '../../comments/tallies.ts';
import type { Filter as OutsideFilter } from '../../filters/filter.ts';
import type { Batch, BatchOutcome } from '../../moderation/batch-store.ts';
import type { Claim } from '../../moderation/claim-store.ts';
import type { LogEvent, LooseEvent } from '../../moderation/event-log.ts';
import type { KeptRequest } from '../../requests/idempotency-store.ts';
import type { Said } from '../../screening/learner/lesson.ts';
import type { Wordlist } from '../../screening/wordlist-store.ts';
import type { Alias, Page, PageRules, Site } from '../../sites/site.ts';
import type { Token } from '../../staff/token.ts';
import type { Acting } from './acting.ts';

export type CounterDoc = { _id: string; batch: number } & Partial<Counts>;
export interface LeaseDoc {
  _id: string;
  holder: string;
  until: Date;
  /** Who asks the holder to let it go, and until when that counts. */
  claimant?: string;
  claimedUntil?: Date;
}
/**
 * The journal of the fold: the batch of changes that is being moved from the comments' tails into the
 * counters, or was moved last. Written before the first counter moves, so that whoever comes after a
 * crash does exactly the same again; every step is idempotent by `seq`.
 */
export interface AuthorRef {
  site: string;
  key: string;
}
export interface JournalDoc {
  _id: string;
  /** Rises by one with each batch. */
  seq: number;
  state: 'applying' | 'done';
  /** Of these comments, the tail up to and with `n`. */
  entries: { id: string; site: string; n: number }[];
  counters: { scope: string; by: Partial<Counts> }[];
  /** How the comments' own replyCount moves. */
  replies: { id: string; site: string; by: number }[];
  /** What statistics count. Missing in a journal of an earlier version. */
  tallies?: SiteTally[];
  /** Authors that a comment of this batch was taken from. Missing in a journal of an earlier version. */
  left?: AuthorRef[];
  /** What is handed on to events and audit, in its order; the last has `lastNumber`. */
  events: LogEvent[];
  /** Those of them that came from the inbox. */
  taken?: string[];
  /** The greatest number that an event of this batch or an earlier one has. */
  lastNumber: number;
}
export type SiteTally = Tally & { site: string };
/** `_id` is site, slot and what; `batch` the greatest batch of the fold that moved it. */
export interface TallyDoc {
  _id: string;
  slot: number;
  what: string;
  n: number;
  batch: number;
}
export interface EventDoc {
  _id: number;
  at: Date;
  body: LogEvent;
}
export interface InboxDoc {
  _id: string;
  body: LooseEvent | StandingEvent;
}
export interface DuplicateDoc {
  _id: string;
  site: string;
  comments: string[];
  at: Date;
  expireAt: Date;
}
export type BatchDoc = Omit<Batch, 'id'> & { _id: string; holder: string; until: Date };
export interface BatchPartDoc {
  _id: string;
  batch: string;
  number: number;
  outcomes: BatchOutcome[];
}
export type ClaimDoc = Omit<Claim, 'commentId' | 'until'> & { _id: string; until: Date };
export type PageDoc = Omit<Page, keyof PageRules> &
  Partial<PageRules> &
  /**
   * `unlisted`: it was made, is named otherwise, or is itself again after an alias, and lists don't say so yet.
   * `retitled`: its title is not yet carried to its comments and to lists (page-titles.ts); names that title.
   */
  Acting & { _id: string; joined?: string; retitled?: string; unlisted?: true };
export interface ReferenceDoc {
  _id: string;
  site: string;
  key: string;
}
export type AliasDoc = Alias & Acting & { _id: string; moving?: true };
/** `removingAt`: when whoever removes it was last at work on that. */
export type SiteDoc = Omit<Site, 'id'> & Acting & { _id: string; removing?: true; removingAt?: Date };

/** A site that was removed, by its id. */
export interface RemovedSiteDoc {
  _id: string;
  at: Date;
}
export type TokenDoc = Omit<Token, 'id'> & Acting & { _id: string };
export type FilterDoc = Omit<OutsideFilter, 'id'> & Acting & { _id: string; nameKey: string };
export type WordlistDoc = Omit<Wordlist, 'site'> & Acting & { _id: string };
export interface LessonDoc {
  /** The event's number. */
  _id: number;
  site: string;
  comment: string;
  /** Missing where there is nothing to learn (any more). */
  label?: Said;
  text?: string;
  url?: string | null;
  /** By what near copies find it, while there is a text. */
  keys?: number[];
  /** The learner left it aside: it was a rejection, whether it stands or not. */
  aside?: true;
  supersedes?: number;
  /** What it takes back the learner had left aside. */
  unlearnsNothing?: true;
  /** The one that took it back. */
  by?: number;
  /** Of one that outlives its comment: whose it was. */
  author?: string;
}
export interface LearntDoc {
  _id: string;
  number: number;
  bytes: mongo.Binary;
}
export type IdempotencyDoc = KeptRequest & { _id: string; expireAt: Date };
export interface LimitDoc {
  _id: string;
  hits: number;
  resetAt: number;
  seen: Record<string, number>;
  expireAt: Date;
}
export type StandingDoc = Omit<StandingRecord, 'key'> &
  Acting & {
    _id: string;
    untold?: StandingEvent;
    /** A batch that begins with the newest change, until it is kept where batches are. */
    batch?: Batch;
  };
/** `_id` is the consumer's name. */
export interface ConsumerDoc {
  _id: string;
  number: number;
}
export type AuthorDoc = Omit<AuthorEntry, 'key'> & { _id: string; words: string[]; rev: string };
export interface PageFactsDoc {
  _id: string;
  site: string;
  key: string;
  rev: string;
  lastId: string;
  comments: number;
  words: string[];
}
export interface DirectoryTodoDoc {
  _id: string;
  /** Ids of comments: their authors and pages. */
  comments: string[];
  /** Ids of pages. */
  pages: string[];
  /** Authors that a comment was taken from. Missing where there are none. */
  authors?: AuthorRef[];
}
export interface StampDoc {
  _id: string;
  n: number;
  at: Date;
}
export interface MetaDoc {
  _id: string;
  wrapped?: string;
  version?: number;
  /** By these rules every comment's words are filled in, or due. */
  rules?: string;
  /** The rules by which comments are being marked due, and the last one that was. */
  filling?: string;
  after?: string;
  /** The last lesson that was given keys by the rules of `filling` (search/lesson-keys.ts). */
  number?: number;
  /** When an instance of this build first started, in milliseconds (former-indexes.ts). */
  since?: number;
}
