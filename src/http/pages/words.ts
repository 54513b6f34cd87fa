import en from '../../../config/locales/en.json';
import fa from '../../../config/locales/fa.json';
import { formattingLocale } from '../../text/dates.ts';
import { type SafeHtml, say } from '../../text/html.ts';

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
