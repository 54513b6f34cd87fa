import { readerSpeech, staffSpeech } from '../../../src/mail/words.ts';

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

test('to a moderator they speak the language of the account, or English', () => {
  const subject = (locale: string): string => {
    const { count, words } = staffSpeech(locale);
    return count(words.digest.subject, 2, { site: 'News' });
  };
  expect(subject('de-AT')).toBe('News: 2 Kommentare warten');
  expect(subject('sv')).toBe('2 comments wait on News');
});
