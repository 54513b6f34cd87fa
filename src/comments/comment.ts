/** A comment as the stores keep it and the domain reasons about it. Answers to callers are made in present.ts. */

export const STATUSES = ['pending', 'approved', 'rejected', 'spam', 'trash'] as const;
export type CommentStatus = (typeof STATUSES)[number];

/** Who did something. Never carries an e-mail address. */
export interface Actor {
  kind: 'moderator' | 'token' | 'filter' | 'author' | 'system';
  id: string;
  name: string;
}

/** What one screening phase said of a comment. `score` is a probability of spam, 0 to 1. */
export interface PhaseOutcome {
  phase: string;
  outcome: 'pass' | 'hold' | 'spam' | 'reject' | 'waiting' | 'error' | 'skipped';
  code: string | null;
  detail: string | null;
  score: number | null;
  /** How long the phase took, in milliseconds. */
  ms: number;
  /** Where in the field the rule saw something, in UTF-16 offsets. */
  matches?: { field: string; start: number; end: number; weight: number }[];
  /** Of an outside filter's phase. */
  filter?: FilterWord;
}

export const VERDICTS = ['ham', 'spam', 'unsure'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Which filter a phase's outcome is of, and its own words. */
export interface FilterWord {
  id: string;
  /** Null while it has not answered, or has failed. */
  verdict: Verdict | null;
  labels: string[];
  reason: string | null;
  /** Seconds since 1970 at which a verdict was signed that came later; null for an answer given at once. */
  signedAt: number | null;
  /** How the comment counts as long as there is no verdict. */
  onFailure: 'hold' | 'publish';
}

/** The commenter as written, the address sealed. All members but `key` and `moderator` are null once erased. */
export interface CommentAuthor {
  /** Keyed pseudonym of the address, per site; null without an address. Stays after the author deletes the text. */
  key: string | null;
  name: string | null;
  url: string | null;
  /** The sealed address (see authors/email.ts); never plain, never in an answer. */
  email: string | null;
  moderator: boolean;
  /** Of a reader whom the site has signed in: `badge` is the site's word on who that is. Missing otherwise. */
  identity?: { badge: string | null };
}

export interface Comment {
  /** See ids.ts: holds the moment of posting and the home page key. */
  id: string;
  legacyId: string | null;
  site: string;
  /** The page it is shown on now; differs from the id's home after an alias joined two pages. */
  pageKey: string;
  parentId: string | null;
  /** Ids from the root down to the parent; [] for a root. */
  ancestors: string[];
  author: CommentAuthor;
  /** The source as stored (Markdown subset), null once erased. */
  text: string | null;
  /** `text` rendered and sanitised, null once erased. */
  html: string | null;
  status: CommentStatus;
  /** The person or filter whose word the status is; null where screening alone gave it. */
  decidedBy: Actor | null;
  /** From 1; rises with every decision, undo, edit, applied verdict, deletion, erasure. */
  version: number;
  /** From 1; rises with every change of the text. */
  revision: number;
  /** Milliseconds since 1970, as all moments in the domain. */
  createdAt: number;
  editedAt: number | null;
  /** When its author (or the law) took it away; it may stay as a tombstone. */
  deletedAt: number | null;
  /**
   * Approved, and every ancestor open. A deleted comment keeps its status, so it stays open when it was
   * approved: that is what lets its replies be seen under a tombstone. Visible = open and not deleted.
   */
  open: boolean;
  /** Visible descendants, all levels. */
  replyCount: number;
  votesUp: number;
  votesDown: number;
  pinned: boolean;
  /** Readers' reports that no decision has closed yet. */
  openReports: number;
  /** The greatest score of its phases, 0 without one. */
  risk: number;
  screening: PhaseOutcome[];
}

/** An entry of a comment's history: every change of status and every person's act. */
export interface HistoryEntry {
  decisionId: string;
  at: number;
  by: Actor;
  action: HistoryAction;
  from: CommentStatus;
  to: CommentStatus;
  reason: string | null;
  note: string | null;
  /** The bulk, match or author's batch that it was part of; null for a single act. */
  batchId: string | null;
  /** The version the comment had after it. */
  version: number;
  /** How many open reports it closed: an undo opens as many again. */
  closedReports: number;
  undone: boolean;
  /** For an undo: the decision it took back. */
  undoes: string | null;
  /** Who had decided before it, so that an undo can give that back. */
  previousBy: Actor | null;
  /** Which revision of the text it has made; null where it left the text as it was. */
  revision: number | null;
}

export const DECISION_ACTIONS = ['approve', 'reject', 'spam', 'trash', 'restore'] as const;
export type DecisionAction = (typeof DECISION_ACTIONS)[number];
export const isDecision = (action: HistoryAction): boolean =>
  (DECISION_ACTIONS as readonly HistoryAction[]).includes(action);
/**
 * What stands in a history beside decisions. `hold` is the service's own: enough readers reported it. `verdict`
 * is a filter's word that came later, `recheck` that somebody had the rules look again; `erase` and `anonymise`
 * are carried out for whoever wrote it, `expire` is the end of what the site's retention keeps. The last three
 * change no status: a person saw the address, answered it,
 * or marked it.
 */
export const HISTORY_ACTIONS = [
  ...DECISION_ACTIONS,
  'undo',
  'edit',
  'delete',
  'hold',
  'verdict',
  'recheck',
  'erase',
  'anonymise',
  'expire',
  'reveal',
  'reply',
  'highlight',
] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];
/** Of those, what is noted of a comment and changes nothing of where it stands. */
export const NOTED_ACTIONS = ['reveal', 'reply', 'highlight'] as const;

export const REPORT_REASONS = ['spam', 'abuse', 'off-topic', 'illegal', 'other'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

/** A reader's report. Who reported is kept as keyed hashes only: to count a reader once, and few of one address. */
export interface Report {
  /** Of the act of reporting. */
  id: string;
  reader: string;
  address: string;
  reason: ReportReason;
  note: string | null;
  at: number;
  /** The decision that closed it; null while it is open. */
  closedBy: string | null;
}

/** Shown to readers: open, and not deleted. */
export function isVisible(comment: Pick<Comment, 'open' | 'deletedAt'>): boolean {
  return comment.open && comment.deletedAt === null;
}

/** In the moderators' list of reported comments: approved, not deleted, with reports that are open. */
export function isReported(comment: Pick<Comment, 'status' | 'deletedAt' | 'openReports'>): boolean {
  return comment.status === 'approved' && comment.deletedAt === null && comment.openReports > 0;
}

/** Shown as an empty place that holds up visible replies. */
export function isTombstone(comment: Pick<Comment, 'open' | 'deletedAt' | 'replyCount'>): boolean {
  return comment.open && comment.deletedAt !== null && comment.replyCount > 0;
}
