import type { CurrentState } from '../comments/changes/plan.ts';
import type { Actor, Comment, CommentStatus } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import { type FieldError, type ProblemCode, validationFailed } from '../errors.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, seesSite } from '../staff/principal.ts';
import { type BatchDeps, firstAhead, REMAINING_CAP, runBatch, sealFilter } from './batch-run.ts';
import type { Batch, BatchItem, BatchOutcome, BatchRefusal, BatchTask, MatchTask } from './batch-store.ts';
import { checkReasons, type DecisionInput } from './decide.ts';
import { secondReviewOf } from './second-review.ts';

export type GivenDecision = Pick<DecisionInput, 'action' | 'reason' | 'note'>;

export interface BulkRequest extends GivenDecision {
  /** At most MOST_BULK_ITEMS, none of them twice. */
  items: { id: string; version?: number | null }[];
}

export const MOST_BULK_ITEMS = 1000;
export const MOST_MATCHED = 10_000;

/** What a batch came to for one of its comments. */
export type ItemResult =
  | { id: string; ok: true; status: CommentStatus; version: number; decisionId: string }
  | { id: string; ok: false; code: ProblemCode; current?: CurrentState; errors?: FieldError[] };

/** An id for a batch about to be made; planned ahead so that a repeated request finds what it did. */
export function planBatchId(deps: Pick<Deps, 'ids' | 'clock'>): string {
  return deps.ids.next(deps.clock.now());
}

interface NewBatch extends Pick<Batch, 'id' | 'by' | 'sites' | 'task'> {
  ahead?: BatchItem[];
}

/** The part of a batch that has not looked for its first one. */
const NO_PART = -1;
const NOTHING_YET = { part: 0, decided: 0, conflicts: 0, remaining: 0 };

async function newBatch(deps: BatchDeps, { id, by, sites, task, ahead }: NewBatch): Promise<Batch> {
  const first = ahead ? { ahead, after: null } : await firstAhead(deps, { task });
  const state = first.ahead.length === 0 ? 'done' : 'open';
  return { id, at: deps.clock.now(), by, sites, task, state, ...NOTHING_YET, ...first };
}

/** Records the batch, then carries it out. */
export async function carryOut(deps: BatchDeps, batch: Batch): Promise<Batch> {
  await deps.batches.begin(batch);
  return carryOn(deps, batch);
}

/** Carries a batch out that has just begun here. */
export async function carryOn(deps: BatchDeps, batch: Batch): Promise<Batch> {
  const done = await runBatch(deps, batch);
  return done ?? (await finishedBatch(deps, batch.id)) ?? batch;
}

const PATIENCE_MS = 200;

/** The batch once it is done, finished here if nobody else is at work on it; null where it never began. */
export async function finishedBatch(deps: BatchDeps, id: string): Promise<Batch | null> {
  for (;;) {
    const batch = await deps.batches.find(id);
    if (!batch || batch.state === 'done') return batch;
    const taken = await deps.batches.takeOver(id);
    const done = taken && (await runBatch(deps, taken));
    if (done) return done;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  }
}

/**
 * A batch over comments named one by one; `carryOut` begins it. Throws `validation-failed` for a reason that
 * no site of them knows.
 */
export async function planBulk(
  deps: Deps,
  principal: Principal,
  { batchId, request }: { batchId: string; request: BulkRequest },
): Promise<Batch> {
  const { action, items } = request;
  const siteIds = await deps.comments.sitesOf(items.map(({ id }) => id));
  const sites = await findSites(deps, principal, [...siteIds.values()]);
  // Where none of them is there, no site says which reasons it has, and nothing is decided with this one.
  const given = sites.size > 0 ? request : { ...request, reason: null };
  const { reason, note, errors } = checkReasons([...sites.values()], given);
  if (errors.length > 0) throw validationFailed(errors);
  const ahead = items.map(({ id, version = null }): BatchItem => {
    const site = sites.get(siteIds.get(id) ?? '');
    if (!site) return { id, version, refused: 'not-found' };
    const known = reason === null || site.policy.reasons.includes(reason);
    return { id, version, ...(!known && { refused: 'reason' as const }) };
  });
  const secondReview = secondReviewOf([...sites.values()]);
  const task: BatchTask = { kind: 'items', action, reason, note, secondReview };
  return newBatch(deps, { id: batchId, by: actorOf(principal), sites: [...sites.keys()], task, ahead });
}

async function findSites(deps: Deps, principal: Principal, ids: string[]): Promise<Map<string, Site>> {
  const seen = [...new Set(ids)].filter((id) => seesSite(principal, id));
  const found = await Promise.all(seen.map((id) => deps.sites.find(id)));
  return new Map(found.flatMap((site) => (site ? [[site.id, site]] : [])));
}

export interface MatchRequest {
  batchId: string;
  by: Actor;
  filter: QueueFilter;
  decision: Pick<MatchTask, 'action' | 'reason' | 'note' | 'secondReview'>;
  /** Comments to look at, at most; null: all there are. */
  limit: number | null;
  /** See MatchTask. */
  passOver: boolean;
  /** Only these of the filter, and no others that come in meanwhile; the oldest first. */
  among?: Comment[];
}

function matchTask(
  deps: BatchDeps,
  { filter, decision, limit, passOver }: Pick<MatchRequest, 'filter' | 'decision' | 'limit' | 'passOver'>,
): MatchTask {
  return { kind: 'match', ...decision, filter: sealFilter(deps, filter), limit, passOver };
}

/** A batch that begins with another write, over comments of a filter that it looks for after that only. */
export function planMatch(deps: BatchDeps, request: Omit<MatchRequest, 'among'>): Batch {
  const { batchId: id, by, filter } = request;
  const nothing = { ...NOTHING_YET, part: NO_PART, ahead: [], after: null };
  const task = matchTask(deps, request);
  return { id, at: deps.clock.now(), by, sites: filter.sites, task, state: 'open', ...nothing };
}

/**
 * Decides the comments of a filter, oldest first, each at the version it was found at. What comes in
 * meanwhile is found too, unless `filter.until` ends before.
 */
export async function decideMatch(deps: BatchDeps, request: MatchRequest): Promise<Batch> {
  const { batchId: id, by, filter, limit, among } = request;
  const ahead = among?.slice(0, limit ?? among.length).map(({ id, version }) => ({ id, version }));
  const task: BatchTask = {
    ...matchTask(deps, request),
    ...(among && ahead && { beyond: among.length - ahead.length }),
  };
  return carryOut(deps, await newBatch(deps, { id, by, sites: filter.sites, task, ahead }));
}

/** Takes back what a batch decided and still can be; the batch must be done. */
export async function undoBatch(
  deps: BatchDeps,
  { batchId, by, undone }: { batchId: string; by: Actor; undone: Batch },
): Promise<Batch> {
  const task: BatchTask = { kind: 'undo', undoes: undone.id };
  return carryOut(deps, await newBatch(deps, { id: batchId, by, sites: undone.sites, task }));
}

/** A batch whose every site the caller sees; null for all others, as for one that is not there. */
export async function findBatch(deps: Deps, principal: Principal, id: string): Promise<Batch | null> {
  const batch = await deps.batches.find(id);
  return batch?.sites.every((site) => seesSite(principal, site)) ? batch : null;
}

const PROBLEM_OF: Record<Exclude<BatchRefusal, 'undecided'>, ProblemCode> = {
  'not-found': 'comment-not-found',
  'comment-deleted': 'comment-deleted',
  'nothing-to-restore': 'nothing-to-restore',
  conflict: 'conflict',
  reason: 'validation-failed',
};

/** What a batch that is done came to, comment by comment, in its order. */
export async function resultsOf(deps: BatchDeps, { id }: Batch): Promise<ItemResult[]> {
  const outcomes = await deps.batches.outcomes(id);
  return outcomes.flatMap((outcome) => resultOf(id, outcome) ?? []);
}

function resultOf(batchId: string, outcome: BatchOutcome): ItemResult | null {
  const { id } = outcome;
  if (outcome.refused === undefined) {
    const { status, version } = outcome;
    return { id, ok: true, status, version, decisionId: batchId + id };
  }
  const { refused, current } = outcome;
  if (refused === 'undecided') return null;
  const errors: FieldError[] = [{ pointer: '/reason', code: 'invalid' }];
  return {
    id,
    ok: false,
    code: PROBLEM_OF[refused],
    ...(current && { current }),
    ...(refused === 'reason' && { errors }),
  };
}

export interface MatchAnswer {
  batchId: string;
  decided: number;
  /** Found, and not decided: changed meanwhile, or with nothing to restore. */
  conflicts: number;
  /** Not come to; exact to 10,000. */
  remaining: number;
  remainingCapped?: true;
}

export function matchAnswer({ id, decided, conflicts, remaining }: Batch): MatchAnswer {
  const counts = { batchId: id, decided, conflicts };
  return remaining > REMAINING_CAP
    ? { ...counts, remaining: REMAINING_CAP, remainingCapped: true }
    : { ...counts, remaining };
}
