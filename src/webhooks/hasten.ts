import type { Deps } from '../deps.ts';
import { CLOCKS_DIFFER_MS } from '../requests/limit-store.ts';
import type { Delivery } from './delivery.ts';

/** What is due by then comes by itself; longer than anybody has a delivery who tries it. Milliseconds. */
export const SOON = 15 * 60_000;
/** No summary is due so much later than what it sums up: a day of 25 hours, and one more. Milliseconds. */
const LATEST_SUMMARY = 26 * 3_600_000;

type Waiting = Pick<Delivery, 'nextAt' | 'tries' | 'attempts' | 'createdAt' | 'message'>;

/** Whether it waits for a moment that a clock gave which was ahead, and has been set back since. */
export function waitsInVain({ nextAt, tries, attempts, createdAt, message }: Waiting, now: number): boolean {
  if (nextAt === null || nextAt <= now + SOON) return false;
  const last = attempts.at(-1);
  // Made for the moment at which it is due.
  if (message.type === 'mail.digest' && !last) return nextAt > now + LATEST_SUMMARY;
  // What was never tried is due from its making on.
  return tries === 0 || (last?.at ?? createdAt) > now + CLOCKS_DIFFER_MS;
}

/** Looks for what waits in vain, at its first call and wherever the clock was set back since it looked last. */
export function createHastening({
  outbox,
  clock,
}: Pick<Deps, 'outbox' | 'clock'>): (isStopped: () => boolean) => Promise<void> {
  /** The most that the clock was ahead of one that is never set. */
  let most = Number.POSITIVE_INFINITY;
  return async (isStopped) => {
    const now = clock.now();
    const ahead = now - performance.now();
    if (most - ahead < CLOCKS_DIFFER_MS) {
      most = Math.max(most, ahead);
      return;
    }
    for (let after: string | null = ''; after !== null; ) {
      if (isStopped()) return;
      after = await outbox.hasten({ now, after });
    }
    most = ahead;
  };
}
