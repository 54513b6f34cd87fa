import { inspect } from 'node:util';
import v8 from 'node:v8';
import fc from 'fast-check';
import validator from 'validator';
import {
  authorKey,
  type EmailAddress,
  normalizeAddress,
  openEmail,
  parseEmail,
  revealEmail,
  sealEmail,
} from '../../../src/authors/email.ts';
import { createKeyring } from '../../../src/keys.ts';

const keys = createKeyring(Buffer.alloc(32, 7));

function email(text: string): EmailAddress {
  const parsed = parseEmail(text);
  if (!parsed) throw new Error(`no address: ${text}`);
  return parsed;
}

describe('an e-mail address', () => {
  test.each([
    'a@b.example',
    'first.last+tag@mail.example.co.uk',
    "o'brien_{x}=!#$%&*/?^`|~-@example.com",
    'کاربر@مثال.ایران',
    'user@bücher.example',
    'user@xn--bcher-kva.example',
    '用户@例子.广告',
    'a@1.example',
    `${'l'.repeat(64)}@example.com`,
  ])('may be %s', (text) => {
    expect(revealEmail(email(text))).toBe(text);
  });

  test.each([
    '',
    '@',
    'a',
    'a@',
    '@b.example',
    'a@b',
    'a@localhost',
    'a@b..example',
    'a@b.example.',
    '.a@b.example',
    'a..b@c.example',
    'a b@c.example',
    'a@b@c.example',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'A <a@b.example>',
    '"a"@b.example',
    '"a@b.example"@c.example',
    'a@b.example, c@d.example',
    'a@b.example/c',
    'a@b_c.example',
    'a@-b.example',
    'a\u200b@b.example',
    'a\n@b.example',
    '\ud800@b.example',
    `${'l'.repeat(65)}@example.com`,
    `a@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.example.com`,
    `a@${'b.'.repeat(100_000)}example`,
  ])('can not be %j', (text) => {
    expect(parseEmail(text)).toBeNull();
  });

  test('loses the white space and the invisible marks around it', () => {
    expect(revealEmail(email(' \u200e\u202aa@b.example\u202c\u200f\n'))).toBe('a@b.example');
  });

  test('prints as nothing in every way there is to print', () => {
    const address = email('canary@secret.example');
    const outputs = [
      `${address}`,
      String(address),
      'to '.concat(address as unknown as string),
      [address].join(),
      JSON.stringify({ address, list: [address] }) ?? '',
      JSON.stringify(address) ?? '',
      inspect(address, { showHidden: true, depth: 9, getters: true, customInspect: false }),
      inspect({ deep: { address } }, { showHidden: true, depth: 9 }),
      Object.entries(address).join(),
      JSON.stringify(structuredClone(address)),
      JSON.stringify({ ...address }),
      v8.serialize(address).toString('latin1'),
      String(Reflect.ownKeys(address).map(String)),
      new Error('x', { cause: address }).stack ?? '',
    ];
    for (const output of outputs) expect(output).not.toMatch(/canary|secret/);
  });

  test('is sealed, and opened only with the same keys, for the same site, unaltered', () => {
    const sealed = sealEmail(email('Canary@secret.example'), keys, 'news');
    expect(sealed).toMatch(/^[\w-]+$/);
    expect(sealed).not.toBe(sealEmail(email('Canary@secret.example'), keys, 'news'));
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/canary/i);
    const opened = openEmail(sealed, keys, 'news');
    expect(opened && revealEmail(opened)).toBe('Canary@secret.example');
    expect(openEmail(sealed, keys, 'blog')).toBeNull();
    expect(openEmail(sealed, createKeyring(Buffer.alloc(32, 8)), 'news')).toBeNull();
    expect(openEmail(`${sealed.slice(0, -3)}AAA`, keys, 'news')).toBeNull();
    expect(openEmail('', keys, 'news')).toBeNull();
  });
});

describe("an author's key", () => {
  test('is one for every spelling of one address', () => {
    const key = authorKey(email('Ali@BÜCHER.example'), keys, 'news');
    expect(key).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
    for (const spelling of [
      'ali@bücher.example',
      'ALI@xn--bcher-kva.EXAMPLE',
      ' ali@bu\u0308cher.example ',
    ]) {
      expect(authorKey(email(spelling), keys, 'news')).toBe(key);
    }
    expect(normalizeAddress(email('ÅSA@BÜCHER.example'))).toBe('åsa@xn--bcher-kva.example');
  });

  test('differs from address to address, from site to site and from installation to installation', () => {
    const known = new Set([
      authorKey(email('a@b.example'), keys, 'news'),
      authorKey(email('a@b.example'), keys, 'blog'),
      authorKey(email('ab@b.example'), keys, 'news'),
      authorKey(email('a+b@b.example'), keys, 'news'),
      authorKey(email('a@b.example'), createKeyring(Buffer.alloc(32, 8)), 'news'),
    ]);
    expect(known.size).toBe(5);
  });

  test('never depends on case or white space, for any address', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const address = parseEmail(text);
        if (!address) return;
        const upper = parseEmail(` ${text.toUpperCase()} `);
        expect(upper && authorKey(upper, keys, 's')).toBe(authorKey(address, keys, 's'));
      }),
    );
  });

  test('can be made of nearly every address that RFC 5322 allows unquoted', () => {
    const sample = fc.sample(fc.emailAddress(), 500);
    expect(sample.filter((text) => parseEmail(text)).length).toBeGreaterThan(450);
  });
});

test('the short way for plain addresses takes only what the long check takes, and leaves the domain as it is', () => {
  const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const local = fc.stringMatching(/^[A-Za-z0-9._+-]{1,12}$/);
  let taken = 0;
  fc.assert(
    fc.property(local, domain, fc.constantFrom('com', 'example', 'ir', 'x1', 'c'), (user, host, top) => {
      const text = `${user}@${host}.${top}`;
      const parsed = parseEmail(text);
      const options = { allow_utf8_local_part: true, allow_ip_domain: false, require_tld: true };
      const isUrl = URL.canParse(`http://${host}.${top}/`);
      expect(parsed !== null).toBe(isUrl && validator.isEmail(text, options));
      if (!parsed) return;
      taken += 1;
      const ascii = new URL(`http://${host}.${top}/`).hostname;
      expect(normalizeAddress(parsed)).toBe(`${user.toLowerCase()}@${ascii}`);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
});
