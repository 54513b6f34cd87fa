import fc from 'fast-check';
import { originMatches, parseHost, parseOrigin, underLocalNames } from '../../../src/sites/origins.ts';

describe('an origin', () => {
  test.each([
    ['https://news.example', 'https://news.example'],
    ['HTTPS://News.Example', 'https://news.example'],
    ['https://news.example:443', 'https://news.example'],
    ['http://news.example:80', 'http://news.example'],
    ['http://news.example:443', 'http://news.example:443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://خبر.ایران', 'https://xn--ngblk.xn--mgba3a4f16a'],
    ['https://*.news.example', 'https://*.news.example'],
    ['https://*.News.example:8443', 'https://*.news.example:8443'],
    ['https://news.example.', 'https://news.example'],
  ])('%s is %s', (text, canonical) => {
    expect(parseOrigin(text)?.text).toBe(canonical);
  });

  test.each([
    '',
    'null',
    '*',
    'news.example',
    '//news.example',
    'ftp://news.example',
    'javascript://news.example',
    'https://',
    'https://*',
    'https://*.',
    'https://a.*.example',
    'https://*news.example',
    'https://*.127.0.0.1',
    'https://*.[::1]',
    'https://news.example/',
    'https://news.example/a',
    'https://news.example?a',
    'https://news.example#a',
    'https://user@news.example',
    'https://user:pass@news.example',
    'https://news.example:0',
    'https://news.example:65536',
    'https://news.example:x',
    'https://news.example:',
    'https://news.example\\@evil.example',
    'https://news .example',
    'https://news\t.example',
    ' https://news.example',
    'https://news.example%00',
    'https://a"b.example',
    `https://${'a'.repeat(300)}.example`,
  ])('is not %j', (text) => {
    expect(parseOrigin(text)).toBeNull();
  });

  test('is canonical already where it is written canonically', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl().map((url) => new URL(url).origin),
          fc.string(),
        ),
        (text) => {
          const origin = parseOrigin(text);
          if (origin) expect(parseOrigin(origin.text)).toEqual(origin);
        },
      ),
    );
  });
});

describe("an Origin header is one of the site's", () => {
  const origins = ['https://news.example', 'http://localhost:3000', 'https://*.blog.example'];

  test.each([
    'https://news.example',
    'http://localhost:3000',
    'https://a.blog.example',
    'https://a.b.blog.example',
  ])('%s', (header) => expect(originMatches(header, origins)).toBe(true));

  test.each([
    'null',
    '',
    'http://news.example',
    'https://news.example:8443',
    'https://news.example.evil.example',
    'https://evilnews.example',
    'https://evil.example/https://news.example',
    'https://evil.example?.blog.example',
    'https://blog.example',
    'https://evilblog.example',
    'http://a.blog.example',
    'https://a.blog.example:444',
    'https://*.blog.example',
    'http://localhost',
    'https://news.example, https://evil.example',
  ])('but not %j', (header) => {
    expect(originMatches(header, origins)).toBe(false);
  });
});

describe('a host', () => {
  test.each([
    ['NEWS.example', 'news.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['127.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['a_b.example', 'a_b.example'],
  ])('%s is %s', (text, host) => expect(parseHost(text)).toBe(host));

  test.each(['', '.', 'a:80', 'a/b', 'a@b', 'a b', 'a%41', '[::1', "a'b", 'xn--'])('is not %j', (text) => {
    expect(parseHost(text)).toBeNull();
  });
});

describe('an address', () => {
  test.each([
    ['http://127.0.0.1:8080', ['http://localhost:8080', 'http://127.0.0.1:8080']],
    ['http://localhost:8080/under', ['http://localhost:8080/under', 'http://127.0.0.1:8080/under']],
    ['http://[::1]:8080', ['http://[::1]:8080', 'http://localhost:8080']],
    ['https://localhost.example', ['https://localhost.example']],
    ['http://192.0.2.1:8080', ['http://192.0.2.1:8080']],
  ])('%s is reached as %j', (address, names) => {
    expect(underLocalNames(address)).toEqual(names);
  });
});
