import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The languages that the service speaks to readers and to callers: each has its files in config/locales. */
export const LANGUAGES = [
  ...['en', 'fa', 'ar', 'he', 'ur', 'de', 'fr', 'es', 'pt', 'it'],
  ...['nl', 'pl', 'tr', 'ru', 'uk', 'hi', 'id', 'zh', 'ja', 'ko'],
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Beside dist/ as beside src/. */
const FOLDER = join(__dirname, '../config/locales');

/** What is said at a start without the files: else the first German reader would find out. Null where they are there. */
export const localesProblem = (): string | null =>
  existsSync(FOLDER) ? null : `${FOLDER} is missing: config/locales belongs beside dist/`;

/** Languages by the codes that ISO 639 gave up in 1989 and Java used until its version 17. */
const FORMER = new Map<string, Language>([
  ['iw', 'he'],
  ['in', 'id'],
]);

/** The language of a tag (BCP 47), whatever its region; undefined where it is not spoken here. */
export function spokenLanguage(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0] ?? '';
  return LANGUAGES.find((language) => language === primary) ?? FORMER.get(primary);
}

/**
 * Texts by language, each read when it is first spoken: English, which gives the others their shape, and what
 * `fileOf` names in config/locales, without its `.json`.
 */
export function textsByLanguage<Texts>(
  english: Texts,
  fileOf: (language: Language) => string,
): (language: Language) => Texts {
  const known = new Map<Language, Texts>([['en', english]]);
  return (language) => {
    let texts = known.get(language);
    if (texts === undefined) {
      texts = JSON.parse(readFileSync(join(FOLDER, `${fileOf(language)}.json`), 'utf8')) as Texts;
      known.set(language, texts);
    }
    return texts;
  };
}

/** A text that counts, in the plural forms of its language; `other` stands in for those it does without. */
export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
