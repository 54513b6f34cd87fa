/** Milliseconds. Days of every time zone in use begin and end with such a slot, as those of the statistics do. */
const SLOT = 900_000;

/**
 * When a calendar day, `YYYY-MM-DD`, begins in a time zone (that of the browser where none is given), or the
 * last moment of it; '' for what is no day. Found by looking, so that days of 23 and 25 hours and midnights that
 * are left out come out right.
 */
export function momentOf(day: string, timeZone: string | undefined, isEnd: boolean): string {
  const { format } = new Intl.DateTimeFormat('sv', { timeZone });
  // No zone's day begins or ends further from that of UTC: 16 hours before it, 16 after.
  let low = Date.parse(day) / SLOT - 64;
  for (let high = low + 224; low < high; ) {
    const middle = Math.floor((low + high) / 2);
    const shown = format(middle * SLOT);
    if (shown < day || (isEnd && shown === day)) low = middle + 1;
    else high = middle;
  }
  return Number.isNaN(low) ? '' : new Date(low * SLOT - (isEnd ? 1 : 0)).toISOString();
}
