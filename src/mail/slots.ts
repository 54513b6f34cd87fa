import { SLOT_MS } from '../comments/tallies.ts';
import { boundsOf, dayAfter, dayAt, minuteAt } from '../moderation/days.ts';

const MINUTE = 60_000;
const HOUR = 60;
/** The minute of a site's day at which what waits is summed up. */
const MORNING = 8 * HOUR;

/** The next full hour of a time zone's clocks after a moment: where they are half an hour off those of UTC, so is it. */
export function nextHour(timeZone: string, at: number): number {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  const next = minute + (HOUR - (minuteAt(timeZone, at) % HOUR)) * MINUTE;
  // Some clocks are changed by half an hour: then none is full at that moment.
  return minuteAt(timeZone, next) % HOUR === 0 ? next : nextHour(timeZone, next);
}

/** Eight o'clock on a day by a time zone's clocks, also where they are changed in that night. */
function morningOf(timeZone: string, day: string): number {
  const [midnight = 0] = boundsOf(timeZone, day, 0);
  const guess = midnight * SLOT_MS + MORNING * MINUTE;
  return guess - (minuteAt(timeZone, guess) - MORNING) * MINUTE;
}

/** The next morning of a time zone after a moment. */
export function nextMorning(timeZone: string, at: number): number {
  const today = dayAt(timeZone, at);
  const morning = morningOf(timeZone, today);
  return morning > at ? morning : morningOf(timeZone, dayAfter(today, 1));
}
