import type { Api } from './api.ts';

/** Every sentence by its key; plural ones have a form for each of the language's categories. */
export type Sentences = Record<string, string | Record<string, string>>;

/** Filled in by the build: the languages there are, and a word that names this state of their sentences. */
declare const LANGUAGES: string[];
declare const SENTENCES_VERSION: string;

const RIGHT_TO_LEFT = ['fa', 'ar', 'he', 'ur'];
const MINUTE = 60;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', MINUTE],
];
/** Older comments bear their date, in seconds. */
const WEEK = 7 * 86_400;

/** The sentences of one language, and how it writes numbers and moments. */
export interface Words {
  locale: string;
  direction: 'ltr' | 'rtl';
  /** A sentence; `{n}` is put in with the language's digits and decides the plural form. */
  (key: string, values?: { n?: number; name?: string; time?: string }): string;
  number(value: number): string;
  /** How long ago where that is soon said, else the date. */
  moment(at: string, timeZone: string | undefined): string;
  /** The full date and time. */
  date(at: string, timeZone: string | undefined): string;
  /** Brings the sentences that only the second file says. */
  loadRest(): Promise<void>;
}

/** The language of a locale that there are sentences for, else English. */
export function languageOf(locale: string): string {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return LANGUAGES.includes(language) ? language : 'en';
}

/** The locale itself where it is one that can be formatted in. */
function formattingLocale(locale: string, language: string): string {
  try {
    return languageOf(locale) === language && Intl.getCanonicalLocales(locale)[0] ? locale : language;
  } catch {
    // RangeError: not a language tag.
    return language;
  }
}

export async function loadWords(api: Api, given: string): Promise<Words> {
  const language = languageOf(given);
  const load = (part: string): Promise<Sentences> =>
    api(`embed/${part}${language}.json?v=${SENTENCES_VERSION}`);
  const sentences = await load('');
  const locale = formattingLocale(given, language);
  const plural = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  /** One is dear to make, and a thread has hundreds of dates. */
  const dates = new Map<string, Intl.DateTimeFormat>();
  const date = (at: string, timeZone: string | undefined, timeStyle?: 'short'): string => {
    const key = `${timeZone} ${timeStyle}`;
    const format =
      dates.get(key) ?? new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle, timeZone });
    dates.set(key, format);
    return format.format(new Date(at));
  };

  const say = (
    key: string,
    { n, name = '', time = '' }: { n?: number; name?: string; time?: string } = {},
  ): string => {
    const sentence = sentences[key] ?? '';
    const form =
      typeof sentence === 'string' ? sentence : (sentence[plural.select(n ?? 0)] ?? sentence.other);
    const values: Record<string, string> = { n: numbers.format(n ?? 0), name, time };
    return (form ?? '').replace(/\{(n|name|time)\}/g, (_, value: string) => values[value] ?? '');
  };

  return Object.assign(say, {
    locale,
    direction: RIGHT_TO_LEFT.includes(language) ? ('rtl' as const) : ('ltr' as const),
    number: (value: number) => numbers.format(value),
    date: (at: string, timeZone: string | undefined) => date(at, timeZone, 'short'),
    loadRest: async () => void Object.assign(sentences, await load('write-')),
    moment(at: string, timeZone: string | undefined) {
      const seconds = (Date.now() - Date.parse(at)) / 1000;
      if (seconds > WEEK) return date(at, timeZone);
      const [unit, size] = UNITS.find((one) => seconds >= one[1]) ?? ['minute', MINUTE];
      return relative.format(-Math.floor(Math.max(0, seconds) / size), unit);
    },
  });
}
