import { createPause } from '../../pause.ts';
import type { Directory } from './directory.ts';
import type { Fold } from './fold.ts';
import type { Lease } from './lease.ts';

/** The loop that folds while this instance holds the lease. */
export interface Folder {
  /** There is work. */
  nudge(): void;
  start(): void;
  /**
   * Runs `work` while nobody folds, here or elsewhere: what is folded stands still, whatever is written
   * meanwhile. It should be short, since events and counters wait for it.
   */
  still<T>(work: () => Promise<T>): Promise<T>;
  /** Ends after the batch under way and gives the lease back. */
  stop(): Promise<void>;
}

/** Milliseconds: what comes within it shares a batch. */
const GATHER_MS = 40;
/**
 * How often the lease's holder looks for the work of other instances, and where none came for so long: they are heard
 * of within a second. Their stamps tell it of most at once.
 */
const LOOK_MS = 200;
const QUIET_LOOK_MS = 600;
const QUIET_AFTER_MS = 2000;
/** How often the others look for a lease that ran out. */
const IDLE_MS = 500;
/** How often it is looked for what other instances left behind. Milliseconds. */
const TEND_MS = 5000;
/** How often a lease is renewed while nobody folds. */
const RENEW_MS = 1000;

export interface FolderParts {
  fold: Fold;
  directory: Pick<Directory, 'step' | 'waiting'>;
  lease: Lease;
  /** Finishes longer tasks that a crash cut off; called when the lease is won. */
  recover: () => Promise<void>;
  /** Finishes those that another instance was cut off in; called now and then while the lease is held. */
  resume: () => Promise<void>;
  /** Finishes short ones that another instance was cut off in; called when the lease is won and now and then. */
  tend: () => Promise<void>;
  report: (error: unknown) => void;
}

/** Changes of a batch up to which the store is at rest. */
const QUIET = 50;
/**
 * Batches that wait for the directories before they are taken under load, too, and how often that is looked at. A
 * million comments: what is worked out of authors reads what is not folded yet, so that the fold falls behind by it.
 */
const TOO_MANY = 1000;
const BACKLOG_LOOK_MS = 2000;

export function createFolder({ fold, directory, lease, recover, resume, tend, report }: FolderParts): Folder {
  let stopped = false;
  let nudged = false;
  let holding = false;
  let lookedAt = 0;
  let foundAt = Number.NEGATIVE_INFINITY;
  let tendedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  let turning: Promise<unknown> = Promise.resolve();
  let stillness: Promise<unknown> | null = null;
  const { rest, wake } = createPause();

  const turn = async (): Promise<number> => {
    if (!(await lease.hold())) {
      holding = false;
      return 0;
    }
    const isDue = !holding || performance.now() - tendedAt > TEND_MS;
    if (isDue) {
      await tend();
      tendedAt = performance.now();
    }
    if (!holding) {
      await recover();
      holding = true;
    } else if (isDue) await resume();
    const found = await fold.step();
    return found + (await fillDirectory(found));
  };
  /** In quiet moments; under load only where a list would have too much to catch up with. */
  const fillDirectory = async (found: number): Promise<number> => {
    if (found > QUIET) {
      const isDue = performance.now() - lookedAt > BACKLOG_LOOK_MS;
      if (!isDue) return 0;
      lookedAt = performance.now();
      if ((await directory.waiting()) < TOO_MANY) return 0;
    }
    return Number(await directory.step());
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      let found = 0;
      nudged = false;
      try {
        while (stillness) await stillness.catch(() => undefined);
        const taken = turn();
        turning = taken.catch(() => undefined);
        found = await taken;
      } catch (error) {
        // The server is away or the lease was lost: the journal knows where to go on.
        holding = false;
        report(error);
      }
      if (stopped) break;
      if (found > 0) foundAt = performance.now();
      if (found > 0 || (nudged && holding)) await rest(GATHER_MS);
      else {
        const lookMs = performance.now() - foundAt > QUIET_AFTER_MS ? QUIET_LOOK_MS : LOOK_MS;
        await rest(holding ? lookMs : IDLE_MS);
        if (nudged && !stopped) await rest(GATHER_MS);
      }
    }
  };

  async function whileStill<T>(work: () => Promise<T>): Promise<T> {
    await turning;
    while (!(await lease.claim())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const renewing = setInterval(() => void lease.hold().catch(report), RENEW_MS);
    try {
      // What another left under way is finished first.
      await fold.finish();
      return await work();
    } finally {
      clearInterval(renewing);
    }
  }

  return {
    async still(work) {
      while (stillness) await stillness.catch(() => undefined);
      const running = whileStill(work);
      stillness = running;
      try {
        return await running;
      } finally {
        stillness = null;
        holding = false;
      }
    },
    nudge() {
      if (nudged) return;
      nudged = true;
      if (holding) wake();
    },
    start() {
      running = loop();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
      await lease.release().catch(report);
    },
  };
}
