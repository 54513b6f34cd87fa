import type { Comment } from '../comments/comment.ts';
import { isDecision } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, seesSite } from '../staff/principal.ts';
import type { DecidedMessage, Delivery, ReplayMessage } from '../webhooks/delivery.ts';
import { newDelivery } from '../webhooks/delivery.ts';
import { FILTERS } from './consumer.ts';
import type { Filter } from './filter.ts';
import { servesSite } from './filter.ts';
import { filterEntry, findFilter } from './manage.ts';
import { isNewsToAkismet, isPerson, labelOf } from './messages.ts';

/** What is to be sent again: decisions on these days, of one site or of all that the filter serves. */
export interface ReplayRequest {
  /** Milliseconds since 1970; both ends belong to the range. */
  since: number;
  until?: number;
  site?: string;
}

/** Entries of the audit gone through in one step. */
const STEP = 500;

/**
 * Begins to send past decisions to a filter again, those from before it was included. It goes on by itself, step
 * by step, through any crash.
 *
 * @throws AppError `not-found`, `validation-failed`.
 */
export async function beginReplay(
  deps: Deps,
  principal: Principal,
  { id, replayId, request }: { id: string; replayId: string; request: ReplayRequest },
): Promise<void> {
  const filter = await findFilter(deps, principal, id);
  const { since, until = deps.clock.now(), site } = request;
  if (until < since) throw validationFailed([{ pointer: '/until', code: 'out-of-range' }]);
  if (
    site !== undefined &&
    !(servesSite(filter, site) && seesSite(principal, site) && (await deps.sites.find(site)))
  )
    throw validationFailed([{ pointer: '/site', code: 'invalid' }]);
  if (!filter.enabled) throw new AppError('conflict', { extra: { reason: 'disabled' } });
  const at = deps.clock.now();
  const message: ReplayMessage = {
    type: 'filter.replay',
    at,
    replayId,
    since,
    until,
    site: site ?? null,
    before: null,
  };
  const act = filterEntry(deps, 'filter-replayed', { by: actorOf(principal), filter, id: replayId });
  await deps.outbox.add(newDelivery(id, message, { event: replayId, now: at }), { act });
}

/** A person's standing word on the comment, as it was said; null where that is no longer so, or of another text. */
function messageOf(entry: AuditEntry, comment: Comment | undefined, at: number): DecidedMessage | null {
  if (!comment?.decidedBy || !isPerson(comment.decidedBy) || comment.deletedAt !== null) return null;
  if (comment.status !== entry.to || (comment.editedAt ?? 0) > entry.at) return null;
  const { decisionId, batchId, action, reason, by } = entry;
  if (decisionId === null || action === 'undo' || !isDecision(action as never)) return null;
  return {
    type: 'comment.decided',
    at,
    site: comment.site,
    commentId: comment.id,
    version: comment.version,
    revision: comment.revision,
    status: comment.status,
    label: labelOf(comment.status),
    undone: false,
    decision: { id: decisionId, batchId, action: action as never, reason, by },
  };
}

/** The next step of a replay: what it found is to be delivered, and so is the step after it. */
export async function replayStep(deps: Deps, filter: Filter, message: ReplayMessage): Promise<void> {
  const { replayId, since, until, site, before } = message;
  const scope = site === null ? (filter.sites.includes('*') ? null : filter.sites) : [site];
  const query = { sites: scope, since, until, limit: STEP, ...(before !== null && { before }) };
  const entries = await deps.audit.list(query);
  const decisions = entries.filter(
    ({ action, commentId, by }) => commentId !== null && isDecision(action as never) && isPerson(by),
  );
  const found = await deps.comments.findMany([
    ...new Set(decisions.flatMap(({ commentId }) => commentId ?? [])),
  ]);
  const comments = new Map(found.map((comment) => [comment.id, comment]));
  const now = deps.clock.now();
  const deliveries = decisions.flatMap((entry): Delivery[] => {
    const comment = comments.get(entry.commentId ?? '');
    const told = messageOf(entry, comment, message.at);
    if (!told || (filter.kind === 'akismet' && !isNewsToAkismet(filter, comment, told))) return [];
    return [newDelivery(filter.id, told, { event: `${replayId}/${told.commentId}`, now })];
  });
  const last = entries.at(-1);
  if (last && entries.length === STEP) {
    const next = { ...message, before: last.id };
    deliveries.push(newDelivery(filter.id, next, { event: `${replayId}/${last.id}`, now }));
  }
  await deps.outbox.plan({ deliveries, consumer: FILTERS, upTo: 0 });
}
