import type { SafeHtml } from './html.ts';
import { html } from './html.ts';

/** The locale itself where the runtime can format in it, else English. */
export function formattingLocale(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    // RangeError: not a language tag.
    return 'en';
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();
const FORMATS_LIMIT = 100;

function formatFor(locale: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(formattingLocale(locale), {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone,
    });
    if (formats.size >= FORMATS_LIMIT) formats.clear();
    formats.set(key, format);
  }
  return format;
}

/** Where and when a site's readers are. */
export interface Place {
  /** BCP 47; brings its calendar and digits (`fa`: the Persian calendar). */
  locale: string;
  /** IANA name. */
  timeZone: string;
}

/** A moment (RFC 3339) in the site's language, calendar, digits and time zone. */
export function dateText(place: Place, at: string): string {
  return formatFor(place.locale, place.timeZone).format(new Date(at));
}

/** The same as a `<time>` element. */
export function timeElement(place: Place, at: string): SafeHtml {
  return html`<time datetime="${at}">${dateText(place, at)}</time>`;
}
