import type { Database } from 'better-sqlite3';

/** How long the writer must have been idle before the log is swept, and how late it is at most. Milliseconds. */
const IDLE_FOR = 50;
const LATEST = 900;

/**
 * Takes erased texts out of the write-ahead log. What a commit erased is gone from the table, but the pages
 * that held it still stand in the log: a checkpoint that cuts the log to nothing ends that. It waits for a
 * pause in the writes, so that no comment waits for it without need, but never long.
 */
export interface LogSweeper {
  /** A commit has erased something. */
  due(): void;
  /** A batch has ended. */
  rest(): void;
  stop(): void;
}

export function createLogSweeper(db: Database): LogSweeper {
  let deadline: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  function sweep(): void {
    timer = undefined;
    const [outcome] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    // Somebody still reads what stood there, or the disk is full: the next pause tries again.
    deadline = outcome?.busy === 0 ? null : performance.now() + LATEST;
    if (deadline !== null) wait(IDLE_FOR);
  }

  function trySweep(): void {
    try {
      sweep();
    } catch {
      // The store's trouble, which the next write will tell of; the log is swept when it has healed.
      deadline = performance.now() + LATEST;
      wait(LATEST);
    }
  }

  function wait(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(trySweep, ms);
    timer.unref();
  }

  return {
    due() {
      deadline ??= performance.now() + LATEST;
    },
    rest() {
      if (deadline === null) return;
      const left = deadline - performance.now();
      if (left <= 0) trySweep();
      else wait(Math.min(IDLE_FOR, left));
    },
    stop: () => clearTimeout(timer),
  };
}
