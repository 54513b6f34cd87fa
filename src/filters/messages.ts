import type { Actor, Comment, CommentStatus, FilterWord, PhaseOutcome } from '../comments/comment.ts';
import type { CommentEvent } from '../comments/event.ts';
import type { NumberedEvent } from '../moderation/event-log.ts';
import { isOfComment } from '../moderation/event-log.ts';
import type { CheckMessage, DecidedMessage, Delivery } from '../webhooks/delivery.ts';
import { newDelivery } from '../webhooks/delivery.ts';
import { nextTry } from '../webhooks/schedule.ts';
import type { Filter } from './filter.ts';
import { servesSite } from './filter.ts';

/** What a decision teaches: rejected and trashed may be anything. */
export function labelOf(status: CommentStatus): 'ham' | 'spam' | null {
  if (status === 'approved') return 'ham';
  return status === 'spam' ? 'spam' : null;
}

/** What the filter itself had said of the comment; null where it never said anything. */
export function wordOfFilter(
  screening: readonly PhaseOutcome[],
  id: string,
):
  | (Pick<FilterWord, 'labels' | 'reason'> & {
      verdict: NonNullable<FilterWord['verdict']>;
      score: number | null;
    })
  | null {
  const outcome = screening.find(({ filter }) => filter?.id === id);
  const { verdict, labels, reason } = outcome?.filter ?? {};
  return outcome && verdict && labels
    ? { verdict, score: outcome.score, labels, reason: reason ?? null }
    : null;
}

/** A comment at one revision, as questions about it are told apart. */
export const questionName = ({ id, revision }: Pick<Comment, 'id' | 'revision'>): string =>
  `${id}_${revision}`;

export const checkMessageOf = ({
  id,
  site,
  version,
  revision,
  createdAt,
  editedAt,
}: Pick<Comment, 'id' | 'site' | 'version' | 'revision' | 'createdAt' | 'editedAt'>): CheckMessage => ({
  type: 'comment.check',
  at: editedAt ?? createdAt,
  site,
  commentId: id,
  version,
  revision,
});

/** Whether it is somebody's word, not a filter's, the author's own or a rule's. */
export const isPerson = ({ kind }: Actor): boolean => kind === 'moderator' || kind === 'token';

/** What filters are told of a person's decision; null for any other event. */
export function decidedMessageOf(event: CommentEvent): DecidedMessage | null {
  const { type, act, at, site, commentId, version, revision, from, to } = event;
  if (act === null || from === null || (type !== 'decided' && type !== 'undone') || !isPerson(act.by))
    return null;
  const undone = type === 'undone';
  const { decisionId: id, batchId, action, reason, by } = act;
  return {
    type: 'comment.decided',
    at,
    site,
    commentId,
    version,
    revision,
    status: to,
    // Of an undo: what is to be forgotten.
    label: labelOf(undone ? from : to),
    undone,
    decision: { id, batchId, action, reason, by },
  };
}

/** Akismet is told where a person says otherwise than it did, and where they take that back. */
export function isNewsToAkismet(
  filter: Filter,
  comment: Comment | undefined,
  message: DecidedMessage,
): boolean {
  const label = labelOf(message.status);
  const said = comment && wordOfFilter(comment.screening, filter.id)?.verdict;
  if (!said || label === null) return false;
  return message.undone ? label === said && message.label !== said : label !== said;
}

export interface DuePlan {
  events: NumberedEvent[];
  filters: readonly Filter[];
  /** The comments of the events that are still there, by id. */
  comments: ReadonlyMap<string, Comment>;
  retrySeconds: readonly number[];
  now: number;
  random: () => number;
}

/** What a new or edited comment still waits for: filters that are only asked later, and those that failed. */
function dueChecks(event: CommentEvent, plan: DuePlan): Delivery[] {
  const comment = plan.comments.get(event.commentId);
  if (!comment || comment.deletedAt !== null || comment.revision !== event.revision) return [];
  const message = checkMessageOf(comment);
  return plan.filters.flatMap((filter) => {
    const said = comment.screening.find((outcome) => outcome.filter?.id === filter.id);
    if (!said || !filter.enabled || !filter.events.includes('comment.check')) return [];
    const fresh = newDelivery(filter.id, message, { event: questionName(comment), now: plan.now });
    if (said.code === 'filter-queued') return [fresh];
    if (said.outcome !== 'error') return [];
    // Asked once, while it was posted.
    const { retrySeconds, now, random } = plan;
    const nextAt = nextTry({ retrySeconds, tries: 1, now, random: random() });
    return nextAt === null ? [] : [{ ...fresh, tries: 1, nextAt }];
  });
}

/** Whether it was there by then. One that is of a later moment than now was made before its clock was set back. */
const wasThere = ({ createdAt }: Filter, at: number, now: number): boolean =>
  createdAt <= at || createdAt > now;

function dueDecisions(event: CommentEvent, plan: DuePlan): Delivery[] {
  const message = decidedMessageOf(event);
  if (!message) return [];
  const comment = plan.comments.get(event.commentId);
  return plan.filters
    .filter(
      (filter) =>
        filter.enabled &&
        wasThere(filter, event.at, plan.now) &&
        filter.events.includes('comment.decided') &&
        servesSite(filter, event.site) &&
        (filter.kind === 'webhook' || isNewsToAkismet(filter, comment, message)),
    )
    .map(({ id }) => newDelivery(id, message, { event: event.id, now: plan.now }));
}

/** The deliveries that events of the log are due to filters. */
export function dueDeliveries(plan: DuePlan): Delivery[] {
  return plan.events.flatMap(({ event }) => {
    if (!isOfComment(event)) return [];
    const asks = event.type === 'created' || event.type === 'edited';
    return asks ? dueChecks(event, plan) : dueDecisions(event, plan);
  });
}
