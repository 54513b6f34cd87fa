import en from '../../../config/locales/en.json';
import fa from '../../../config/locales/fa.json';
import type { Part } from './html.ts';
import { html, type SafeHtml, trusted } from './html.ts';

/** Every sentence of the pages, in one language. The English file is the shape of all. */
export type PageWords = typeof en.pages;
export type PluralForms = { one: string; other: string };

/** The words of a locale, and how numbers are written and counted in it. */
export interface Words extends PageWords {
  /** The language the words are in; differs from the site's where we have none of its own. */
  language: 'en' | 'fa';
  /** A whole number in the locale's digits. */
  number(value: number): string;
  /** The right plural form, with `{count}` filled in. */
  count(forms: PluralForms, value: number): SafeHtml;
}

const LANGUAGES: Record<Words['language'], PageWords> = { en: en.pages, fa: fa.pages };

function languageOf(locale: string): Words['language'] {
  return /^fa(?:-|$)/i.test(locale) ? 'fa' : 'en';
}

const known = new Map<string, Words>();
/** Locales are set by admins, not by readers; the bound only keeps a long-lived process tidy. */
const KNOWN_LIMIT = 100;

/** The locale itself where the runtime can format in it, else English. */
export function formattingLocale(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    // RangeError: not a language tag.
    return 'en';
  }
}

function load(locale: string): Words {
  const language = languageOf(locale);
  const numbers = new Intl.NumberFormat(language === 'fa' ? formattingLocale(locale) : 'en');
  const plurals = new Intl.PluralRules(language);
  const number = (value: number): string => numbers.format(value);
  return {
    ...LANGUAGES[language],
    language,
    number,
    count: (forms, value) =>
      say(plurals.select(value) === 'one' ? forms.one : forms.other, { count: number(value) }),
  };
}

/** The words for a site's locale (BCP 47): Persian for `fa` and its regions, English for all others. */
export function wordsFor(locale: string): Words {
  let words = known.get(locale);
  if (!words) {
    words = load(locale);
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(locale, words);
  }
  return words;
}

/** A sentence with its `{placeholders}` filled. Values are escaped; SafeHtml stands as it is. */
export function say(sentence: string, values: Record<string, Part> = {}): SafeHtml {
  const parts = sentence.split(/\{(\w+)\}/);
  return trusted(
    parts.map((part, index) => html`${index % 2 === 0 ? part : values[part]}`.toString()).join(''),
  );
}
