/** A piece of work that is done when it is called for, and every so often by itself; never twice at once. */
export interface Turns {
  /** Calls for it, in so many milliseconds at the latest. */
  soon(ms: number): void;
  /** Waits for one under way; none follows. */
  end(): Promise<void>;
}

export interface TurnsOptions {
  everyMs: number;
  report(error: unknown): void;
}

/** It begins with the first call for it, and keeps no process alive. */
export function createTurns(work: () => Promise<void>, { everyMs, report }: TurnsOptions): Turns {
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let running: Promise<void> | null = null;
  let again = false;
  let ended = false;

  function run(): void {
    due = Number.POSITIVE_INFINITY;
    if (running) {
      again = true;
      return;
    }
    running = work()
      .catch(report)
      .finally(() => {
        running = null;
        soon(again ? 0 : everyMs);
        again = false;
      });
  }

  function soon(ms: number): void {
    const at = performance.now() + ms;
    if (ended || at >= due) return;
    due = at;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
    timer.unref();
  }

  return {
    soon,
    async end() {
      ended = true;
      clearTimeout(timer);
      await running;
    },
  };
}
