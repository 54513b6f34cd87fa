import type { CommentStatus } from '../comments/comment.ts';
import type { CommentEvent } from '../comments/event.ts';
import type { LogEvent } from '../moderation/event-log.ts';
import type { Cause, CommentMessage, Message, ToldDecision } from './delivery.ts';

const EVENT_OF_STATUS = {
  pending: 'comment.held',
  approved: 'comment.approved',
  rejected: 'comment.rejected',
  spam: 'comment.spam',
  trash: 'comment.trashed',
} as const satisfies Record<CommentStatus, CommentMessage['type']>;

function causeOf({ type, act }: CommentEvent): Cause {
  switch (type) {
    case 'decided':
      return 'decision';
    case 'judged':
      return act?.action === 'recheck' ? 'screening' : 'verdict';
    case 'undone':
      return 'undo';
    case 'edited':
      return act?.action === 'anonymise' ? 'erasure' : 'edit';
    case 'deleted':
      if (act?.action === 'expire') return 'retention';
      return act?.by.kind === 'author' ? 'author' : 'erasure';
    default:
      // A new comment, and one that enough readers reported: nobody has decided.
      return 'screening';
  }
}

function decisionOf({ type, act }: CommentEvent): ToldDecision | null {
  if (act === null || (type !== 'decided' && type !== 'undone')) return null;
  const { decisionId: id, batchId, action, reason, by } = act;
  return { id, batchId, action, reason, by };
}

/** The names under which subscribers hear of an event, in order. */
function namesOf({ type, from, to }: CommentEvent): CommentMessage['type'][] {
  const ofStatus = from === to ? [] : [EVENT_OF_STATUS[to]];
  switch (type) {
    case 'created':
      return ['comment.created', ...ofStatus];
    case 'decided':
    case 'judged':
      return ofStatus;
    case 'undone':
      return ['decision.undone', ...ofStatus];
    case 'edited':
      return ['comment.edited', ...ofStatus];
    case 'deleted':
      return ['comment.deleted'];
    case 'reported':
      return ['comment.reported', ...ofStatus];
    case 'noted':
      return [];
  }
}

/** What subscribers are told of an event of the log; claims and imports are nobody's business. */
export function messagesOf(event: LogEvent): Message[] {
  if (event.type === 'claim' || event.type === 'import') return [];
  if (event.type === 'standing') {
    const { at, site, key, from, to } = event;
    return [{ type: 'author.changed', at, site, key, from, to }];
  }
  const { at, site, commentId, version, revision, to: status, from: previousStatus } = event;
  const cause = causeOf(event);
  const decision = decisionOf(event);
  const rest = { at, site, commentId, version, revision, status, previousStatus, cause, decision };
  return namesOf(event).map((type) => ({ type, ...rest }));
}
