import * as z from 'zod';
import type { Comment } from '../../comments/comment.ts';
import type { QueueFilter } from '../../comments/comment-store.ts';
import type { Deps } from '../../deps.ts';
import type { FieldError } from '../../errors.ts';
import { AppError, PROBLEM_STATUS, validationFailed } from '../../errors.ts';
import type { Language } from '../../locales.ts';
import type { Batch } from '../../moderation/batch-store.ts';
import {
  carryOut,
  decideMatch,
  findBatch,
  finishedBatch,
  type ItemResult,
  MOST_BULK_ITEMS,
  matchAnswer,
  planBatchId,
  planBulk,
  resultsOf,
  undoBatch,
} from '../../moderation/batches.ts';
import { checkNote, checkReasons, presentCurrent } from '../../moderation/decide.ts';
import { onPage } from '../../moderation/of-page.ts';
import { sitesOf } from '../../moderation/queue.ts';
import { secondReviewOf } from '../../moderation/second-review.ts';
import { similarUnder } from '../../moderation/similar.ts';
import type { Principal } from '../../staff/principal.ts';
import { actorOf } from '../../staff/principal.ts';
import { parseBody } from '../fields.ts';
import { describeField, describeProblem } from '../problem.ts';
import { json, type Reply } from '../reply.ts';
import type { Operation, Prepared } from '../route.ts';
import { principalOf } from '../route.ts';
import { bulkAnswer, bulkDecision, itemResult } from '../schemas/batch.ts';

type BulkBody = z.output<typeof bulkDecision>;
type MatchBody = BulkBody & { match: NonNullable<BulkBody['match']>; limit: number };

const planned = z.object({ batchId: z.string() });
const loose = z.looseObject({});

const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** What no schema says: how long a note is as it will be stored, which members go together, that no id comes twice. */
function errorsBetween(body: unknown): FieldError[] {
  const given = loose.safeParse(body).data;
  if (!given) return [];
  const { items, match, limit, note } = given;
  const errors = checkNote(note).errors;
  if (isMissing(match)) {
    return isMissing(items)
      ? [...errors, { pointer: '/items', code: 'required' }]
      : [...errors, ...duplicatesIn(items)];
  }
  if (!isMissing(items)) errors.push({ pointer: '/match', code: 'invalid' });
  if (isMissing(limit)) errors.push({ pointer: '/limit', code: 'required' });
  return errors;
}

/** Of a list that is too long that alone is said. */
function duplicatesIn(items: unknown): FieldError[] {
  if (!Array.isArray(items) || items.length > MOST_BULK_ITEMS) return [];
  const seen = new Set<unknown>();
  return items.flatMap((item: unknown, index): FieldError[] => {
    const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : undefined;
    if (typeof id !== 'string' || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ pointer: `/items/${index}/id`, code: 'duplicate' }];
  });
}

async function filterOf(deps: Deps, { match }: MatchBody): Promise<QueueFilter> {
  const { site, status, author, page, pageId, q, until } = match;
  const name = { url: page ?? null, id: pageId ?? null };
  const hasPage = name.url !== null || name.id !== null;
  const filter = {
    sites: [site] satisfies [string],
    status,
    until,
    ...(!isMissing(author) && { authorKey: author ?? undefined }),
    ...(q && { q }),
  };
  return hasPage ? onPage(deps, filter, name) : filter;
}

const byAge = (a: Comment, b: Comment): number => (a.id < b.id ? -1 : 1);

async function prepareMatch(deps: Deps, principal: Principal, body: MatchBody): Promise<Prepared> {
  const { action, match, limit } = body;
  await sitesOf(deps, principal, match.site);
  const site = await deps.sites.find(match.site);
  const { reason, note, errors } = checkReasons(site ? [site] : [], body);
  if (errors.length > 0) throw validationFailed(errors);
  const batchId = planBatchId(deps);
  const by = actorOf(principal);
  const filter = await filterOf(deps, body);
  const decision = { action, reason, note, secondReview: secondReviewOf(site ? [site] : []) };
  const { similarTo } = match;
  const among =
    typeof similarTo === 'string' ? (await similarUnder(deps, similarTo, filter)).sort(byAge) : undefined;
  const request = { batchId, by, filter, decision, limit, passOver: false, among };
  return { plan: { batchId }, run: async () => json(200, matchAnswer(await decideMatch(deps, request))) };
}

/** A result with its problem in the caller's language. */
function presentResult(result: ItemResult, language: Language): object {
  if (result.ok) return result;
  const { id, ok, code, current, errors } = result;
  const { detail } = describeProblem(code, language);
  const fields = errors?.map((error) => ({ ...error, detail: describeField(error, language) }));
  return {
    id,
    ok,
    error: {
      status: PROBLEM_STATUS[code],
      code,
      detail,
      ...(current && { current: presentCurrent(current) }),
      ...(fields && { errors: fields }),
    },
  };
}

async function answer(deps: Deps, batch: Batch, language: Language): Promise<Reply> {
  if (batch.task.kind === 'match') return json(200, matchAnswer(batch));
  const results = await resultsOf(deps, batch);
  return json(200, { batchId: batch.id, results: results.map((result) => presentResult(result, language)) });
}

/** The whole answer of a batch that was cut off, finished first; null where it never began. */
const recoverBatch: NonNullable<Extract<Operation, { recover: unknown }>['recover']> = async (
  { language },
  { deps },
  plan,
) => {
  const batch = await finishedBatch(deps, planned.parse(plan).batchId);
  return batch && answer(deps, batch, language);
};

export const postDecisions: Operation = {
  name: 'decideMany',
  summary: 'Decides many comments, each on its own: those named, or those of a filter.',
  patience: 'whole',
  body: bulkDecision,
  answers: { 200: bulkAnswer },
  problems: ['site-not-found'],
  async prepare(context, { deps }) {
    const principal = principalOf(context);
    const body = parseBody(bulkDecision, context.body, errorsBetween(context.body));
    const { match, limit, items, ...given } = body;
    if (match && limit) return prepareMatch(deps, principal, { ...body, match, limit });
    const batchId = planBatchId(deps);
    const request = { ...given, items: items ?? [] };
    const batch = await planBulk(deps, principal, { batchId, request });
    return {
      plan: { batchId },
      run: async () => answer(deps, await carryOut(deps, batch), context.language),
    };
  },
  recover: recoverBatch,
};

export const postBatchUndo: Operation = {
  name: 'undoBatch',
  summary: 'Takes back what a batch decided and still can be.',
  patience: 'whole',
  answers: { 200: z.object({ batchId: z.string(), results: z.array(itemResult) }) },
  problems: ['not-found'],
  async prepare(context, { deps }) {
    const principal = principalOf(context);
    const found = await findBatch(deps, principal, context.params.batch ?? '');
    if (!found) throw new AppError('not-found');
    const batchId = planBatchId(deps);
    return {
      plan: { batchId },
      async run() {
        // Cut off, or still under way: what is taken back is the whole of it.
        const undone = (await finishedBatch(deps, found.id)) ?? found;
        const batch = await undoBatch(deps, { batchId, by: actorOf(principal), undone });
        return answer(deps, batch, context.language);
      },
    };
  },
  recover: recoverBatch,
};
