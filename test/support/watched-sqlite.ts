import type { Database } from 'better-sqlite3';
import { openForReading } from '../../src/storage/sqlite/connection.ts';

/** What walks lists of comments or of the audit. */
const WATCHED = /FROM (comments|audit|authors|page_facts) (?:INDEXED BY|NOT INDEXED)/;

/** Where the conditions of each such walk begin. */
const WALKED = /FROM (?:comments|audit|authors|page_facts) (?:INDEXED BY \w+|NOT INDEXED)\s+WHERE /g;

/** A connection that tells which plan each statement took and how many index entries it visited. */
export interface Watched {
  db: Database;
  visited(): number;
  plans: Map<string, string[]>;
}

/**
 * Counts by a function that is the first condition of every list: SQLite works it out for each entry the
 * walk comes to, before the conditions that may drop the entry (a control in explain-sqlite.test.ts proves it).
 */
export function watch(file: string): Watched {
  const db = openForReading(file);
  let visits = 0;
  db.function('visited', { deterministic: false }, (_id: unknown) => {
    visits += 1;
    return 1;
  });
  const plans = new Map<string, string[]>();
  const prepare = db.prepare.bind(db);
  const watched = ((sql: string) => {
    const [, table] = WATCHED.exec(sql) ?? [];
    if (table === undefined) return prepare(sql);
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const binds = Array((sql.match(/\?/g) ?? []).length).fill(null);
    plans.set(
      sql,
      (plan.all(...binds) as { detail: string }[]).map((row) => row.detail),
    );
    const counted = sql.replace(
      WALKED,
      `$&visited(${table === 'comments' || table === 'audit' ? 'id' : 'key'}) AND `,
    );
    if (counted === sql) throw new Error(`No condition to count by: ${sql}`);
    return prepare(counted);
  }) as Database['prepare'];
  db.prepare = watched;
  return {
    db,
    plans,
    visited() {
      const now = visits;
      visits = 0;
      return now;
    },
  };
}
