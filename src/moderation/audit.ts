import type { Actor, CommentStatus } from '../comments/comment.ts';
import { HISTORY_ACTIONS } from '../comments/comment.ts';
import type { CommentEvent } from '../comments/event.ts';

/** Acts on anything but comments, `{what}-{act}`; docs/audit-and-stats.md says what each is. */
export const OTHER_ACTIONS = [
  'site-created',
  'site-updated',
  'site-deleted',
  'identity-rotated',
  'alias-added',
  'alias-removed',
  'wordlist-changed',
  'token-created',
  'token-deleted',
  'moderator-created',
  'moderator-changed',
  'moderator-disabled',
  'moderator-enabled',
  'moderator-deleted',
  'moderator-invited',
  'moderator-reset',
  'password-changed',
  'totp-enabled',
  'totp-disabled',
  'author-looked-up',
  'author-trusted',
  'author-held',
  'author-banned',
  'author-cleared',
  'page-updated',
  'pages-moved',
  'filter-created',
  'filter-changed',
  'filter-deleted',
  'filter-rotated',
  'filter-replayed',
  'webhook-created',
  'webhook-updated',
  'webhook-secret',
  'webhook-deleted',
  'webhook-disabled',
  'webhook-redelivered',
  'comments-imported',
  'comments-exported',
  'privacy-exported',
  'privacy-erased',
] as const;

/** What moderators say of an author, whose pseudonym is the entry's `subject`. */
export const AUTHOR_ACTS = ['author-trusted', 'author-held', 'author-banned', 'author-cleared'] as const;

/** Everything that can stand in the audit: what stands in comments' histories, and acts on anything else. */
export const AUDIT_ACTIONS = [...HISTORY_ACTIONS, ...OTHER_ACTIONS] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One act of a person, a filter or the service itself. Nothing changes or removes an entry through any call. */
export interface AuditEntry {
  /** Ordered by time, as all ids are. */
  id: string;
  at: number;
  by: Actor;
  action: AuditAction;
  /** Null for what concerns no one site. */
  site: string | null;
  commentId: string | null;
  /** What it was done to, where that is no comment: an author's key, a page's. */
  subject?: string;
  from: CommentStatus | null;
  to: CommentStatus | null;
  reason: string | null;
  note: string | null;
  decisionId: string | null;
  batchId: string | null;
}

/** What a port's method takes with it that carries an act out: its entry, written in the same step or not at all. */
export interface Audited {
  act?: AuditEntry;
}

export interface AuditQuery {
  /** The sites whose entries the caller may see; null: every entry, those of no site too. */
  sites: string[] | null;
  /** An actor's id. */
  by?: string;
  action?: AuditAction;
  commentId?: string;
  /** Milliseconds since 1970; both ends belong to the range. */
  since?: number;
  until?: number;
  /** Exclusive id to go on from. */
  before?: string;
  limit: number;
}

/**
 * Where the audit is kept. What happens to comments is written with the comment, by the store itself; acts that
 * change anything else are written with what they change (see `Audited`).
 */
export interface AuditStore {
  /** For acts that change nothing else, such as a look-up. Durable once fulfilled; a second entry of one id changes nothing. */
  record(entry: AuditEntry): Promise<void>;
  /** Newest first, by id. Of one comment its entries are gone through, however they are narrowed. */
  list(query: AuditQuery): Promise<AuditEntry[]>;
}

/**
 * The entry of an event; null for what nobody did: a reader's comment, a report that held nothing. A reply
 * is in the audit as the comment that it is, not once more as the note on the one it answers.
 */
export function auditEntryOf(event: CommentEvent): AuditEntry | null {
  if (event.act === null || (event.type === 'noted' && event.act.action === 'reply')) return null;
  const { action, by, reason, note, decisionId, batchId } = event.act;
  const { id, at, site, commentId, from, to } = event;
  return { id, at, by, action, site, commentId, from, to, reason, note, decisionId, batchId };
}
