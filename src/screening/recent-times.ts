/** How long something took lately. */
export interface RecentTimes {
  /** Milliseconds. */
  add(ms: number): void;
  /** What nineteen of twenty did not exceed, in milliseconds; null where nothing was added. */
  p95(): number | null;
}

/** So many are remembered: enough for a percentile, and sorted in a moment. */
const MOST = 500;

export function createRecentTimes(): RecentTimes {
  const times = new Float64Array(MOST);
  let added = 0;
  return {
    add(ms) {
      times[added % MOST] = ms;
      added += 1;
    },
    p95() {
      if (added === 0) return null;
      const sorted = times.slice(0, Math.min(added, MOST)).sort();
      return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
    },
  };
}
