/**
 * Keeps comments from waiting for a filter that is down: after so many failures in a row it is not asked for a
 * while, then one comment tries it. What was not asked is sent later all the same. One for each filter, in the
 * memory of each instance: what one can't reach another may.
 */
export interface Breaker {
  state(): BreakerState;
  /** Whether to ask now. Where it says yes, `succeeded` or `failed` has to follow. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
}

/** `closed`: it is asked; `open`: it is not; `half-open`: one comment is trying. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export const FAILURES_TO_OPEN = 5;
/** Milliseconds; doubled with each try that fails. */
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60_000;

/** `now` in milliseconds, rising. */
export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let pause = FIRST_PAUSE;
  let openUntil: number | null = null;
  let trying = false;

  const isOpen = (): boolean => openUntil !== null;
  const close = (): void => {
    failures = 0;
    pause = FIRST_PAUSE;
    openUntil = null;
    trying = false;
  };
  const open = (): void => {
    openUntil = now() + pause;
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    trying = false;
  };

  return {
    state: () => (!isOpen() ? 'closed' : trying ? 'half-open' : 'open'),
    allows() {
      if (openUntil === null) return true;
      if (trying || now() < openUntil) return false;
      trying = true;
      return true;
    },
    succeeded: close,
    failed() {
      failures += 1;
      // Calls that were under way when it opened say nothing new.
      if (trying || (!isOpen() && failures >= FAILURES_TO_OPEN)) open();
    },
  };
}
