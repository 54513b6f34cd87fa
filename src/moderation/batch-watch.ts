import { type BatchDeps, runBatch } from './batch-run.ts';

/** Finishes batches that were cut off: those of this process's last life, and those of other instances. */
export interface BatchWatch {
  /** Looks at once, and again and again. */
  start(): void;
  /** Waits for a part under way. */
  stop(): Promise<void>;
}

/** With a lease's length less than half a minute until an abandoned batch is taken up. Milliseconds. */
const LOOK_EVERY = 5000;

export function createBatchWatch(deps: BatchDeps, report: (error: unknown) => void): BatchWatch {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let stopped = false;

  async function look(): Promise<void> {
    while (!stopped) {
      const left = await deps.batches.takeOver();
      if (!left) return;
      await runBatch(deps, left);
    }
  }

  function lookOnce(): void {
    looking ??= look()
      .catch(report)
      .finally(() => {
        looking = null;
      });
  }

  return {
    start() {
      lookOnce();
      timer = setInterval(lookOnce, LOOK_EVERY);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
