import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { READER_WORDS } from '../../../src/mail/reader-words.ts';
import { readerSpeech, staffSpeech } from '../../../src/mail/words.ts';

const languagesIn = (folder: string): string[] =>
  readdirSync(join(__dirname, '../../../config', folder))
    .map((name) => name.replace(/\.json$/, ''))
    .sort();

test('mails speak to readers in every language of the widget', () => {
  expect(Object.keys(READER_WORDS).sort()).toEqual(languagesIn('widget'));
  expect(languagesIn('locales/readers')).toEqual(languagesIn('widget'));
});

test.each([
  ['pl', 'po 7 dniach.'],
  ['ru-RU', 'действует 7 дней.'],
  ['he', '7 ימים.'],
  ['fa-IR', 'پس از ۷ روز'],
  ['zh-Hant-TW', '将在 7 天后失效。'],
  ['x-none', 'after 7 days.'],
  ['sv', 'after 7 days.'],
])('a number in a mail for %s has the plural form and the digits of its language', (locale, said) => {
  const { count, words } = readerSpeech(locale);
  expect(count(words.confirmIgnore, 7)).toContain(said);
});

test.each([
  ['fa', 'fa'],
  ['de', 'en'],
])('to a moderator of %s mails speak %s', (locale, language) => {
  expect(staffSpeech(locale).language).toBe(language);
});
