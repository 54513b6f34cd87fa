import type { Database } from 'better-sqlite3';

/** Who takes events out of the log, and how far each has come; for operations, in their transaction. */
export interface Consumers {
  /** Null where there is none of that name. */
  position(name: string): number | null;
  /** Makes it known where it is not, at that number. */
  join(name: string, number: number): void;
  /** Never back. */
  advance(name: string, number: number): void;
  /** How far the slowest has come; null where there is none. */
  slowest(): number | null;
}

export function createConsumers(db: Database): Consumers {
  const position = db.prepare<[string], number>('SELECT number FROM event_consumers WHERE name = ?').pluck();
  const join = db.prepare<[string, number]>(
    'INSERT INTO event_consumers (name, number) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const advance = db.prepare<[number, string]>(
    'UPDATE event_consumers SET number = max(number, ?) WHERE name = ?',
  );
  const slowest = db.prepare<[], number | null>('SELECT min(number) FROM event_consumers').pluck();
  return {
    position: (name) => position.get(name) ?? null,
    join: (name, number) => void join.run(name, number),
    advance: (name, number) => void advance.run(number, name),
    slowest: () => slowest.get() ?? null,
  };
}
