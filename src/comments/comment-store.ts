import type { PlannedChange, Refusal } from './changes/plan.ts';
import type { CommentCommand } from './commands.ts';
import type { Comment, CommentAuthor, CommentStatus, HistoryEntry, Report } from './comment.ts';
import type { Counts } from './counts.ts';
import type { EventAct } from './event.ts';

/**
 * What a store must do for comments. Every method that writes is one atomic step: it happened wholly or
 * not at all, also when the process is killed in the middle, and once its promise is fulfilled it is
 * durable. Counters move in the same step. A method rejects with AppError `store-unavailable` when the
 * store can't take or give it now; then nothing was written.
 */
export interface CommentStore {
  /**
   * Stores a new comment with its page (created, or joined as `comment.pageKey` says; the first non-empty
   * title stays). Refuses a second comment with the same `duplicateKey` that is neither deleted nor in
   * trash and was posted at or after `duplicateSince` (null: no check). A parent that is no longer visible
   * when the step runs gives `parent-not-found`. The stored comment is returned: its `open` and `pageKey`
   * are the store's word.
   */
  submit(submission: Submission): Promise<SubmitResult>;

  /** Applies a command by `planChange`; what it hides or opens below is carried on before this returns. */
  change(id: string, command: CommentCommand): Promise<ChangeResult>;

  /**
   * Applies commands in order, each atomic and on its own: what becomes of one is told at its place. At most
   * MOST_OF_MANY. Where it rejects, some may have been applied: sent again they are `repeated`.
   */
  changeMany(changes: ManyChange[]): Promise<ManyResult[]>;

  /** One comment, whatever its status; null where there is none. */
  find(id: string): Promise<Comment | null>;
  /** Those of the ids that exist, in any order. */
  findMany(ids: string[]): Promise<Comment[]>;
  /** The site of each of the ids that exists, by id. */
  sitesOf(ids: string[]): Promise<Map<string, string>>;
  findByLegacyId(site: string, legacyId: string): Promise<Comment | null>;
  /** Oldest first. */
  history(id: string): Promise<HistoryEntry[]>;
  /** The open reports of each comment, oldest first; one that has none is missing. */
  openReports(ids: string[]): Promise<Map<string, Report[]>>;

  /**
   * Roots of a page (`depth: 'roots'`), or all its comments (`'all'`), that are open, in `sort` order,
   * strictly beyond `from` where given. Deleted ones are among them only as tombstones. At most `limit`.
   */
  listPage(query: PageQuery): Promise<ShownComment[]>;

  /**
   * The first open children of each parent, oldest first, at most `perParent` of each (tombstones
   * included, other deleted ones not) and beyond `after` where given. Keyed by parent id; a parent
   * without any is missing.
   */
  children(query: ChildrenQuery): Promise<Map<string, ShownComment[]>>;

  /**
   * Everything open below the parents (tombstones included, other deleted ones not), level by level, in a
   * level those of one parent oldest first; at most `limit`.
   */
  descendants(parents: string[], limit: number): Promise<ShownComment[]>;

  /**
   * Whether `listPage` without `from`, and `descendants` of what it found, give a comment as the same object again,
   * frozen, for as long as nothing that is shown of it changes.
   */
  readonly givesAgain: boolean;

  /** Comments of one status (or of all, deleted ones never), by id or by risk, for the moderators' queue. */
  queue(query: QueueQuery): Promise<Comment[]>;
  /** How many `queue` would find over all pages, counted row by row and no further than `cap`. */
  countQueue(query: QueueFilter, cap: number): Promise<number>;

  /** The counters of each scope (see counts.ts), true at this moment; zeros where nothing was counted. */
  counts(scopes: string[]): Promise<Map<string, Counts>>;
  /** When the oldest pending comment of the sites was posted; null without one. */
  oldestPending(sites: string[]): Promise<number | null>;
}

/** What readers' lists are made from: whatever they may see of a comment, and nothing sealed. */
export type ShownComment = Pick<
  Comment,
  | 'id'
  | 'legacyId'
  | 'site'
  | 'pageKey'
  | 'parentId'
  | 'ancestors'
  | 'text'
  | 'html'
  | 'status'
  | 'createdAt'
  | 'editedAt'
  | 'deletedAt'
  | 'open'
  | 'replyCount'
  | 'votesUp'
  | 'votesDown'
  | 'pinned'
> & { author: Omit<CommentAuthor, 'email'> };

export interface Submission {
  comment: Comment;
  page: { url: string | null; id: string | null; title: string | null };
  duplicateKey: string;
  duplicateSince: number | null;
  /** Whose act the comment is where it is no reader's; stands in the audit from the same step on. */
  act?: EventAct;
  /** An earlier try of the same request had the comment's id, and may have stored it: then it is that one. */
  repeated?: boolean;
}

export type SubmitResult =
  | { kind: 'stored'; comment: Comment }
  | { kind: 'duplicate'; id: string }
  | { kind: 'parent-not-found' };

export type ChangeResult = PlannedChange | Refusal;

/** Commands of one `changeMany`: so many keep no post waiting for long. */
export const MOST_OF_MANY = 500;

export interface ManyChange {
  id: string;
  command: CommentCommand;
}

/** What became of one of many: as much as those who change many have to know. */
export type ManyResult = { refused?: undefined; status: CommentStatus; version: number } | Refusal;

export function manyResult(result: ChangeResult): ManyResult {
  if (result.refused !== undefined) return result;
  return { status: result.next.status, version: result.next.version };
}

export type ThreadSort = 'oldest' | 'newest' | 'top';

/** A place in a list: the id, and the sort value before it where the id alone does not order. */
export interface Position {
  id: string;
  /** For `top`: up − down. For `risk`: the risk. */
  value?: number;
}

export interface PageQuery {
  site: string;
  pageKey: string;
  depth: 'roots' | 'all';
  sort: ThreadSort;
  /** Exclusive. */
  from?: Position;
  /** Walk the order backwards from `from` (the result is in walking order). */
  backwards?: boolean;
  /** Include the comment at `from` itself. */
  inclusive?: boolean;
  limit: number;
}

export interface ChildrenQuery {
  parents: string[];
  /** Exclusive id. */
  after?: string;
  perParent: number;
}

export interface QueueFilter {
  /** The sites the caller may see; [] finds nothing. */
  sites: string[];
  /** `reported`: approved, with reports that are open. */
  status: CommentStatus | 'reported' | 'all';
  authorKey?: string;
  pageKey?: string;
  /** createdAt ≥ since, in milliseconds. */
  since?: number;
  /** createdAt < until + 1 ms: both ends belong to the range. */
  until?: number;
  /** Every word must begin a word of body, name, url or page title; see moderation/search.ts. */
  q?: string;
  /** A screening phase that held, rejected, called spam or failed on it; see moderation/marks.ts. */
  phase?: string;
  /** A reason it was decided or reported with. */
  reason?: string;
}

export interface QueueQuery extends QueueFilter {
  sort: 'oldest' | 'newest' | 'risk';
  from?: Position;
  limit: number;
}
