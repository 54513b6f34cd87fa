import type { Actor, Comment, CommentStatus, HistoryAction, HistoryEntry } from './comment.ts';

/**
 * What happened to a comment, as the live stream, the audit and webhooks tell it: ids, statuses, versions,
 * and who did it; never a text, a name of a commenter, or an address. Written in the same step as what it
 * tells of. Texts are read from the comment at sending.
 */
export interface CommentEvent {
  /** Unique: the id of the act, or the comment's own for its creation. */
  id: string;
  type: CommentEventType;
  at: number;
  site: string;
  commentId: string;
  /** Null for a new comment. */
  from: CommentStatus | null;
  to: CommentStatus;
  version: number;
  revision: number;
  /** Null for a reader's comment or report; a moderator's own comment is their act. */
  act: EventAct | null;
}

export type CommentEventType =
  | 'created'
  | 'decided'
  | 'undone'
  | 'edited'
  | 'deleted'
  | 'reported'
  | 'judged'
  | 'noted';

/** What a person, a filter or the service did: an entry of the history, or a moderator's reply. */
export interface EventAct {
  action: HistoryAction;
  by: Actor;
  reason: string | null;
  note: string | null;
  decisionId: string;
  batchId: string | null;
}

const TYPE_OF: Record<HistoryAction, CommentEventType> = {
  approve: 'decided',
  reject: 'decided',
  spam: 'decided',
  trash: 'decided',
  restore: 'decided',
  undo: 'undone',
  edit: 'edited',
  delete: 'deleted',
  hold: 'reported',
  verdict: 'judged',
  recheck: 'judged',
  erase: 'deleted',
  anonymise: 'edited',
  expire: 'deleted',
  reveal: 'noted',
  reply: 'noted',
  highlight: 'noted',
};

/** The event of a new comment. */
export function createdEvent(
  comment: Pick<Comment, 'id' | 'site' | 'createdAt' | 'status' | 'version' | 'revision'>,
  act: EventAct | null = null,
): CommentEvent {
  const { id, site, createdAt, status, version, revision } = comment;
  return {
    id,
    type: 'created',
    at: createdAt,
    site,
    commentId: id,
    from: null,
    to: status,
    version,
    revision,
    act,
  };
}

/** The event of an entry of the history; `next` is the comment after it. */
export function eventOfEntry(next: Comment, entry: HistoryEntry): CommentEvent {
  const { action, by, reason, note, decisionId, batchId, at, from, to } = entry;
  return {
    id: decisionId,
    type: TYPE_OF[action],
    at,
    site: next.site,
    commentId: next.id,
    from,
    to,
    version: next.version,
    revision: next.revision,
    act: { action, by, reason, note, decisionId, batchId },
  };
}

/** The event of what changes nothing that anybody is shown: the address that is not kept any longer. */
export function quietEvent(comment: Comment, act: { id: string; at: number }): CommentEvent {
  return { ...reportedEvent(comment, act), type: 'noted' };
}

/** The event of a report that changed no status; `id` is the report's own. */
export function reportedEvent(comment: Comment, { id, at }: { id: string; at: number }): CommentEvent {
  const { site, status, version, revision } = comment;
  return {
    id,
    type: 'reported',
    at,
    site,
    commentId: comment.id,
    from: status,
    to: status,
    version,
    revision,
    act: null,
  };
}
