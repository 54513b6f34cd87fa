import type { Clock } from '../../clock.ts';
import type { EventLog, LogEnds, LogEvent } from '../../moderation/event-log.ts';
import type { Connections } from './comments.ts';
import { LOG_EPOCH } from './operations/meta.ts';
import { BOUND_LIMIT } from './rows.ts';

/** Milliseconds. The first trim comes late: a process that starts has better things to do. */
const FIRST_TRIM = 60_000;
const TRIM_EVERY = 600_000;

export interface SqliteEventLog extends EventLog {
  /** After each commit: the number of the newest event. */
  committed(newest: number): void;
  stop(): void;
}

/** EventLog on SQLite: the rows of `events`, told of by the writer after each commit. */
export function createEventLog({ db, commits }: Connections, clock: Clock): SqliteEventLog {
  const rows = db.prepare<[number, number], { number: number; body: string }>(
    `SELECT number, body FROM events WHERE number > ? ORDER BY number LIMIT ${BOUND_LIMIT}`,
  );
  const readEnds = db.prepare<[], { first: number | null; last: number | null }>(
    'SELECT (SELECT min(number) FROM events) AS first, (SELECT max(number) FROM events) AS last',
  );
  const position = db.prepare<[string], number>('SELECT number FROM event_consumers WHERE name = ?').pluck();
  const epoch = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(LOG_EPOCH);
  const listeners = new Set<() => void>();
  let known = 0;

  const ends = (): LogEnds => {
    const { first, last } = readEnds.get() ?? { first: null, last: null };
    return { first: first ?? (last ?? 0) + 1, last: last ?? 0 };
  };

  async function trim(): Promise<void> {
    // Each part waits its turn among the writes of others.
    while (await commits.execute('trimEvents', clock.now()));
  }
  // The store away or closing: the next one will do.
  const trimQuietly = (): void => void trim().catch(() => undefined);
  const timers = [setTimeout(trimQuietly, FIRST_TRIM), setInterval(trimQuietly, TRIM_EVERY)];
  for (const timer of timers) timer.unref();

  return {
    epoch: epoch ?? '',
    after: async (number, limit) =>
      rows.all(number, limit).map((row) => ({ number: row.number, event: JSON.parse(row.body) as LogEvent })),
    ends: async () => ends(),
    append: (event) => commits.execute('appendLoose', event),
    join: (consumer) => commits.execute('joinLog', consumer),
    position: async (consumer) => position.get(consumer) ?? null,
    advance: (name, number) => commits.execute('advanceConsumer', { name, number }),
    onNews(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    committed(newest) {
      if (newest === known) return;
      known = newest;
      for (const listener of listeners) listener();
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
