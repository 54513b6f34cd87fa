import * as z from 'zod';
import { STANDINGS } from '../../authors/standing.ts';
import { DECISION_ACTIONS, STATUSES } from '../../comments/comment.ts';
import type { Deps } from '../../deps.ts';
import { checkReasons, commentOfUndo, decide, planDecisionId, undo } from '../../moderation/decide.ts';
import { describeComment } from '../../moderation/detail.ts';
import { presentModerated } from '../../moderation/moderated-comment.ts';
import { countQueues, listQueue } from '../../moderation/queue.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import type { Reply } from '../reply.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf, principalOf } from '../route.ts';
import { commentDetail, decisionAnswer, moderatedComment, timestamp } from '../schemas/comment.ts';
import { moment, searchParameter } from '../schemas/inputs.ts';
import { cursorParameter, limitParameter, pageParameters } from '../schemas/page-parameters.ts';
import { pageNameOf, placeOf } from './listing-read.ts';

const MOST_ITEMS = 200;
const USUAL_ITEMS = 50;

const siteParameter = z.string().optional().meta({ description: "Default: all of the caller's sites" });

const queueQuery = z.object({
  site: siteParameter,
  status: z.enum([...STATUSES, 'reported', 'all']).default('pending'),
  author: z.string().optional().meta({ description: "The author's key" }),
  ...pageParameters,
  q: searchParameter.optional(),
  phase: z
    .string()
    .optional()
    .meta({ description: 'What that phase held, rejected, called spam or failed on' }),
  reason: z.string().optional().meta({ description: 'What was decided or reported with that reason' }),
  standing: z.enum(STANDINGS).optional().meta({ description: "The author's" }),
  similarTo: z.string().optional().meta({ description: 'Near copies of that comment, without itself' }),
  claimed: z
    .enum(['mine', 'free'])
    .optional()
    .meta({ description: 'mine: what the caller has claimed; free: what nobody has' }),
  since: moment.optional(),
  until: moment.optional(),
  sort: z
    .enum(['oldest', 'newest', 'risk'])
    .optional()
    .meta({ description: 'Default: oldest, and newest where there is a q' }),
  limit: limitParameter(MOST_ITEMS),
  cursor: cursorParameter,
});

export const getQueue: Operation = {
  name: 'getQueue',
  summary: 'Comments of one status, oldest pending ones first by default.',
  query: queueQuery,
  answers: {
    200: z.object({
      items: z.array(moderatedComment),
      total: z.int().min(0),
      totalCapped: z.literal(true).optional(),
      nextCursor: z.string().nullable(),
    }),
  },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const query = parseQuery(context.query, { schema: queueQuery });
    const principal = principalOf(context);
    const { site, status, author, standing, claimed, since, until, limit = USUAL_ITEMS, cursor } = query;
    // An empty parameter asks for nothing, as an empty field of a form.
    const [q, phase, reason] = [query.q || undefined, query.phase || undefined, query.reason || undefined];
    const similarTo = query.similarTo || undefined;
    const sort = query.sort ?? (q === undefined ? 'oldest' : 'newest');
    const name = pageNameOf(query);
    const hasPage = name.url !== null || name.id !== null;
    const bound = [
      ...['queue', site, status, author, name.url, name.id, since, until, sort],
      ...[q, phase, reason, standing, claimed, similarTo],
    ].map((part) => `${part ?? ''}`);
    const place = placeOf(deps.keys, bound, cursor);
    const from = place && place.id !== null ? { ...place, id: place.id } : undefined;

    const { next, ...slice } = await listQueue(deps, principal, {
      site,
      status,
      authorKey: author,
      page: hasPage ? name : undefined,
      since,
      until,
      q,
      phase,
      reason,
      standing,
      claimed,
      similarTo,
      sort,
      from,
      limit,
    });
    return json(200, { ...slice, nextCursor: next && writeCursor(deps.keys, bound, next) });
  },
};

const countsQuery = z.object({ site: siteParameter });

export const getQueueCounts: Operation = {
  name: 'getQueueCounts',
  summary: 'How many comments listing each status would find.',
  query: countsQuery,
  answers: {
    200: z.object({
      pending: z.int(),
      reported: z.int(),
      spam: z.int(),
      approved: z.int(),
      rejected: z.int(),
      trash: z.int(),
      oldestPendingAt: timestamp.nullable(),
    }),
  },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const { site } = parseQuery(context.query, { schema: countsQuery });
    return json(200, await countQueues(deps, principalOf(context), site));
  },
};

export const getModeratedComment: Operation = {
  name: 'getModeratedComment',
  summary: 'One comment with its history.',
  answers: { 200: commentDetail },
  async handle(context, { deps }) {
    return json(200, await describeComment(deps, principalOf(context), commentOf(context).comment.id));
  },
};

const decision = z.object({
  action: z.enum(DECISION_ACTIONS),
  version: z
    .int()
    .min(1)
    .nullish()
    .meta({ description: 'The version the decider saw; without one, what is current' }),
  reason: z.string().nullish().meta({ description: "One of the site's reasons" }),
  note: z.string().nullish().meta({ maxLength: 1000 }),
});

const planned = z.object({ commentId: z.string(), decisionId: z.string() });

/** The answer to a decision that was made before: found in the comment's history, or null. */
async function recoverDecision(deps: Deps, plan: unknown): Promise<Reply | null> {
  const { commentId, decisionId } = planned.parse(plan);
  const history = await deps.comments.history(commentId);
  if (!history.some((entry) => entry.decisionId === decisionId)) return null;
  const comment = await deps.comments.find(commentId);
  const [shown] = comment ? await presentModerated(deps, [comment]) : [];
  return shown ? json(200, { comment: shown, decisionId }) : null;
}

export const postDecision: Operation = {
  name: 'decide',
  summary: 'A person decides. Of many at once on one version exactly one wins.',
  body: decision,
  answers: { 200: decisionAnswer },
  problems: ['conflict', 'comment-deleted', 'nothing-to-restore'],
  async prepare(context, { deps }) {
    const { comment, site } = commentOf(context);
    const reasons = z.looseObject({}).safeParse(context.body).data ?? {};
    const { version, ...given } = parseBody(decision, context.body, checkReasons([site], reasons).errors);
    const { id } = comment;
    const decisionId = planDecisionId(deps, id);
    const input = { ...given, version: version ?? undefined };
    return {
      plan: { commentId: id, decisionId },
      run: async () => json(200, await decide(deps, principalOf(context), { id, decisionId, input })),
    };
  },
  recover: (_context, { deps }, plan) => recoverDecision(deps, plan),
};

/** Without a comment of that name the use case says so; any id does to plan with. */
function planUndo(deps: Deps, undoes: string): { commentId: string; decisionId: string } {
  const commentId = commentOfUndo(undoes) ?? '';
  return { commentId, decisionId: planDecisionId(deps, commentId) };
}

export const postUndo: Operation = {
  name: 'undoDecision',
  summary: 'Takes the newest decision back: status and counts as before, the version raised.',
  answers: { 200: decisionAnswer },
  problems: ['conflict', 'comment-deleted', 'not-found'],
  async prepare(context, { deps }) {
    const undoes = context.params.decision ?? '';
    const plan = planUndo(deps, undoes);
    const { decisionId } = plan;
    return {
      plan,
      run: async () => json(200, await undo(deps, principalOf(context), { undoes, decisionId })),
    };
  },
  recover: (_context, { deps }, plan) => recoverDecision(deps, plan),
};
