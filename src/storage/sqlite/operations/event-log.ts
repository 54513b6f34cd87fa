import type { Database } from 'better-sqlite3';
import type { LooseEvent } from '../../../moderation/event-log.ts';
import { BOUND_LIMIT } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';
import { createConsumers } from './consumers.ts';
import { createEventWriter } from './events.ts';

/** Which number was the newest at a moment: an event's own moment may lie far back (an import's does). */
interface Mark {
  at: number;
  number: number;
}

const MARKS = 'event-marks';
const HOUR = 3_600_000;
export const EVENTS_KEPT_FOR = 24 * HOUR;
/** Rows in one go: so few that nobody who writes waits for it. */
const ROWS = 1000;

/** The operations behind EventLog. */
export function createEventLog(db: Database) {
  const writer = createEventWriter(db);
  const consumers = createConsumers(db);
  const newest = db.prepare<[], number | null>('SELECT max(number) FROM events').pluck();
  const readMarks = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const writeMarks = db.prepare<[string, string]>('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  const remove = db.prepare<[number, number]>(
    `DELETE FROM events WHERE number IN (SELECT number FROM events WHERE number <= ? ORDER BY number LIMIT ${BOUND_LIMIT})`,
  );

  return {
    appendLoose(_: BatchContext, event: LooseEvent): void {
      writer.appendOther(event);
    },

    joinLog(_: BatchContext, consumer: string): number {
      const last = newest.get() ?? 0;
      consumers.join(consumer, last);
      return last;
    },

    advanceConsumer(_: BatchContext, { name, number }: { name: string; number: number }): void {
      consumers.advance(name, number);
    },

    /**
     * Takes away what is older than it must be kept, and taken by every consumer; true while there is more. The
     * newest event stays.
     */
    trimEvents(_: BatchContext, now: number): boolean {
      const last = newest.get() ?? 0;
      const kept = JSON.parse(readMarks.get(MARKS) ?? '[]') as Mark[];
      // One that is ahead is of a clock that was set back since: it must not put all off until that time.
      const marks = kept.filter(({ at }) => at <= now);
      const latest = marks.at(-1);
      if (!latest || now - latest.at >= HOUR) marks.push({ at: now, number: last });
      const old = marks.filter(({ at }) => at <= now - EVENTS_KEPT_FOR);
      const upTo = Math.min(old.at(-1)?.number ?? 0, last - 1, consumers.slowest() ?? last);
      writeMarks.run(MARKS, JSON.stringify(marks.slice(Math.max(0, old.length - 1))));
      return remove.run(upTo, ROWS).changes === ROWS;
    },
  };
}
