/** What lies further back is no date of a comment. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

const within = (at: number): number | null => (at >= EARLIEST && at < LATEST ? at : null);

const PLAIN = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/;

/** Whether a text that begins with a day names one of the calendar: V8 takes 30 February for 2 March. */
function hasRealDay(text: string): boolean {
  const parts = DAY.exec(text)?.slice(1).map(Number);
  if (!parts) return true;
  const [year = 0, month = 0, day = 0] = parts;
  const isInMonth = (): boolean => day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && isInMonth();
}

/** What V8 may look at: it takes `1` for the year 2001, and guesses which part of 10/02/2015 is the month. */
const DATED =
  /^\d{4}(?:[-/]\d{1,2}){0,2}(?![-/\d])|^(?=.*\b\d{4}\b).*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const ZONED = /(?:z|utc|gmt|[ecmp][sd]t|\d:\d{2}.*(?:[\d ]|gmt|utc)[+-]\d{2}(?::?\d{2})?)$/i;

/** The text for V8, with UTC as the zone where it says none: V8 would take the one of the machine. */
function withZone(text: string): string {
  const plain = text.replace(/\s*\([^)]*\)$/, '').replace(/\.(\d{3})\d+/, '.$1');
  return ZONED.test(plain) ? plain : `${plain.replace(/^(\d{4}-\d{2}-\d{2})T/i, '$1 ')} UTC`;
}

/** A moment with its zone in it (RFC 3339 and what systems make of it), else of UTC, in milliseconds since 1970. */
export function moment(text: string | null | undefined): number | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || !hasRealDay(trimmed)) return null;
  const plain = plainUtc(trimmed);
  if (plain !== null) return plain;
  if (!DATED.test(trimmed)) return null;
  const at = Date.parse(withZone(trimmed));
  return Number.isNaN(at) ? null : within(at);
}

/** `YYYY-MM-DD HH:MM:SS`, which says no zone, taken as UTC. */
function plainUtc(text: string): number | null {
  const parts = PLAIN.exec(text)?.slice(1).map(Number);
  if (!parts || !hasRealDay(text)) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 60) return null;
  return within(Date.UTC(year, month - 1, day, hour, minute, second));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The same, taken as the clock on the wall in that zone. */
export function localMoment(text: string | null | undefined, timeZone: string): number | null {
  const asUtc = plainUtc(text?.trim() ?? '');
  if (asUtc === null) return null;
  // Twice, since the offset at the first guess may be another one than at the moment itself.
  let at = asUtc;
  for (let turn = 0; turn < 2; turn++) {
    const shown = plainUtc(formatOf(timeZone).format(at));
    if (shown === null) return asUtc;
    at += asUtc - shown;
  }
  return at;
}

/** What the clock on the wall shows at that moment in that zone: `YYYY-MM-DD HH:MM:SS`. */
export const localText = (at: number, timeZone: string): string => formatOf(timeZone).format(at);
