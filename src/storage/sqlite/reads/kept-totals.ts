import { LRUCache } from 'lru-cache';
import type { QueueFilter } from '../../../comments/comment-store.ts';

/**
 * Totals that were counted row by row, for as long as nothing has happened to any comment: whoever pages
 * through what they found is told the same total on each page.
 */
export interface KeptTotals {
  /** Something happened that a total may depend on. */
  drop(): void;
  of(filter: QueueFilter, cap: number, count: () => Promise<number>): Promise<number>;
}

const KEPT = 200;

export function createKeptTotals(): KeptTotals {
  const totals = new LRUCache<string, number>({ max: KEPT });
  let epoch = 0;
  return {
    drop() {
      epoch += 1;
      if (totals.size > 0) totals.clear();
    },
    async of(filter, cap, count) {
      const name = JSON.stringify([cap, Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))]);
      const known = totals.get(name);
      if (known !== undefined) return known;
      const begun = epoch;
      const total = await count();
      // A count that something happened beside must not be kept.
      if (begun === epoch) totals.set(name, total);
      return total;
    },
  };
}
