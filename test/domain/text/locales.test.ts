import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsFor } from '../../../src/http/pages/words.ts';
import { LANGUAGES, spokenLanguage } from '../../../src/locales.ts';

/** What the service itself says, in each language that it speaks: nothing is missing, nothing filled in otherwise. */
const FOLDER = join(__dirname, '../../../config/locales');
const FORM = /\.(?:zero|one|two|few|many|other)$/;

const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

/** Every text by its path. */
function textsOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  const members = Object.entries(value as Record<string, unknown>);
  return new Map(members.flatMap(([name, member]) => [...textsOf(member, `${path}.${name}`)]));
}

const placesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();

/** The forms that whole numbers up to a thousand take, and the one that stands in for all. */
function formsOf(language: string): string[] {
  const rules = new Intl.PluralRules(language);
  return [...new Set(['other', ...Array.from({ length: 1001 }, (_, count) => rules.select(count))])];
}

/** The paths of English, each that counts in the language's own forms. */
function pathsFor(language: string, english: Map<string, string>): string[] {
  const paths = [...english.keys()].flatMap((path) => {
    const stem = path.replace(FORM, '');
    const isCounted = FORM.test(path) && english.has(`${stem}.one`) && english.has(`${stem}.other`);
    return isCounted ? formsOf(language).map((form) => `${stem}.${form}`) : [path];
  });
  return [...new Set(paths)].sort();
}

const PREFIXES = ['', 'errors.', 'mail.', 'readers/'];
const cases = LANGUAGES.flatMap((language) => PREFIXES.map((prefix) => ({ language, prefix })));

test.each(cases)(
  '$prefix$language.json has every text, in the forms of its language',
  ({ language, prefix }) => {
    const english = textsOf(read(`${prefix}en.json`));
    const texts = textsOf(read(`${prefix}${language}.json`));
    expect([...texts.keys()].sort()).toEqual(pathsFor(language, english));
    for (const [path, text] of texts) {
      const model = english.get(path) ?? english.get(path.replace(FORM, '.other')) ?? '';
      const due = placesOf(model);
      // "One comment" may do without its number.
      const places = /\.(?:zero|one|two)$/.test(path) ? due : placesOf(text);
      expect({ path, places, isThere: text.trim() !== '' }).toEqual({ path, places: due, isThere: true });
    }
  },
);

test('the folder has no language that is not spoken', () => {
  const names = [FOLDER, join(FOLDER, 'readers')].flatMap((folder) => readdirSync(folder));
  const languages = names.filter((name) => name.endsWith('.json')).map((name) => name.split('.').at(-2));
  expect([...new Set(languages)].sort()).toEqual([...LANGUAGES].sort());
});

test('a locale speaks the language of its tag, whatever its region; one that is not spoken, English', () => {
  expect(['de-CH', 'PT-br', 'zh-Hant-TW', 'iw-IL', 'in', 'sv', 'constructor'].map(spokenLanguage)).toEqual([
    'de',
    'pt',
    'zh',
    'he',
    'id',
    undefined,
    undefined,
  ]);
  expect(wordsFor('sv').language).toBe('en');
});

test('what is counted takes the form that its language has for the number', () => {
  const said = (locale: string, count: number): string => {
    const words = wordsFor(locale);
    return words.count(words.thread.count, count).toString();
  };
  const differing = (locale: string, counts: number[]): number =>
    new Set(counts.map((count) => said(locale, count).replace(/[\d\p{Nd}.,\s]+/gu, ''))).size;
  expect(differing('ru', [1, 3, 5])).toBe(3);
  expect(differing('pl', [1, 3, 5])).toBe(3);
  expect(differing('en', [1, 3, 5])).toBe(2);
  expect(differing('ja', [1, 3, 5])).toBe(1);
});
