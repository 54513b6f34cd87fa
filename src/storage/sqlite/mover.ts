import { createPause } from '../../pause.ts';
import type { Connections } from './comments.ts';
import { openMovesSql } from './operations/moves.ts';

/** Takes comments along whose pages an alias has led elsewhere: the steps behind its first transaction. */
export interface Mover {
  /**
   * Fulfilled once none is on its way any more. Whoever waits at the same time goes on in the order of asking. Rejects
   * with `store-unavailable` where the store took nothing; it is tried again behind.
   */
  settled(): Promise<void>;
  /** Ends after the step under way; the next process takes up what is left. */
  stop(): Promise<void>;
}

/** Milliseconds after a failure. */
const FAILED_MS = 1000;

export function createMover({ db, commits }: Connections): Mover {
  const open = db.prepare<[]>(openMovesSql());
  const { rest, wake } = createPause();
  let stopped = false;
  let running: Promise<void> | null = null;
  let retrying: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (!stopped && !(await commits.execute('moveComments', null)));
  }

  /** Until it is done: what is left stands on a page that nobody sees. */
  async function retry(): Promise<void> {
    while (!stopped) {
      await rest(FAILED_MS);
      if (stopped) return;
      try {
        return await settled();
      } catch {
        // The store is full or away, and says so to whoever writes.
      }
    }
  }

  async function settled(): Promise<void> {
    if (open.get() === undefined) return;
    running ??= run().finally(() => {
      running = null;
    });
    await running;
  }

  return {
    async settled() {
      try {
        await settled();
      } catch (error) {
        retrying ??= retry().finally(() => {
          retrying = null;
        });
        throw error;
      }
    },
    async stop() {
      stopped = true;
      wake();
      await running?.catch(() => undefined);
      await retrying;
    },
  };
}
