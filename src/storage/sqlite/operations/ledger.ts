import type { Database } from 'better-sqlite3';
import {
  type CountChange,
  type Counts,
  deltasOf,
  COUNTER_FIELDS as FIELDS,
  NO_COUNTS,
  type Standing,
} from '../../../comments/counts.ts';
import type { Tally } from '../../../comments/tallies.ts';
import { createTallies } from './tallies.ts';

/**
 * Gathers the count changes of a batch and writes each counter once: of a hundred posts on one page one
 * row changes, not a hundred times one. What is gathered but not written yet is told to those who ask.
 */
export interface Ledger {
  add(change: CountChange): void;
  /** What statistics count; see comments/tallies.ts. */
  tally(site: string, moved: readonly Tally[]): void;
  /** Takes a comment that stands so out of one scope and into another. */
  move(standing: Standing, scopes: { from: string; to: string }): void;
  /** What a scope has, with all that was gathered. */
  counted(scope: string): Counts;
  /** What is still to be added to the comment's reply count. */
  repliesDue(commentId: string): number;
  /** Writes everything gathered. */
  flush(): void;
  /** Forgets everything gathered: it was rolled back. */
  reset(): void;
}

const REPLIES = 'r/';

export function createLedger(db: Database): Ledger {
  const addToCounter = db.prepare<(string | number)[]>(
    `INSERT INTO counters (scope, ${FIELDS.join(', ')}) VALUES (?${', ?'.repeat(FIELDS.length)})
     ON CONFLICT (scope) DO UPDATE SET ${FIELDS.map((field) => `${field} = ${field} + excluded.${field}`).join(', ')}`,
  );
  const addReplies = db.prepare<[number, string]>(
    'UPDATE comments SET reply_count = reply_count + ? WHERE id = ?',
  );
  // A tombstone stands exactly while it has replies. A statement of its own, so that reply counts of
  // comments that are not deleted leave the lists' indexes alone.
  const settleTombstone = db.prepare<[string]>(
    `UPDATE comments SET shown = (open = 1 AND reply_count > 0)
     WHERE id = ? AND deleted_at IS NOT NULL AND shown <> (open = 1 AND reply_count > 0)`,
  );
  const readCounter = db.prepare<[string], Counts>(
    `SELECT ${FIELDS.join(', ')} FROM counters WHERE scope = ?`,
  );

  const tallies = createTallies(db);
  let counters = new Map<string, Counts>();
  let replies = new Map<string, number>();

  function counterOf(scope: string): Counts {
    let counts = counters.get(scope);
    if (!counts) {
      counts = { ...NO_COUNTS };
      counters.set(scope, counts);
    }
    return counts;
  }

  function reset(): void {
    tallies.reset();
    if (counters.size > 0) counters = new Map();
    if (replies.size > 0) replies = new Map();
  }

  function flush(): void {
    tallies.flush();
    for (const [scope, counts] of counters) {
      const moves = FIELDS.map((field) => counts[field]);
      if (moves.some((by) => by !== 0)) addToCounter.run(scope, ...moves);
    }
    for (const [id, by] of replies) {
      if (by === 0) continue;
      addReplies.run(by, id);
      settleTombstone.run(id);
    }
    reset();
  }

  return {
    add(change) {
      for (const { scope, field, by } of deltasOf(change)) {
        if (scope.startsWith(REPLIES)) {
          const id = scope.slice(REPLIES.length);
          replies.set(id, (replies.get(id) ?? 0) + by);
        } else {
          counterOf(scope)[field] += by;
        }
      }
    },
    tally: tallies.add,
    move({ status, visible, reported }, { from, to }) {
      for (const [scope, by] of [
        [from, -1],
        [to, 1],
      ] as const) {
        const counts = counterOf(scope);
        if (status) counts[status] += by;
        counts.visible += Number(visible) * by;
        counts.reported += Number(reported) * by;
      }
    },
    counted(scope) {
      flush();
      return readCounter.get(scope) ?? NO_COUNTS;
    },
    repliesDue: (commentId) => replies.get(commentId) ?? 0,
    flush,
    reset,
  };
}
