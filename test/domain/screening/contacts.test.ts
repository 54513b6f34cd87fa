import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { contacts } from '../../../src/screening/phases/contacts.ts';
import { expectLinear } from '../../support/growth.ts';
import { inputOf } from '../../support/screening.ts';

/** What each text holds, as it is marked in it. */
const PHONES = [
  '09123456789',
  '۰۹۱۲۳۴۵۶۷۸۹',
  '٠٩١٢٣٤٥٦٧٨٩',
  '۰۹۱۲ ۳۴۵ ۶۷ ۸۹',
  '۰۹۱۲\u200c۳۴۵\u200c۶۷۸۹',
  '0912-345-67-89',
  '0 9 1 2 4 4 5 6 7 8 0',
  '0.9.1.2.3.4.5.6.7.8.9',
  '+98 912 345 6789',
  '0098912345 6789',
  '0912x345x67x89',
  '۰۹م۱۲ن۳۴ک۵۶ل۷۸م۹',
  '0a9b1c2d3e4f5g6h7i8j9',
  'o912 345 6789',
  'O9l2 345 6789',
  '0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9',
  '⓪⑨①②③④⑤⑥⑦⑧⑨',
  '０９１２３４５６７８９',
  '𝟎𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
  '०९१२३४५६७८९',
  '০৯১২৩৪৫৬৭৮৯',
  '๐๙๑๒๓๔๕๖๗๘๙',
  '𑄶𑄿𑄷𑄸𑄹𑄺𑄻𑄼𑄽𑄾𑄿',
  'zero nine one two three four five six seven eight nine',
  'صفر نه یک دو سه چهار پنج شش هفت هشت نه',
  'ноль девять один два три четыре пять шесть семь восемь девять',
  '021-88776655',
  '+44 20 7946 0958',
  '(555) 223-4567',
  '555-223-4567',
  '1-800-555-1234',
  '٠٥٠١٢٣٤٥٦٧',
  '+7 495 123-45-67',
  '06 12 34 56 78',
  '+49 30 901820',
];

const OTHERS: [code: string, text: string, marked: string][] = [
  ['phone', 'call me at 8877 6655', '8877 6655'],
  ['phone', 'تماس: ۸۸۷۷۶۶۵۵', '۸۸۷۷۶۶۵۵'],
  ['phone', 'واتس‌اپ ۹۱۲۳۴۵۶۷۸۹', '۹۱۲۳۴۵۶۷۸۹'],
  ['phone', 'شماره‌ام ۹۱۲۳۴۵۶۷۸۹', '۹۱۲۳۴۵۶۷۸۹'],
  ['phone', '8 (495) 123-45-67 тел', '8 (495) 123-45-67'],
  ['card', 'card 4111 1111 1111 1111 please', '4111 1111 1111 1111'],
  ['card', '۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱', '۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱'],
  ['card', 'کارت ۶۰۳۷-۹۹۷۲-۱۲۳۴-۵۶۷۳', '۶۰۳۷-۹۹۷۲-۱۲۳۴-۵۶۷۳'],
  ['card', '378282246310005', '378282246310005'],
  ['account', 'to DE89 3704 0044 0532 0130 00 please', 'DE89 3704 0044 0532 0130 00'],
  ['card', '४१११ ११११ ११११ ११११', '४१११ ११११ ११११ ११११'],
  ['card', '𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏 x', '𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏'],
  ['account', '𝐆𝐁𝟐𝟗𝐍𝐖𝐁𝐊𝟔𝟎𝟏𝟔𝟏𝟑𝟑𝟏𝟗𝟐𝟔𝟖𝟏𝟗', '𝐆𝐁𝟐𝟗𝐍𝐖𝐁𝐊𝟔𝟎𝟏𝟔𝟏𝟑𝟑𝟏𝟗𝟐𝟔𝟖𝟏𝟗'],
  ['account', 'GB29NWBK60161331926819', 'GB29NWBK60161331926819'],
  ['account', 'شبا IR۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱', 'IR۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱'],
  ['account', '۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱', '۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱'],
  ['handle', 'telegram: @johnny', '@johnny'],
  ['handle', 'آیدی تلگرام من my_channel99', 'my_channel99'],
  ['handle', 'my telegram id spammer99', 'spammer99'],
  ['handle', 'تلگرام @ali_77', '@ali_77'],
  ['handle', '@ali_77 در تلگرام', '@ali_77'],
  ['handle', 'آیدی تلگرام من: ali_rezaei', 'ali_rezaei'],
  ['handle', 'ایتا @group1', '@group1'],
  ['handle', 'واتس‌اپ @group1', '@group1'],
  ['handle', 'اینستام @ali_shop', '@ali_shop'],
  ['handle', 'کانال تلگراممون: @group1', '@group1'],
  ['handle', 'پیام‌رسان بله @group1', '@group1'],
  ['handle', 'telegram: @john\u200bny', '@john\u200bny'],
  ['handle', 'telegram: @𝐣𝐨𝐡𝐧𝐧𝐲.', '@𝐣𝐨𝐡𝐧𝐧𝐲'],
  ['handle', 'my telegram id 𝐬𝐩𝐚𝐦𝐦𝐞𝐫𝟗𝟗', '𝐬𝐩𝐚𝐦𝐦𝐞𝐫𝟗𝟗'],
  ['handle', 'در بله @group1', '@group1'],
  ['handle', 'روبیکا: @group1', '@group1'],
  ['handle', 'my whatsapp is @foo_bar', '@foo_bar'],
  ['handle', 'тг @vasya_pup', '@vasya_pup'],
  ['invite', 'join t.me/joinchat/AAA now', 't.me/joinchat/AAA'],
  ['invite', '𝐭.𝐦𝐞/𝐣𝐨𝐢𝐧𝐜𝐡𝐚𝐭/𝐀𝐀𝐀 now', '𝐭.𝐦𝐞/𝐣𝐨𝐢𝐧𝐜𝐡𝐚𝐭/𝐀𝐀𝐀'],
  ['invite', 'wa.me/98912', 'wa.me/98912'],
  ['invite', 'https://discord.gg/abc', 'https://discord.gg/abc'],
  ['invite', 'chat.whatsapp.com/XYZ', 'chat.whatsapp.com/XYZ'],
  ['invite', 'eitaa.com/foo', 'eitaa.com/foo'],
  ['invite', 't[.]me/foo', 't[.]me/foo'],
  ['invite', 'tg://resolve?domain=x', 'tg://resolve?domain=x'],
];

const INNOCENT = [
  ...[
    'قیمت ۲۵۰٬۰۰۰ تومان',
    '1,500,000 rials',
    '۲۵۰۰۰۰۰ ریال',
    '$1,234,567.89',
    '1.234.567,89 €',
    '1 500 000 km',
  ],
  ...[
    '1402/05/12',
    '2023-10-12 14:30',
    'on 12.10.2023 at 10:30:45',
    '1398/10/18 تا 1399/01/01',
    '10:20:30:40',
  ],
  ...['1990-2020', 'years 1390 1400 1401', '2019, 2020, 2021, 2022', 'در سال ۱۳۵۷ تا ۱۳۶۷'],
  ...['3-2, 21-19', '6-4 3-6 7-5', '0-1 2-3 4-5 6-7 8-9 10', '25-30 35-40 45-50', '8/10 9/10 7/10 6/10 5/10'],
  ...[
    'ISBN 978-3-16-148410-0',
    '978-600-119-876-2',
    '192.168.100.200',
    'version 1.2.3.4567',
    'RFC 3339 and RFC 9457',
  ],
  ...['order 12345678', '35.6892, 51.3890', '0.123456789', '3.14159265358979', '2^64 = 18446744073709551616'],
  ...[
    '100000000 people',
    '۹۰ درصد از ۱۰۰۰۰۰۰۰ نفر',
    '0123456789',
    '۱۲۳۴۵۶۷۸۹۰',
    'chapter 1 2 3 4 5 6 7 8',
    '1,2,3,4,5,6,7,8,9',
  ],
  ...['1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6', '5 + 5 = 10, 20 * 30 = 600', 'سوره ۲ آیه ۱۸۷'],
  ...[
    '550e8400-e29b-41d4-a716-446655440000',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ],
  ...[
    'https://news.example/2023/10/12/123456789',
    'https://a.example/?id=09123456789',
    'https://play.example/store/apps/details?id=com.some.app',
    'see news.com/story?ref_id=ouxg5e&id=abcdef',
    'mac 00:1A:2B:3C:4D:5E',
  ],
  ...['4111 1111 1111 1112', 'IR12 3456', 'DE89 3704 0044 0532 0130 01'],
  ...[
    '@john you are right',
    'thanks @sara_77!',
    'بله @ali درست می‌گویی',
    'telegram is good',
    'Is a telegram id needed to read it?',
    'آیدی تلگرام را از کجا پیدا کنم؟ windows 11 دارم',
    'از تلگرام خوشم نمی‌آید',
    'ایتالیا @ali_77 برد',
  ],
  ...[
    'id: 5',
    'line @ 3',
    'zero tolerance, one love, two hearts',
    'the phone of 1998 was good',
    'یک دو سه، آزمایش می‌کنیم',
  ],
];

const judge = (body: string, name: string | null = null) => contacts.judge(inputOf({ body, name }));

describe('contacts', () => {
  test.each(PHONES)('holds the phone number %s', (text) => {
    for (const [before, after] of [
      ['', ''],
      ['بنویس به ', ' ممنون'],
      ['so: ', '. Bye'],
    ] as const) {
      const { outcome, code, matches } = judge(before + text + after);
      expect([outcome, code]).toEqual(['hold', 'phone']);
      const [{ field, start, end } = { field: '', start: 0, end: 0 }] = matches ?? [];
      expect([field, (before + text + after).slice(start, end)]).toEqual(['body', text]);
    }
  });

  test.each(OTHERS)('holds for %s in %s', (code, text, marked) => {
    const found = judge(text);
    expect([found.outcome, found.code]).toEqual(['hold', code]);
    expect(found.matches?.map(({ start, end }) => text.slice(start, end))).toContain(marked);
  });

  test.each(INNOCENT)('passes %s', (text) => {
    expect(judge(text)).toEqual({ outcome: 'pass', code: null, detail: null, score: null });
  });

  it('looks at the name, too', () => {
    expect(judge('سلام', 'تماس ۰۹۱۲۳۴۵۶۷۸۹').matches).toEqual([
      { field: 'name', start: 5, end: 16, weight: 1 },
    ]);
  });

  it('is said at the dashboard in each of its languages', () => {
    const codes = new Set(['phone', ...OTHERS.map(([code]) => code)]);
    expect(codes.size).toBe(5);
    const words = path.resolve('src/dashboard/words');
    for (const file of readdirSync(words).filter((name) => name.endsWith('.json')))
      expect(Object.keys(JSON.parse(readFileSync(path.join(words, file), 'utf8')) as object)).toEqual(
        expect.arrayContaining([...codes].map((code) => `why.${code}`)),
      );
  });

  it.each([
    '0 9 ',
    '0',
    'a0',
    '@aaaa ',
    'telegram ',
    'ab12',
    '+ ',
    '0.',
    'صفر ',
    'tg:',
    '1-',
    '٠٩م',
    '@a\u200b',
  ])('a text of nothing but %j costs what its length makes it cost', async (piece) => {
    await expectLinear((length) => judge(piece.repeat(length / piece.length)), 20_000);
  });
});
