import { createPause } from '../../../pause.ts';
import type { GroupCommit } from '../group-commit.ts';

/**
 * Fills the search index behind the posts. While the writer has nothing else to do it takes one slice after
 * the other; beside a few writes it rides along in their commits; a crowd it lets pass, until so much is
 * left that searching it would take too long.
 */
export interface Filler {
  /** Something was written: the index may lack it. */
  nudge(): void;
  /** Ends after the slice under way. */
  stop(): Promise<void>;
}

export interface FillerOptions {
  commits: Pick<GroupCommit, 'execute' | 'crowd'>;
  /** How much waits, counted no further than the number given. */
  backlog: (most: number) => number;
}

/** Comments of one slice: a slice is what a post may have to wait for, about ten milliseconds. */
const SLICE = 60;
/** Calls in the writer's hands from which on it is busy with more than a few. */
const CROWD = 24;
/** So many may wait for as long as a crowd lasts. */
const MOST_WAITING = 50_000;
/**
 * Milliseconds: what is posted within it is filled in one slice, and the next post does not wait for it. A
 * search adds what is not filled yet, so nobody misses anything meanwhile; each slice is a commit of its own.
 */
const GATHER_MS = 250;
/** Milliseconds between two looks at a crowd, and after a failure. */
const CROWD_MS = 100;
const FAILED_MS = 1000;

export function createFiller({ commits, backlog }: FillerOptions): Filler {
  let stopped = false;
  let running: Promise<void> | null = null;
  const { rest, wake } = createPause();

  async function run(): Promise<void> {
    await rest(GATHER_MS);
    while (!stopped && backlog(1) > 0) {
      const crowded = commits.crowd() >= CROWD;
      if (crowded && backlog(MOST_WAITING) < MOST_WAITING) {
        await rest(CROWD_MS);
        continue;
      }
      try {
        await commits.execute('fillSearch', SLICE);
      } catch {
        // The store is full or away, and says so to whoever posts; what waits is still noted.
        await rest(FAILED_MS);
      }
    }
  }

  return {
    nudge() {
      if (running || stopped) return;
      running = run().finally(() => {
        running = null;
      });
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
