import { AppError, storeUnavailable } from '../../errors.ts';
import type { Change } from '../storage.ts';
import type { BatchResult, Failure } from './batch.ts';
import type { ArgsOf, Call, OperationName, ResultOf } from './operations/operations.ts';
import type { Writer } from './writer.ts';

/**
 * Group commit, clocked by itself: while a batch is being committed new calls wait, and when it is done
 * all that waited go as the next one. Under light load a call goes alone and at once; under heavy load
 * many share one sync to the disk, without any delay being set.
 */
export interface GroupCommit {
  /** Resolves after the commit. Rejects with `store-unavailable` where the store took nothing. */
  execute<Name extends OperationName>(name: Name, args: ArgsOf<Name>): Promise<ResultOf<Name>>;
  /** The last batch failed as a whole, so the store may still be ailing. */
  isAiling(): boolean;
  /**
   * How many calls are under way or wait, or went together just now: whoever was answered in a crowd comes
   * back in one, and in between the writer only seems to have nothing to do.
   */
  crowd(): number;
  /** Waits for everything accepted; later calls are refused. */
  drain(): Promise<void>;
  /** The writer is gone: whoever waits gets `store-unavailable`, and so does whoever comes. */
  fail(error: Error): void;
}

export interface GroupCommitOptions {
  writer: () => Writer;
  /** Called after the commit and before any promise of the batch is fulfilled. */
  onInvalidation: (change: Change) => void;
  /** Called after each commit with the number of the newest event. */
  onCommit?: (newestEvent: number) => void;
}

interface Waiting {
  call: Call;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls in one batch at most: bounds the wait of the first of them. */
const MAX_BATCH = 512;
/** Milliseconds for which a batch that was answered still counts as a crowd. */
const CROWD_LASTS_MS = 100;

export function createGroupCommit({ writer, onInvalidation, onCommit }: GroupCommitOptions): GroupCommit {
  let queue: Waiting[] = [];
  let underWay: Waiting[] = [];
  let scheduled = false;
  let ailing = false;
  let answered = { calls: 0, at: Number.NEGATIVE_INFINITY };
  let refusal: Error | undefined;
  const drained: (() => void)[] = [];

  function send(): void {
    scheduled = false;
    if (underWay.length > 0 || queue.length === 0) return;
    underWay = queue.splice(0, MAX_BATCH);
    writer().run(
      underWay.map((waiting) => waiting.call),
      settle,
    );
  }

  /** Idle: what arrives in the same turn of the event loop goes together. */
  function schedule(): void {
    if (scheduled || underWay.length > 0) return;
    scheduled = true;
    setImmediate(send);
  }

  function settle(result: BatchResult): void {
    const batch = underWay;
    underWay = [];
    answered = { calls: batch.length, at: performance.now() };
    ailing = !result.committed;
    if (result.committed) {
      for (const change of result.changes) onInvalidation(change);
      onCommit?.(result.newestEvent);
    }
    // The next batch is on its way before the callers of this one are answered.
    send();
    for (const [index, waiting] of batch.entries()) answer(waiting, result, index);
    if (underWay.length === 0 && queue.length === 0) for (const resolve of drained.splice(0)) resolve();
  }

  function fail(error: Error): void {
    refusal = error;
    ailing = true;
    const waiting = [...underWay, ...queue];
    underWay = [];
    queue = [];
    for (const one of waiting) one.reject(storeUnavailable(error));
    for (const resolve of drained.splice(0)) resolve();
  }

  return {
    execute<Name extends OperationName>(name: Name, args: ArgsOf<Name>) {
      if (refusal) return Promise.reject(storeUnavailable(refusal));
      return new Promise<ResultOf<Name>>((resolve, reject) => {
        queue.push({ call: [name, args] as Call, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    isAiling: () => ailing,
    crowd() {
      const justNow = performance.now() - answered.at < CROWD_LASTS_MS ? answered.calls : 0;
      return Math.max(underWay.length + queue.length, justNow);
    },
    drain() {
      refusal ??= new Error('the store is closed');
      if (underWay.length === 0 && queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => drained.push(resolve));
    },
    fail,
  };
}

function answer(waiting: Waiting, result: BatchResult, index: number): void {
  if (!result.committed) {
    waiting.reject(storeUnavailable(errorOf(result.failure)));
    return;
  }
  const outcome = result.outcomes[index];
  if (outcome?.ok) waiting.resolve(outcome.value);
  else waiting.reject(outcome ? errorOf(outcome.failure) : new Error('the writer gave no answer'));
}

function errorOf({ message, problem, stack }: Failure): Error {
  const cause = new Error(message);
  cause.stack = stack;
  return problem === null ? cause : new AppError(problem, { cause });
}
