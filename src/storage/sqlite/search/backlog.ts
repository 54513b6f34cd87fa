import type { Database } from 'better-sqlite3';
import { BOUND_LIMIT } from '../rows.ts';
import { FILLED_SQL } from './precedent-index.ts';

/** How much the search index and what is filled in with it lack or have too much, counted no further than the number given. */
export function searchBacklog(db: Database): (most: number) => number {
  const count = db
    .prepare<[number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM search_todo UNION ALL SELECT 1 FROM search_gone
       UNION ALL SELECT 1 FROM lessons WHERE number > (${FILLED_SQL}) LIMIT ${BOUND_LIMIT})`,
    )
    .pluck();
  return (most) => count.get(most) ?? 0;
}
