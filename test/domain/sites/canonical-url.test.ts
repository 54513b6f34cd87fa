import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalUrl, isHostOfSite, linkUrl, MAX_URL_LENGTH } from '../../../src/sites/canonical-url.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/sites/policy.ts';
import { randomCases } from '../../support/long-run.ts';

const rulesWith = (rules: Partial<Policy['pages']> = {}): Policy['pages'] => ({
  ...DEFAULT_POLICY.pages,
  ...rules,
});
const identity = (url: string, rules: Partial<Policy['pages']> = {}): string | null =>
  canonicalUrl(url, rulesWith(rules))?.identity ?? null;

describe('one page', () => {
  test.each([
    ['over http and https', 'http://news.example/a', 'https://news.example/a'],
    ['with user info', 'https://u:p@news.example/a', 'https://news.example/a'],
    ['with a host in capitals', 'HTTPS://NEWS.Example/a', 'https://news.example/a'],
    ['with an international host', 'https://خبر.ایران/a', 'https://xn--ngblk.xn--mgba3a4f16a/a'],
    ['with a fully qualified host', 'https://news.example./a', 'https://news.example/a'],
    ['with the default port of http', 'http://news.example:80/a', 'https://news.example/a'],
    ['with the default port of https', 'https://news.example:443/a', 'https://news.example/a'],
    ['with a fragment', 'https://news.example/a#comment-1', 'https://news.example/a'],
    ['with lower-case escapes', 'https://news.example/%d8%ae', 'https://news.example/%D8%AE'],
    ['with a raw letter', 'https://news.example/خ', 'https://news.example/%D8%AE'],
    ['with escapes that need not be', 'https://news.example/%41%7E%2D', 'https://news.example/A~-'],
    ['with a raw space', 'https://news.example/a b', 'https://news.example/a%20b'],
    ['in NFD', 'https://news.example/e%CC%81', 'https://news.example/%C3%A9'],
    ['with dot segments', 'https://news.example/x/../y/./a', 'https://news.example/y/a'],
    ['with escaped dot segments', 'https://news.example/x/%2e%2E/a', 'https://news.example/a'],
    ['with a trailing slash', 'https://news.example/a/', 'https://news.example/a'],
    ['without a path', 'https://news.example', 'https://news.example/'],
    ['with a comment page', 'https://news.example/a/comment-page-12/', 'https://news.example/a'],
    ['with a comment page in escapes', 'https://news.example/a/comment%2Dpage%2D2', 'https://news.example/a'],
    ['with a comment page at the root', 'https://news.example/comment-page-2', 'https://news.example/'],
    ['with pairs in another order', 'https://news.example/?b=2&a=1&b=1', 'https://news.example/?a=1&b=1&b=2'],
    ['with empty pairs', 'https://news.example/?&a=1&&', 'https://news.example/?a=1'],
    ['with an empty query', 'https://news.example/?', 'https://news.example/'],
    ['with query escapes', 'https://news.example/?%d8%ae=%41', 'https://news.example/?%D8%AE=A'],
    ['with backslashes in its path', 'https://news.example/a\\b', 'https://news.example/a/b'],
    ['with white space around', ' \n https://news.example/a ', 'https://news.example/a'],
    ['on an IPv4 address in another notation', 'http://0x7f.1/', 'https://127.0.0.1/'],
    ['on an IPv6 address', 'http://[0:0::1]:8080/', 'https://[::1]:8080/'],
  ])('%s', (_how, url, expected) => {
    expect(identity(url)).toBe(expected);
  });

  const dropped = `fbclid gclid dclid wbraid gbraid msclkid yclid ttclid twclid igshid mc_cid mc_eid _ga _gl
    srsltid replytocom unapproved moderation-hash cpage`.split(/\s+/);

  it('goes by the parameters that docs/text.md names', () => {
    const page = readFileSync(join(__dirname, '../../../docs/text.md'), 'utf8');
    const [, list = ''] = /parameters go, with the site's own: (.*?)\. Where/s.exec(page) ?? [];
    expect(list.split(/,\s+/)).toEqual(['utm_*', ...dropped].map((name) => `\`${name}\``));
  });

  test.each(['utm_source', 'utm_', 'utm_anything', ...dropped])('with or without %s', (name) => {
    expect(identity(`https://news.example/a?${name}=1&p=2`)).toBe('https://news.example/a?p=2');
    expect(identity(`https://news.example/a?${name}`)).toBe('https://news.example/a');
  });
});

describe('two pages', () => {
  test.each([
    ['differ by host', 'https://a.example/', 'https://b.example/'],
    ['differ by look-alike hosts', 'https://news.example/', 'https://nеws.example/'],
    ['differ by www', 'https://www.news.example/', 'https://news.example/'],
    ['differ by port', 'https://a.example:8443/', 'https://a.example/'],
    ['differ by case of the path', 'https://a.example/A', 'https://a.example/a'],
    ['differ by an escaped slash', 'https://a.example/a%2fb', 'https://a.example/a/b'],
    ['differ by a byte that is not UTF-8', 'https://a.example/%E9', 'https://a.example/%C3%A9'],
    ['differ by a query', 'https://a.example/?p=1', 'https://a.example/?p=2'],
    ['differ by a repeated parameter', 'https://a.example/?p=1&p=1', 'https://a.example/?p=1'],
    ['differ by an escaped ampersand', 'https://a.example/?a=1%26b=2', 'https://a.example/?a=1&b=2'],
    ['differ by an escaped plus', 'https://a.example/?a=1%2B1', 'https://a.example/?a=1+1'],
    [
      'differ by what only looks like a comment page',
      'https://a.example/comment-page-x',
      'https://a.example/',
    ],
    ['differ by names like the dropped ones', 'https://a.example/?utm=1&gclids=1', 'https://a.example/'],
  ])('%s', (_how, one, other) => {
    expect(identity(one)).not.toBeNull();
    expect(identity(one)).not.toBe(identity(other));
  });

  test('keep the escapes that carry meaning', () => {
    expect(identity('https://a.example/a%2fb%e9%3f%25%5c')).toBe('https://a.example/a%2Fb%E9%3F%25%5C');
    expect(identity('https://a.example/100%/%zz')).toBe('https://a.example/100%25/%25zz');
  });
});

describe("the site's own rules", () => {
  test('drop parameters by name and by beginning', () => {
    expect(identity('https://a.example/?ref=x&at_a=1&p=1', { dropParams: ['ref', 'at_*'] })).toBe(
      'https://a.example/?p=1',
    );
    expect(identity('https://a.example/?منبع=1&p=1', { dropParams: ['منبع'] })).toBe(
      'https://a.example/?p=1',
    );
  });

  test('ignore the query but for the parameters kept', () => {
    const rules = { ignoreQuery: true, keepParams: ['id'] };
    expect(identity('https://a.example/?z=1&id=2&id=1', rules)).toBe('https://a.example/?id=1&id=2');
    expect(identity('https://a.example/a?z=1', rules)).toBe('https://a.example/a');
  });

  test('ignore www, but leave a host with a dot', () => {
    expect(identity('https://www.news.example/', { ignoreWww: true })).toBe('https://news.example/');
    expect(identity('https://www.com/', { ignoreWww: true })).toBe('https://www.com/');
  });
});

describe('no page', () => {
  test.each([
    '',
    'a',
    '/a',
    '//news.example/a',
    'news.example/a',
    'javascript:alert(1)',
    'JaVaScRiPt://news.example/%0aalert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://news.example/',
    'blob:https://news.example/1',
    'mailto:a@b.example',
    'https:/news.example',
    'https:news.example',
    'https:\\\\news.example',
    'https://\\news.example',
    'https:///news.example',
    'https://',
    'https://?a',
    'https://#a',
    'ht\ttps://news.example',
    'https://news\n.example/',
    'https://news.example/\u0000',
    'https://news.example:99999/',
    'https://[::1/',
    'https://a b.example/',
    'https://a%00b.example/',
    'https://"a.example/',
    'https://news.example/\ud800',
  ])('has %j', (url) => {
    expect(identity(url)).toBeNull();
  });

  test('has a URL longer than the limit, escapes counted as what they stand for', () => {
    const base = 'https://a.example/';
    const room = MAX_URL_LENGTH - base.length + 'https://'.length;
    expect(identity(base + 'a'.repeat(room))).not.toBeNull();
    expect(identity(base + 'a'.repeat(room + 1))).toBeNull();
    expect(identity(base + 'خ'.repeat(room))).not.toBeNull();
    expect(identity(base + '%F0%9F%98%80'.repeat(room))).not.toBeNull();
    expect(identity(base + '%F0%9F%98%80'.repeat(room + 1))).toBeNull();
    expect(identity(base + 'a'.repeat(5_000_000))).toBeNull();
  });
});

/** Paths and queries out of the pieces that the rules speak of. */
const PIECES = [
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2F',
  '%2f',
  '%5C',
  '\\',
  '%',
  '%%',
  '%2',
  '%25',
  '%2541',
  '%41',
  '%E9',
  '%C3',
  '%A9',
  '%cc%81',
  '%D8%AE',
  'خ',
  'e',
  '\u0301',
  '\u0338',
  '=',
  '&',
  '?',
  '+',
  '%2B',
  '%26',
  '%3D',
  '%23',
  ' ',
  "'",
  '"',
  '<',
  '|',
  '^',
  '`',
  '{',
  '[',
  ':',
  '@',
  ';',
  ',',
  '*',
  '~',
  'comment-page-2',
  '/comment-page-3/',
  'utm_x=1',
  'cpage=2',
  'a',
  'b=1',
  '😀',
  '\u037e',
  '\u212a',
  '%ED%A0%80',
  '%F4%90%80%80',
  '%C0%AF',
  '%00',
  '%7F',
  'www.',
];
const wild = fc
  .tuple(
    fc.constantFrom(
      'http://a.example',
      'https://www.www.a.example:8080',
      'HTTP://u@خ.example.',
      'https://[::1]:80',
      'https://www.com',
    ),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }),
  )
  .map(([host, pieces]) => `${host}/${pieces.join('')}`);
const someRules = fc.record({
  anyHost: fc.constant(false),
  hosts: fc.constant<string[]>([]),
  ignoreWww: fc.boolean(),
  ignoreQuery: fc.boolean(),
  keepParams: fc.constantFrom<string[]>([], ['a'], ['b*']),
  dropParams: fc.constantFrom<string[]>([], ['a'], ['e*']),
});

describe('a canonical URL', () => {
  test('is its own canonical URL, and so is the form to link to', () => {
    fc.assert(
      fc.property(fc.oneof(wild, fc.webUrl({ withQueryParameters: true })), someRules, (url, rules) => {
        const once = canonicalUrl(url, rules);
        expect(once).not.toBeNull();
        if (!once) return;
        expect(canonicalUrl(once.identity, rules)).toEqual(once);
        for (const origin of ['http://a.example', 'https://a.example']) {
          expect(canonicalUrl(linkUrl(once.identity, [origin]), rules)).toEqual(once);
        }
      }),
      { numRuns: randomCases(10_000) },
    );
  });

  test('holds nothing but visible ASCII, and nothing that ends an attribute', () => {
    fc.assert(
      fc.property(wild, someRules, (url, rules) => {
        expect(canonicalUrl(url, rules)?.identity).toMatch(/^https:\/\/[\w.~!$&()*+,;=:@/?%[\]-]+$/);
      }),
      { numRuns: randomCases(2000) },
    );
  });

  test('has upper-case escapes of valid UTF-8, or of bytes that were none', () => {
    expect(identity('https://a.example/%ed%a0%80%c0%af%f4%90%80%80%d8')).toBe(
      'https://a.example/%ED%A0%80%C0%AF%F4%90%80%80%D8',
    );
  });

  test('of hostile input is none, or stays as it is', () => {
    for (const piece of ['/..', '%', '%E2', '&a', '?', '/comment-page-1', '+', 'www.', '%25']) {
      const once = canonicalUrl(`https://a.example/${piece.repeat(20_000 / piece.length)}`, rulesWith());
      if (once) expect(canonicalUrl(once.identity, rulesWith())).toEqual(once);
    }
  });
});

describe("a page's host is the site's", () => {
  const isOf = (url: string, origins: string[], rules: Partial<Policy['pages']> = {}): boolean => {
    const canonical = canonicalUrl(url, rulesWith(rules));
    if (!canonical) throw new Error(`no URL: ${url}`);
    return isHostOfSite(canonical, origins, rulesWith(rules));
  };

  test('where an origin names it, over either scheme and on any port', () => {
    for (const url of ['https://news.example/a', 'http://news.example/a', 'http://NEWS.example:8080/']) {
      expect(isOf(url, ['https://news.example'])).toBe(true);
    }
    expect(isOf('https://xn--ngblk.xn--mgba3a4f16a/', ['https://خبر.ایران'])).toBe(true);
    expect(isOf('http://[::1]:3000/', ['http://[::1]:3000'])).toBe(true);
  });

  test('where an origin names all its sub-domains', () => {
    expect(isOf('https://a.b.news.example/', ['https://*.news.example'])).toBe(true);
    expect(isOf('https://news.example/', ['https://*.news.example'])).toBe(false);
    expect(isOf('https://evilnews.example/', ['https://*.news.example'])).toBe(false);
  });

  test('where the policy names it, with a port only on that one', () => {
    const rules = { hosts: ['Old.example', '*.cdn.example', 'dev.example:8080', 'bücher.example'] };
    for (const url of [
      'https://old.example/',
      'https://a.cdn.example/',
      'http://dev.example:8080/',
      'https://bücher.example/',
    ]) {
      expect(isOf(url, [], rules)).toBe(true);
    }
    for (const url of ['https://old.example.evil.example/', 'https://cdn.example/', 'http://dev.example/']) {
      expect(isOf(url, [], rules)).toBe(false);
    }
  });

  test('where the policy takes any host', () => {
    expect(isOf('https://evil.example/', ['https://news.example'], { anyHost: true })).toBe(true);
  });

  test('with and without www where the policy ignores it', () => {
    for (const origin of ['https://news.example', 'https://www.news.example']) {
      expect(isOf('https://news.example/', [origin], { ignoreWww: true })).toBe(true);
      expect(isOf('https://www.news.example/', [origin], { ignoreWww: true })).toBe(true);
    }
    expect(isOf('https://www.news.example/', ['https://news.example'])).toBe(false);
  });

  test('and no other is', () => {
    for (const url of [
      'https://evil.example/',
      'https://news.example.evil.example/',
      'https://news.example@evil.example/',
    ]) {
      expect(isOf(url, ['https://news.example'])).toBe(false);
    }
  });
});

describe('the form to link to', () => {
  test("has the scheme of the site's first origin", () => {
    expect(linkUrl('https://a.example/b?c', ['http://a.example', 'https://a.example'])).toBe(
      'http://a.example/b?c',
    );
    expect(linkUrl('https://a.example:8080/', ['https://a.example'])).toBe('https://a.example:8080/');
    expect(linkUrl('https://a.example/', [])).toBe('https://a.example/');
  });

  test('has its www again where the site ignores it and has no other host', () => {
    const link = (origins: string[]): string => linkUrl('https://a.example/b', origins, { ignoreWww: true });
    expect(link(['https://www.a.example'])).toBe('https://www.a.example/b');
    expect(link(['https://www.a.example', 'https://a.example'])).toBe('https://a.example/b');
    expect(linkUrl('https://a.example/b', ['https://www.a.example'])).toBe('https://a.example/b');
  });
});
