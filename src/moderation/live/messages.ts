import type { CommentEvent, EventAct } from '../../comments/event.ts';
import { timestamp } from '../../comments/present.ts';
import type { Deps } from '../../deps.ts';
import { isOfComment, type LogEvent, type NumberedEvent } from '../event-log.ts';
import { type ModeratedComment, presentModerated } from '../moderated-comment.ts';

export type LiveKind = 'comment' | 'decision' | 'counts' | 'claim' | 'deleted' | 'import' | 'reset';

/** What a moderator is told of. `data` is as in the contract, part 3. */
export interface LiveMessage {
  /** Where who has heard it goes on. */
  number: number;
  kind: LiveKind;
  /** Null for what is everybody's. */
  site: string | null;
  data: object;
}

/** Whether the event may move what `GET /v1/moderation/counts` says. */
export function movesCounts({ type }: LogEvent): boolean {
  return type !== 'claim' && type !== 'noted' && type !== 'standing';
}

/** Whether the comment is to be shown anew: something a moderator sees has changed, and nobody has decided. */
function isShownAnew(event: CommentEvent): boolean {
  switch (event.type) {
    case 'created':
    case 'edited':
    case 'reported':
      return true;
    case 'noted':
      // Who looked at an address or wrote a reply changes nothing that is shown.
      return event.act?.action === 'highlight';
    case 'judged':
      return event.act?.action === 'recheck';
    default:
      return false;
  }
}

/** Those of the comments that are there, as they stand now: what was deleted meanwhile is told of by its own event. */
async function commentsOf(deps: Deps, events: NumberedEvent[]): Promise<Map<string, ModeratedComment>> {
  const ids = events.flatMap(({ event }) =>
    isOfComment(event) && isShownAnew(event) ? [event.commentId] : [],
  );
  if (ids.length === 0) return new Map();
  const found = await deps.comments.findMany([...new Set(ids)]);
  const shown = await presentModerated(
    deps,
    found.filter(({ deletedAt }) => deletedAt === null),
  );
  return new Map(shown.map((comment) => [comment.id, comment]));
}

function decisionOf(event: CommentEvent, act: EventAct): object {
  const { commentId, to: status, version, at } = event;
  const { action, by, decisionId, batchId } = act;
  return { commentId, status, version, action, by, decisionId, batchId, at: timestamp(at) };
}

function kindAndData(
  event: LogEvent,
  comments: Map<string, ModeratedComment>,
): { kind: LiveKind; data: object } | null {
  if (event.type === 'claim') {
    const { ids, by, until } = event;
    return { kind: 'claim', data: { ids, by, until: until === null ? null : timestamp(until) } };
  }
  if (event.type === 'standing') return null;
  if (event.type === 'import') return { kind: 'import', data: event.import };
  if (event.type === 'deleted') return { kind: 'deleted', data: { commentId: event.commentId } };
  if (isShownAnew(event)) {
    const comment = comments.get(event.commentId);
    return comment ? { kind: 'comment', data: comment } : null;
  }
  if (event.act === null || event.type === 'noted') return null;
  return { kind: 'decision', data: decisionOf(event, event.act) };
}

/** What the events are to moderators, in their order. One that nobody need hear of is left out. */
export async function messagesOf(deps: Deps, events: NumberedEvent[]): Promise<LiveMessage[]> {
  const comments = await commentsOf(deps, events);
  return events.flatMap(({ number, event }) => {
    const told = kindAndData(event, comments);
    return told ? [{ number, site: event.site, ...told }] : [];
  });
}

/** Load afresh: what happened in between is not known any more. */
export const resetMessage = (number: number): LiveMessage => ({
  number,
  kind: 'reset',
  site: null,
  data: {},
});
