import { linksIn } from '../../../src/screening/links.ts';
import { expectLinear } from '../../support/growth.ts';

const seen = (text: string): string[] => linksIn(text).map(({ start, end }) => text.slice(start, end));

describe('a link is seen', () => {
  test.each([
    ['see https://a.example/x and www.b.com', ['https://a.example/x', 'www.b.com']],
    ['[click](https://a.com/x) here', ['https://a.com/x']],
    ['t.me/foo, bit.ly/abc and goo.gl', ['t.me/foo', 'bit.ly/abc', 'goo.gl']],
    ['//cdn.example.com/x', ['//cdn.example.com/x']],
    ['example[.]com', ['example[.]com']],
    ['example (dot) com', ['example (dot) com']],
    ['example dot com', ['example dot com']],
    ['به example نقطه com بیا', ['example نقطه com']],
    ['سایت example (دات) ir', ['example (دات) ir']],
    ['به مثال دات کام بیا', ['مثال دات کام']],
    ['سایت مثال نقطه ir', ['مثال نقطه ir']],
    ['evil . com/x', ['evil . com/x']],
    ['hxxp://bad.com', ['hxxp://bad.com']],
    ['hxxps[:]//bad.com', ['hxxps[:]//bad.com']],
    ['سایت ما مثال.ایران است', ['مثال.ایران']],
    ['www.سایت.com', ['www.سایت.com']],
    ['пример.рф и xn--e1afmkfd.xn--p1ai', ['пример.рф', 'xn--e1afmkfd.xn--p1ai']],
    ['ｅｘａｍｐｌｅ．ｃｏｍ', ['ｅｘａｍｐｌｅ．ｃｏｍ']],
    ['example。com', ['example。com']],
    ['𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦 here', ['𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦']],
    ['𝐡𝐭𝐭𝐩𝐬://𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦/𝐱', ['𝐡𝐭𝐭𝐩𝐬://𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦/𝐱']],
    ['ex\u200bample.com', ['ex\u200bample.com']],
    ['http://192.168.1.1/x', ['http://192.168.1.1/x']],
    ['best.casino or casino.bet', ['best.casino', 'casino.bet']],
  ])('in %s', (text, links) => {
    expect(seen(text)).toEqual(links);
  });
});

describe('no link is seen', () => {
  test.each([
    'fine.It was. so.on',
    'node.js, main.rs, readme.md',
    'e.g. this, i.e. that, at 3 p.m.',
    '3.14 and v1.2.3 and 10.0.0.1',
    'سلام.خوبی؟ رفتم.بعد آمدم',
    'از این نقطه به آن نقطه',
    'خط را در نقطه AB بکش',
    'این نقطه ایرانی‌هاست',
    'a@b.com',
    'end of it.The next',
    'http and https',
    '... … ://',
  ])('in %s', (text) => {
    expect(seen(text)).toEqual([]);
  });
});

it.each(['a.b.', 'http://', '[(', '[.]', ' . com', 'www.', 'a dot ', '.com/', '://'])(
  'a text of nothing but %j costs what its length makes it cost',
  async (piece) => {
    // No text twice: what was found in the last one is kept.
    let looks = 0;
    await expectLinear((length) => linksIn(`${looks++} ${piece.repeat(length / piece.length)}`), 20_000);
  },
);
