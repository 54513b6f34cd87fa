/** Longer than a receiver may ask us to wait, in milliseconds. */
const LONGEST_WAIT = 24 * 3_600_000;
/** Tries come up to so much sooner or later, so that what failed together does not come back together. */
const SPREAD = 0.1;

export interface ScheduleQuery {
  /** When each try comes, in seconds after the one before; the first after the event. */
  retrySeconds: readonly number[];
  /** Tries so far. */
  tries: number;
  now: number;
  /** The `Retry-After` of the answer. */
  retryAfter?: string;
  /** In [0, 1). */
  random: number;
}

/** The one form of date (asctime's, RFC 9110, 5.6.7) that names no zone: UTC is meant, not this machine's. */
const ZONELESS = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** How long a `Retry-After` asks to wait (seconds or a date, RFC 9110), in milliseconds; 0 where it says nothing. */
export function askedWait(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  const text = retryAfter.trim();
  const date = ZONELESS.test(text) ? `${text} GMT` : text;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(date) - now;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(0, wait), LONGEST_WAIT);
}

/** When the next try comes, in milliseconds since 1970; null: there is none, it is dead. */
export function nextTry({ retrySeconds, tries, now, retryAfter, random }: ScheduleQuery): number | null {
  const seconds = retrySeconds[tries];
  if (seconds === undefined) return null;
  const planned = seconds * 1000 * (1 - SPREAD + 2 * SPREAD * random);
  return Math.round(now + Math.max(planned, askedWait(retryAfter, now)));
}
