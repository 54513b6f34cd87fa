import en from '../../../config/locales/en.json';
import { type Language, type PluralForms, spokenLanguage, textsByLanguage } from '../../locales.ts';
import { formattingLocale } from '../../text/dates.ts';
import { type SafeHtml, say } from '../../text/html.ts';

/** Every sentence of the pages, in one language. The English file is the shape of all. */
export type PageWords = typeof en.pages;

/** The words of a locale, and how numbers are written and counted in it. */
export interface Words extends PageWords {
  /** The language the words are in; differs from the site's where we have none of its own. */
  language: Language;
  /** A whole number in the locale's digits. */
  number(value: number): string;
  /** Several things in one sentence. */
  list(things: string[]): string;
  /** The right plural form, with `{count}` filled in. */
  count(forms: PluralForms, value: number): SafeHtml;
}

const textsIn = textsByLanguage(en, (language) => language);

const known = new Map<string, Words>();
/** Locales are set by admins, not by readers; the bound only keeps a long-lived process tidy. */
const KNOWN_LIMIT = 100;

function load(locale: string): Words {
  const spoken = spokenLanguage(locale);
  const language = spoken ?? 'en';
  const numbers = new Intl.NumberFormat(spoken ? formattingLocale(locale) : 'en');
  const plurals = new Intl.PluralRules(language);
  const lists = new Intl.ListFormat(language);
  const number = (value: number): string => numbers.format(value);
  return {
    ...textsIn(language).pages,
    language,
    number,
    list: (things) => lists.format(things),
    count: (forms, value) => say(forms[plurals.select(value)] ?? forms.other, { count: number(value) }),
  };
}

/** The words for a site's locale (BCP 47): its language's where that is spoken here, else English. */
export function wordsFor(locale: string): Words {
  let words = known.get(locale);
  if (!words) {
    words = load(locale);
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(locale, words);
  }
  return words;
}
