/**
 * What is kept in memory of a log follows it: it reads on whenever there is news, one look at a time, and whoever
 * asks may wait until it knows what there was. All that one owner has stop together, before their store is closed.
 */
export interface Followers {
  /** `catchUp` reads to the log's end; between two reads it asks `isStopped`. What it throws is reported. */
  follow(catchUp: () => Promise<void>): Follower;
  isStopped(): boolean;
  /** No look begins any more; settles once none is under way. Never rejects. */
  stop(): Promise<void>;
}

export interface Follower {
  /** There is news. */
  nudge(): void;
  /** Settles once all is known that was there when it was called; null where all is. Never rejects. */
  ready(): Promise<void> | null;
}

export function createFollowers(report: (error: unknown) => void): Followers {
  // Also of those that nobody holds any more.
  const looks = new Set<Promise<void>>();
  let stopped = false;

  function follow(catchUp: () => Promise<void>): Follower {
    let running: Promise<void> | null = null;
    let again = false;

    async function run(): Promise<void> {
      again = false;
      try {
        await catchUp();
      } catch (error) {
        // The store's trouble: what is known serves on, and the next news tries again.
        report(error);
      }
      running = null;
      if (again) begin();
    }

    function begin(): void {
      if (stopped) return;
      const look = run();
      running = look;
      looks.add(look);
      void look.finally(() => looks.delete(look));
    }

    /** What came since the look under way began is in the next; in a flood of news one more always follows. */
    async function settled(isBehind: boolean): Promise<void> {
      await running;
      if (isBehind) await running;
    }

    return {
      nudge() {
        again = true;
        if (running === null) begin();
      },
      ready: () => (running === null ? null : settled(again)),
    };
  }

  return {
    follow,
    isStopped: () => stopped,
    async stop() {
      stopped = true;
      await Promise.all(looks);
    },
  };
}
