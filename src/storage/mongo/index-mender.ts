import { isIndexMissing } from './failures.ts';

/** Makes indexes again that somebody dropped, or that went with their collection, under a running service. */
export interface IndexMender {
  /** Told of every failure: begins where one says that an index is missing. */
  heard(error: unknown): void;
  /** Waits for what is being made. */
  settled(): Promise<void>;
}

export interface IndexMenderParts {
  /** Makes what is missing. */
  make(): Promise<void>;
  report(error: unknown): void;
}

/** Between two beginnings, in milliseconds: every read may fail until it is there, and making may fail, too. */
const REST_MS = 5000;

export function createIndexMender({ make, report }: IndexMenderParts): IndexMender {
  let making: Promise<void> | null = null;
  let begunAt = Number.NEGATIVE_INFINITY;
  return {
    heard(error) {
      if (!isIndexMissing(error) || making || performance.now() - begunAt < REST_MS) return;
      begunAt = performance.now();
      report(error);
      making = make()
        .catch(report)
        .finally(() => {
          making = null;
        });
    },
    settled: async () => {
      await making;
    },
  };
}
