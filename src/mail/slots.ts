import { SLOT_MS } from '../comments/tallies.ts';
import { boundsOf, dayAfter, dayAt } from '../moderation/days.ts';

const HOUR = 3_600_000;
/** Hours after the site's midnight at which what waits is summed up. */
const MORNING = 8;

/** The next full hour after a moment. */
export const nextHour = (at: number): number => (Math.floor(at / HOUR) + 1) * HOUR;

/** The next morning of a time zone after a moment. */
export function nextMorning(timeZone: string, at: number): number {
  const morningOf = (day: string): number => {
    const [midnight = 0] = boundsOf(timeZone, day, 0);
    return midnight * SLOT_MS + MORNING * HOUR;
  };
  const today = dayAt(timeZone, at);
  const morning = morningOf(today);
  return morning > at ? morning : morningOf(dayAfter(today, 1));
}
