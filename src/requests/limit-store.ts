/**
 * How much later than its length from now a window may end, in milliseconds: instances' clocks differ. One that ends
 * later yet was begun by a clock that has been set back since, and would keep its client out until that time comes again.
 */
export const CLOCKS_DIFFER_MS = 60_000;

/** Counts hits in fixed windows. The SQLite composition keeps them in memory; instances on one MongoDB count together. */
export interface LimitStore {
  /** Adds one hit to the key's window (begun anew where it has ended, or ends later than any that is begun now) and tells how many it has now. */
  hit(key: string, windowMs: number, now: number): Promise<{ hits: number; resetAt: number }>;
}
