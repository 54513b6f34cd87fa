/** Counts hits in fixed windows. The SQLite composition keeps them in memory; instances on one MongoDB count together. */
export interface LimitStore {
  /** Adds one hit to the key's window (begun anew where it has ended) and tells how many it has now. */
  hit(key: string, windowMs: number, now: number): Promise<{ hits: number; resetAt: number }>;
}
