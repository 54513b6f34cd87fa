import { CLOCKS_DIFFER_MS, type LimitStore } from './limit-store.ts';

interface Window {
  hits: number;
  resetAt: number;
}

/** Windows kept at most. Past it those that have ended go first, then the oldest. */
const MOST = 100_000;
/** Milliseconds between two looks for those that have ended: each goes through all of them. */
const LOOK_EVERY = 1000;

/** Counts hits in the memory of one process: for a store that serves one process only. */
export function createMemoryLimitStore(most = MOST): LimitStore {
  const windows = new Map<string, Window>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  function makeRoom(now: number): void {
    // A flood from ever new addresses makes room at each of its requests.
    if (now - lookedAt >= LOOK_EVERY) {
      lookedAt = now;
      for (const [key, window] of windows) if (window.resetAt <= now) windows.delete(key);
    }
    // A flood of addresses must not fill the memory: an early window that goes lets one client begin anew.
    for (const key of windows.keys()) {
      if (windows.size < most) break;
      windows.delete(key);
    }
  }

  return {
    async hit(key, windowMs, now) {
      let window = windows.get(key);
      if (!window || window.resetAt <= now || window.resetAt > now + windowMs + CLOCKS_DIFFER_MS) {
        windows.delete(key);
        if (windows.size >= most) makeRoom(now);
        window = { hits: 0, resetAt: now + windowMs };
        windows.set(key, window);
      }
      window.hits += 1;
      return { hits: window.hits, resetAt: window.resetAt };
    },
  };
}
