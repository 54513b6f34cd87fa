import type { Database } from './database.ts';

/** Takes events out of the log that are older than they must be kept, and that every consumer has taken. */
export interface EventTrimmer {
  stop(): Promise<void>;
}

/** Milliseconds. The first trim comes late: a process that starts has better things to do. */
const FIRST_TRIM = 60_000;
const TRIM_EVERY = 600_000;
/** A day is promised; clocks differ. */
const KEPT_FOR = 2 * 24 * 3_600_000;
/** Events in one go. */
const PART = 1000;

type Log = Pick<Database, 'events' | 'consumers'>;

/**
 * Takes one part of what may go; true while there may be more. Several instances may do it at once. They came
 * in the order of their numbers, so that the oldest are those with the lowest, and no index by time is needed.
 */
export async function trimEvents({ events, consumers }: Log, now: number): Promise<boolean> {
  const [slowest] = await consumers.find().sort({ number: 1 }).limit(1).toArray();
  const taken = slowest === undefined ? {} : { _id: { $lte: slowest.number } };
  // One that is ahead is of a clock that was set back since: what came after it tells how old it is.
  const oldest = await events
    .find({ ...taken, at: { $lte: new Date(now) } })
    .project<{ _id: number; at: Date }>({ at: 1 })
    .sort({ _id: 1 })
    .limit(PART)
    .toArray();
  const young = oldest.findIndex(({ at }) => at.getTime() > now - KEPT_FOR);
  const old = young === -1 ? oldest : oldest.slice(0, young);
  const last = old.at(-1);
  if (!last) return false;
  await events.deleteMany({ _id: { $lte: last._id } });
  return old.length === PART;
}

export function createEventTrimmer(log: Log, report: (error: unknown) => void): EventTrimmer {
  let running: Promise<void> | null = null;
  let stopped = false;
  async function trim(): Promise<void> {
    while (!stopped && (await trimEvents(log, Date.now())));
  }
  const trimOnce = (): void => {
    running ??= trim()
      .catch(report)
      .finally(() => {
        running = null;
      });
  };
  const timers = [setTimeout(trimOnce, FIRST_TRIM), setInterval(trimOnce, TRIM_EVERY)];
  for (const timer of timers) timer.unref();
  return {
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}
