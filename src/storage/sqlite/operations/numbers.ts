import type { Database } from 'better-sqlite3';

/** Gives comments their `n`: unique, and in the order of posting to the millisecond. */
export interface Numbers {
  /** `at` in milliseconds since 1970. */
  next(at: number): number;
}

/** Numbers of one millisecond. With it `n` stays exact in a double until the year 2248. */
const OF_A_MILLISECOND = 1024;

export function createNumbers(db: Database): Numbers {
  const greatest = db
    .prepare<[number, number], number | null>('SELECT max(n) FROM comments WHERE n >= ? AND n < ?')
    .pluck();
  return {
    next(at) {
      // Ends: a millisecond that is full leads to the next.
      for (let first = at * OF_A_MILLISECOND; ; first += OF_A_MILLISECOND) {
        const last = greatest.get(first, first + OF_A_MILLISECOND);
        if (typeof last !== 'number') return first;
        if (last < first + OF_A_MILLISECOND - 1) return last + 1;
      }
    },
  };
}
