import type { Database } from 'better-sqlite3';
import type { BatchContext } from './batch-context.ts';

export const DATA_KEY = 'data-key';
/** Tells the log's numbers from those that it gave out before a restore. */
export const LOG_EPOCH = 'log-epoch';
/** Bytes the readiness check writes: more than most comments take. */
const PROBE_BYTES = 32 * 1024;

/** The operations of the installation as a whole. */
export function createMeta(db: Database) {
  const insert = db.prepare<[string, string]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const replace = db.prepare<[string, string, string]>(
    'UPDATE meta SET value = ? WHERE name = ? AND value = ?',
  );
  const probe = db.prepare<[number, number]>(
    'INSERT OR REPLACE INTO probe (id, at, filler) VALUES (1, ?, zeroblob(?))',
  );

  return {
    writeDataKey(
      _: BatchContext,
      { wrapped, expected }: { wrapped: string; expected: string | null },
    ): boolean {
      if (expected === null) return insert.run(DATA_KEY, wrapped).changes > 0;
      return replace.run(wrapped, DATA_KEY, expected).changes > 0;
    },
    /** Writes for the sake of writing. */
    probe(_: BatchContext, at: number): void {
      probe.run(at, PROBE_BYTES);
    },
  };
}
