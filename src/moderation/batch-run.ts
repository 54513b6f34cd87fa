import type { CommentCommand } from '../comments/commands.ts';
import type { ManyChange, ManyResult, QueueFilter } from '../comments/comment-store.ts';
import { MOST_OF_MANY } from '../comments/comment-store.ts';
import { decidedStatus } from '../comments/status.ts';
import type { Deps } from '../deps.ts';
import type { Batch, BatchItem, BatchOutcome, BatchProgress, MatchTask } from './batch-store.ts';

/** What carrying out a batch takes. */
export type BatchDeps = Pick<Deps, 'batches' | 'comments' | 'clock' | 'keys'>;

/** What a match leaves is counted this far. */
export const REMAINING_CAP = 10_000;

/**
 * Carries a batch out, part by part, from where it stands. Fulfilled when it is done; null where another
 * instance has taken it over. Rejects with `store-unavailable`: then whoever takes over goes on.
 */
export async function runBatch(deps: BatchDeps, batch: Batch): Promise<Batch | null> {
  let current = batch;
  try {
    while (current.state === 'open') {
      const outcomes = await decidePart(deps, current, current.ahead.slice(0, MOST_OF_MANY));
      const progress = await progressAfter(deps, current, outcomes);
      if (!(await deps.batches.advance(batch.id, { outcomes, progress }))) return null;
      current = { ...current, ...progress };
    }
    return current;
  } catch (error) {
    // Whoever comes next need not wait for the lease; where not even that can be written, they do.
    await deps.batches.release(batch.id).catch(() => undefined);
    throw error;
  }
}

/** Where a batch begins: what comes first of it, found but not decided. */
export async function firstAhead(
  deps: BatchDeps,
  batch: Pick<Batch, 'task'>,
): Promise<Pick<BatchProgress, 'ahead' | 'after'>> {
  return nextPart(deps, { ...batch, part: -1, ahead: [], after: null }, 0);
}

async function decidePart(deps: BatchDeps, batch: Batch, items: BatchItem[]): Promise<BatchOutcome[]> {
  const open = items.filter((item) => item.refused === undefined);
  const results = open.length === 0 ? [] : await deps.comments.changeMany(open.map(commandFor(deps, batch)));
  const byId = new Map(open.map((item, i) => [item.id, results[i]]));
  return items.map(({ id, refused }) => (refused ? { id, refused } : outcomeOf(id, byId.get(id))));
}

function commandFor({ clock }: BatchDeps, { id, by, task }: Batch): (item: BatchItem) => ManyChange {
  const at = clock.now();
  return (item) => {
    const act = { decisionId: id + item.id, at, by, batchId: id };
    const command: CommentCommand =
      task.kind === 'undo'
        ? { kind: 'undo', ...act, undoes: task.undoes + item.id }
        : {
            kind: 'decide',
            ...act,
            action: task.action,
            reason: task.reason,
            note: task.note,
            ...(task.secondReview && { secondReview: task.secondReview }),
            ...(item.version !== null && { version: item.version }),
          };
    return { id: item.id, command };
  };
}

function outcomeOf(id: string, result: ManyResult | undefined): BatchOutcome {
  if (!result) throw new Error('a change of many came without a result');
  switch (result.refused) {
    case undefined:
      return { id, status: result.status, version: result.version };
    case 'repeated':
      // Decided by an earlier run of this part that could not say so any more.
      return { id, status: result.entry.to, version: result.entry.version };
    case 'conflict':
      return { id, refused: 'conflict', current: result.current };
    case 'not-counted':
    case 'decided':
    case 'stale':
      throw new Error(`a decision was refused as ${result.refused}`);
    default:
      return { id, refused: result.refused };
  }
}

async function progressAfter(
  deps: BatchDeps,
  batch: Batch,
  outcomes: BatchOutcome[],
): Promise<BatchProgress> {
  const decided = outcomes.filter((outcome) => outcome.refused === undefined).length;
  const counts = {
    part: batch.part + 1,
    decided: batch.decided + decided,
    conflicts: batch.conflicts + outcomes.length - decided,
  };
  const next = await nextPart(deps, batch, counts.decided + counts.conflicts);
  if (next.ahead.length > 0) return { state: 'open', ...counts, ...next, remaining: 0 };
  return { state: 'done', ...counts, ...next, remaining: await remainingOf(deps, batch) };
}

type Place = Pick<Batch, 'task' | 'part' | 'ahead' | 'after'>;

/** What comes after the part under way; nothing, where that was the last. `seen`: comments looked at so far. */
async function nextPart(
  deps: BatchDeps,
  batch: Place,
  seen: number,
): Promise<Pick<BatchProgress, 'ahead' | 'after'>> {
  const { task, part, ahead, after } = batch;
  switch (task.kind) {
    case 'items':
      return { ahead: ahead.slice(MOST_OF_MANY), after };
    case 'match':
      if (task.beyond !== undefined) return { ahead: ahead.slice(MOST_OF_MANY), after };
      return nextMatched(deps, task, { after, seen });
    case 'undo':
      return { ahead: await nextDecided(deps, task.undoes, part + 1), after };
  }
}

async function nextMatched(
  deps: BatchDeps,
  task: MatchTask,
  { after, seen }: { after: BatchProgress['after']; seen: number },
): Promise<Pick<BatchProgress, 'ahead' | 'after'>> {
  const filter = openFilter(deps, task);
  const limit = Math.min(MOST_OF_MANY, (task.limit ?? Number.POSITIVE_INFINITY) - seen);
  for (let place = after; limit > 0; ) {
    const from = place === null ? undefined : { id: place.id };
    const found = await deps.comments.queue({ ...filter, sort: 'oldest', from, limit });
    const last = found.at(-1);
    if (!last) break;
    place = { id: last.id, at: last.createdAt };
    const wanted = found.filter((comment) => !isPassedOver(task, comment.status));
    if (wanted.length > 0) return { ahead: wanted.map(({ id, version }) => ({ id, version })), after: place };
  }
  return { ahead: [], after };
}

const isPassedOver = ({ passOver, action }: MatchTask, status: string): boolean =>
  passOver && action !== 'restore' && decidedStatus(action) === status;

/** A part of the undone batch, item by item: what it did not decide keeps the parts in step. */
async function nextDecided(deps: BatchDeps, undoes: string, part: number): Promise<BatchItem[]> {
  const outcomes = (await deps.batches.part(undoes, part)) ?? [];
  return outcomes.map(({ id, refused }) => ({
    id,
    version: null,
    ...(refused !== undefined && { refused: 'undecided' as const }),
  }));
}

const FILTER_CONTEXT = 'batch-filter';

export function sealFilter({ keys }: Pick<Deps, 'keys'>, filter: QueueFilter): string {
  return keys.seal(JSON.stringify(filter), FILTER_CONTEXT);
}

function openFilter({ keys }: Pick<Deps, 'keys'>, task: MatchTask): QueueFilter {
  const filter = keys.open(task.filter, FILTER_CONTEXT);
  if (filter === null) throw new Error("a batch's filter can not be opened: its seal is broken");
  return JSON.parse(filter) as QueueFilter;
}

/** How many comments a match did not come to: those beyond the last one, of its moment and of later ones. */
async function remainingOf(deps: BatchDeps, { task, after }: Batch): Promise<number> {
  if (task.kind !== 'match') return 0;
  if (task.beyond !== undefined) return task.beyond;
  if (after === null) return 0;
  const filter = openFilter(deps, task);
  const cap = REMAINING_CAP + 1;
  const moment: QueueFilter = { ...filter, since: after.at, until: after.at };
  const [beside, later] = await Promise.all([
    deps.comments.queue({ ...moment, sort: 'oldest', from: { id: after.id }, limit: cap }),
    deps.comments.countQueue({ ...filter, since: after.at + 1 }, cap),
  ]);
  return Math.min(cap, beside.length + later);
}
