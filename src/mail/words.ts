import en from '../../config/locales/mail.en.json';
import fa from '../../config/locales/mail.fa.json';
import { formattingLocale } from '../text/dates.ts';
import { normalizeLine } from '../text/normalize.ts';

/** Every sentence of the mails, in one language. The English file is the shape of all. */
export type MailWords = typeof en;

export interface Speech {
  words: MailWords;
  /** The language that the words are in. */
  language: 'en' | 'fa';
  number(value: number): string;
  /** The right plural form, with `{count}` and what else is given filled in. */
  count(forms: { one: string; other: string }, value: number, more?: Record<string, string>): string;
}

/** How mails speak for a locale (BCP 47): Persian for `fa` and its regions, English for all others. */
export function speechFor(locale: string): Speech {
  const language = /^fa(?:-|$)/i.test(locale) ? 'fa' : 'en';
  const numbers = new Intl.NumberFormat(language === 'fa' ? formattingLocale(locale) : 'en');
  const plurals = new Intl.PluralRules(language);
  const number = (value: number): string => numbers.format(value);
  return {
    words: language === 'fa' ? fa : en,
    language,
    number,
    count: (forms, value, more = {}) =>
      say(plurals.select(value) === 'one' ? forms.one : forms.other, { ...more, count: number(value) }),
  };
}

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
