import type { EventLog, LogEnds } from '../../moderation/event-log.ts';
import { type Database, DURABLE } from './database.ts';
import { createEventTrimmer } from './event-trimmer.ts';
import { isDuplicateKey } from './failures.ts';
import { JOURNAL_ID } from './journal.ts';
import { type Waking, wakeOnChange } from './wake.ts';

/** Milliseconds between looks where no change stream wakes us, and where one does. */
const POLL_MS = 150;
const POLL_BESIDE_STREAM_MS = 500;

export interface EventLogParts {
  database: Pick<Database, 'events' | 'inbox' | 'journal' | 'consumers'>;
  /** There is something to fold. */
  nudge: () => void;
  report: (error: unknown) => void;
}

export interface MongoEventLog extends EventLog {
  stop(): Promise<void>;
}

/**
 * EventLog on MongoDB. The fold numbers the events and inserts them in the order of their numbers, so that
 * whoever sees one sees all before it. One look, while anybody listens, serves all listeners.
 */
export function createEventLog({ database, nudge, report }: EventLogParts): MongoEventLog {
  const { events, inbox, journal, consumers } = database;
  const trimmer = createEventTrimmer(database, report);
  const listeners = new Set<() => void>();
  let known = -1;
  let watching: { stop(): Promise<void> } | null = null;

  const newest = async (): Promise<number | null> =>
    (await events.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id ?? null;

  async function look(): Promise<void> {
    const found = (await newest()) ?? 0;
    if (found === known) return;
    known = found;
    for (const listener of listeners) listener();
  }

  /** Looks again and again until it is stopped; a change stream makes the next look come at once. */
  function watch(): { stop(): Promise<void> } {
    let stopped = false;
    let timer: NodeJS.Timeout | null = null;
    let looking: Promise<void> | null = null;
    let waking: Waking | null = null;
    const again = (ms: number): void => {
      if (stopped) return;
      if (timer) clearTimeout(timer);
      timer = setTimeout(turn, ms);
      timer.unref();
    };
    const turn = (): void => {
      if (looking) return;
      looking = look()
        .catch(report)
        .finally(() => {
          looking = null;
          again(waking?.streams ? POLL_BESIDE_STREAM_MS : POLL_MS);
        });
    };
    const starting = wakeOnChange(events, { onChange: () => again(0), report })
      .then((made) => {
        waking = made;
        return stopped ? made.stop() : undefined;
      })
      .catch(report);
    turn();
    return {
      async stop() {
        stopped = true;
        if (timer) clearTimeout(timer);
        await starting;
        await waking?.stop();
        await looking;
      },
    };
  }

  async function unwatch(): Promise<void> {
    const ending = watching;
    watching = null;
    await ending?.stop().catch(report);
  }

  async function ends(): Promise<LogEnds> {
    const [oldest, last] = await Promise.all([
      events.findOne({}, { sort: { _id: 1 }, projection: { _id: 1 } }),
      newest(),
    ]);
    if (last !== null) return { first: oldest?._id ?? last, last };
    // All have gone, or there never was one; those of a batch under way have no reader yet.
    const batch = await journal.findOne(
      { _id: JOURNAL_ID },
      { projection: { lastNumber: 1, state: 1, events: 1 } },
    );
    const waiting = batch?.state === 'applying' ? (batch.events?.length ?? 0) : 0;
    const given = (batch?.lastNumber ?? 0) - waiting;
    return { first: given + 1, last: given };
  }

  return {
    // What puts a dump back is none of ours, and can't say that it did.
    epoch: '',
    async after(number, limit) {
      const docs = await events
        .find({ _id: { $gt: number } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      return docs.map(({ _id, body }) => ({ number: _id, event: body }));
    },
    ends,
    async append(event) {
      await inbox.updateOne(
        { _id: event.id },
        { $setOnInsert: { body: event } },
        { upsert: true, writeConcern: DURABLE },
      );
      nudge();
    },
    onNews(listener) {
      listeners.add(listener);
      watching ??= watch();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) void unwatch();
      };
    },
    async join(consumer) {
      const { last } = await ends();
      await consumers
        .updateOne(
          { _id: consumer },
          { $setOnInsert: { number: last } },
          { upsert: true, writeConcern: DURABLE },
        )
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
      return last;
    },
    position: async (consumer) => (await consumers.findOne({ _id: consumer }))?.number ?? null,
    async advance(consumer, number) {
      await consumers.updateOne({ _id: consumer }, { $max: { number } }, { writeConcern: DURABLE });
    },
    async stop() {
      await trimmer.stop();
      await unwatch();
    },
  };
}
