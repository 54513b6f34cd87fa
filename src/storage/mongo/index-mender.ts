import { DataUnfit } from '../../startup-error.ts';
import { isIndexMissing } from './failures.ts';

/** Makes indexes again that somebody dropped, or that went with their collection, under a running service. */
export interface IndexMender {
  /** Told of every failure: begins where one says that an index is missing. */
  heard(error: unknown): void;
  /** Waits for what is being made, and makes no more. */
  stop(): Promise<void>;
}

export interface IndexMenderParts {
  /** Makes what is missing; resolves to whether anything was. */
  make(): Promise<boolean>;
  report(error: unknown): void;
}

/** Between two beginnings, in milliseconds: every read may fail until it is there, and making may fail, too. */
const REST_MS = 5000;

/**
 * Whoever drops the indexes of every collection is not through when the first read fails, and no read tells of one
 * that only keeps values unique: it looks again until nothing was missing.
 */
export function createIndexMender({ make, report }: IndexMenderParts): IndexMender {
  let making: Promise<void> | null = null;
  let begunAt = Number.NEGATIVE_INFINITY;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;

  /** Whether there is nothing more to make, or nothing that making once more would help. */
  async function makeOnce(): Promise<boolean> {
    try {
      return !(await make());
    } catch (error) {
      report(error);
      return error instanceof DataUnfit;
    }
  }

  function begin(): void {
    if (stopped || making) return;
    begunAt = performance.now();
    clearTimeout(again);
    making = makeOnce().then((isOver) => {
      making = null;
      if (!isOver && !stopped) again = setTimeout(begin, REST_MS).unref();
    });
  }

  return {
    heard(error) {
      if (!isIndexMissing(error) || stopped || making || performance.now() - begunAt < REST_MS) return;
      report(error);
      begin();
    },
    async stop() {
      stopped = true;
      clearTimeout(again);
      await making;
    },
  };
}
