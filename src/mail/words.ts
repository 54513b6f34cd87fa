import en from '../../config/locales/mail.en.json';
import { type Language, type PluralForms, spokenLanguage, textsByLanguage } from '../locales.ts';
import { formattingLocale } from '../text/dates.ts';
import { normalizeLine } from '../text/normalize.ts';
import { type ReaderWords, readerWords } from './reader-words.ts';

/** Every sentence of moderators' mails, in one language. */
export type StaffWords = typeof en & ReaderWords;

export interface Speech<Words = ReaderWords> {
  words: Words;
  /** The language that the words are in. */
  language: Language;
  number(value: number): string;
  /** As in “3 hours”. */
  hours(value: number): string;
  /** The right plural form, with `{count}` and what else is given filled in. */
  count(forms: PluralForms, value: number, more?: Record<string, string>): string;
}

const HOURS = { style: 'unit', unit: 'hour', unitDisplay: 'long' } as const;

const staffWords = textsByLanguage(en, (language) => `mail.${language}`);

function speechIn<Words>(locale: string, wordsOf: (language: Language) => Words): Speech<Words> {
  const spoken = spokenLanguage(locale);
  const language = spoken ?? 'en';
  const numbers = new Intl.NumberFormat(spoken ? formattingLocale(locale) : language);
  const plurals = new Intl.PluralRules(language);
  const number = (value: number): string => numbers.format(value);
  return {
    words: wordsOf(language),
    language,
    number,
    hours: new Intl.NumberFormat(spoken ? formattingLocale(locale) : language, HOURS).format,
    count: (forms, value, more = {}) =>
      say(forms[plurals.select(value)] ?? forms.other, { ...more, count: number(value) }),
  };
}

/** How mails speak to readers of a locale (BCP 47): in its language, or in English where we don't speak that. */
export const readerSpeech = (locale: string): Speech => speechIn(locale, readerWords);

/** And to moderators, who are told the readers' words as well. */
export const staffSpeech = (locale: string): Speech<StaffWords> =>
  speechIn(locale, (language) => ({ ...readerWords(language), ...staffWords(language) }));

/** A sentence with its `{placeholders}` filled, as plain text. */
export function say(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** At most so many characters (code points), cut between words where there is one to cut at. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const short = characters.slice(0, most).join('');
  const space = short.search(/\s\S*$/);
  return `${(space > short.length / 2 ? short.slice(0, space) : short).trimEnd()}…`;
}

/**
 * Fit for a header: one line, without controls. What would be read as an encoded word (RFC 2047) is parted by a word
 * joiner, which nobody sees, so that no text from outside is decoded into another one.
 */
export function headerText(text: string, most: number): string {
  return cut(normalizeLine(text) ?? '', most).replaceAll('=?', '=\u2060?');
}
