import { SLOT_MS, slotOf } from '../comments/tallies.ts';

/** Calendar days, `YYYY-MM-DD`, when they begin in a time zone, and what its clocks show. */

const DAY_MS = 24 * 60 * 60 * 1000;
/** The furthest that a zone's midnight is from that of UTC, and an hour for its clocks being changed. */
const REACH_MS = 15 * 60 * 60 * 1000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', { timeZone, ...numeric });
    formats.set(timeZone, format);
  }
  return format;
}

/** The day that it is at a moment. */
export function dayAt(timeZone: string, at: number): string {
  const parts = formatFor(timeZone).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The minute of its day that a time zone's clocks show at a moment. */
export function minuteAt(timeZone: string, at: number): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const numeric = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en-u-nu-latn', { timeZone, ...numeric });
    clocks.set(timeZone, clock);
  }
  const parts = clock.formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return part('hour') * 60 + part('minute');
}

const utcMidnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The day so many days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(utcMidnight(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The slot that a day begins with: the first at which it is that day or a later one. Found by looking, so
 * that days of 23 and 25 hours, midnights that are left out and days that never were come out right.
 */
function beginOf(timeZone: string, day: string): number {
  let low = slotOf(utcMidnight(day) - REACH_MS);
  let high = slotOf(utcMidnight(day) + REACH_MS);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (dayAt(timeZone, middle * SLOT_MS) >= day) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The slots at which so many days from `first` on begin, and that at which the last ends. */
export function boundsOf(timeZone: string, first: string, days: number): number[] {
  const bounds = [beginOf(timeZone, first)];
  const usual = DAY_MS / SLOT_MS;
  for (let i = 1; i <= days; i++) {
    const day = dayAfter(first, i);
    const guess = (bounds.at(-1) ?? 0) + usual;
    const isRight = dayAt(timeZone, guess * SLOT_MS) === day && dayAt(timeZone, (guess - 1) * SLOT_MS) < day;
    bounds.push(isRight ? guess : beginOf(timeZone, day));
  }
  return bounds;
}
