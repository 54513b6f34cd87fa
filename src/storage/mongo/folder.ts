import type { Fold } from './fold.ts';
import type { Lease } from './lease.ts';

/** The loop that folds while this instance holds the lease. */
export interface Folder {
  /** There is work. */
  nudge(): void;
  start(): void;
  /** Ends after the batch under way and gives the lease back. */
  stop(): Promise<void>;
}

/** Milliseconds: what comes within it shares a batch. */
const GATHER_MS = 40;
/** How often to look for the work of other instances, and for a lease that ran out. */
const IDLE_MS = 500;

export interface FolderParts {
  fold: Fold;
  lease: Lease;
  /** Finishes longer tasks that a crash cut off; called when the lease is won. */
  recover: () => Promise<void>;
  report: (error: unknown) => void;
}

export function createFolder({ fold, lease, recover, report }: FolderParts): Folder {
  let stopped = false;
  let nudged = false;
  let holding = false;
  let running: Promise<void> = Promise.resolve();
  let wake: (() => void) | null = null;

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const turn = async (): Promise<number> => {
    if (!(await lease.hold())) {
      holding = false;
      return 0;
    }
    if (!holding) {
      await recover();
      holding = true;
    }
    return fold.step();
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      let found = 0;
      nudged = false;
      try {
        found = await turn();
      } catch (error) {
        // The server is away or the lease was lost: the journal knows where to go on.
        holding = false;
        report(error);
      }
      if (stopped) break;
      if (found > 0 || (nudged && holding)) await rest(GATHER_MS);
      else {
        await rest(IDLE_MS);
        if (nudged && !stopped) await rest(GATHER_MS);
      }
    }
  };

  return {
    nudge() {
      if (nudged) return;
      nudged = true;
      if (holding) wake?.();
    },
    start() {
      running = loop();
    },
    async stop() {
      stopped = true;
      wake?.();
      await running;
      await lease.release().catch(report);
    },
  };
}
