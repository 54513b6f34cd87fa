import type { Database } from 'better-sqlite3';
import type { Tally } from '../../../comments/tallies.ts';

/** Gathers what a batch moves in the tallies and writes each once: of a hundred posts of one minute two rows change. */
export interface Tallies {
  add(site: string, moved: readonly Tally[]): void;
  flush(): void;
  reset(): void;
}

export function createTallies(db: Database): Tallies {
  const write = db.prepare<[string, number, string, number]>(
    `INSERT INTO tallies (site, slot, what, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  let sums = new Map<string, Tally & { site: string }>();

  return {
    add(site, moved) {
      for (const { slot, what, by } of moved) {
        const key = `${site}/${slot}/${what}`;
        const sum = sums.get(key);
        if (sum) sum.by += by;
        else sums.set(key, { site, slot, what, by });
      }
    },
    flush() {
      if (sums.size === 0) return;
      for (const { site, slot, what, by } of sums.values()) if (by !== 0) write.run(site, slot, what, by);
      sums = new Map();
    },
    reset() {
      if (sums.size > 0) sums = new Map();
    },
  };
}
