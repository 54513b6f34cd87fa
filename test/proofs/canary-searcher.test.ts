import { createHash } from 'node:crypto';
import { findNeedles, needlesOf, spellingsOf } from '../support/canaries.ts';

/** The searcher itself: what finds nothing must be known to find something. */
const ADDRESS = 'Zanbagh.Kanari+k1@Bücher.example';

const found = (text: string | Buffer, secret = ADDRESS): number =>
  findNeedles([{ from: 'a test', bytes: Buffer.from(text as string) }], needlesOf(secret)).length;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['as it is', `Hi ${ADDRESS}!`],
  ['in another case', ADDRESS.toUpperCase().replace('Ü', 'ü')],
  ['percent-encoded', `?e=${encodeURIComponent(ADDRESS)}`],
  ['with the @ as a character reference', ADDRESS.replace('@', '&#64;')],
  ['in JSON escapes', ADDRESS.replace('ü', '\\u00fc')],
  ['as base64 of itself', base64(ADDRESS)],
  ['as base64 one byte into a longer text', base64(`"${ADDRESS}"`)],
  ['as base64 two bytes into a longer text', base64(`{"${ADDRESS}"}`)],
  ['as base64url within JSON', Buffer.from(JSON.stringify({ a: ADDRESS })).toString('base64url')],
])('an address is found %s', (_, text) => {
  expect(found(text)).toBeGreaterThan(0);
});

test.each(['md5', 'sha1', 'sha256', 'sha512'])(
  '%s of an address is found in hex, base64 and base64url',
  (name) => {
    const digest = createHash(name).update(ADDRESS).digest();
    for (const text of [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')]) {
      expect(found(`<img src="/avatar/${text}">`)).toBeGreaterThan(0);
    }
    expect(found(Buffer.concat([Buffer.from('x'), digest]))).toBeGreaterThan(0);
  },
);

test('the spellings of an address are its cases, its two domain forms and the one without a tag', () => {
  const spellings = spellingsOf(ADDRESS);
  expect(spellings).toEqual(
    expect.arrayContaining([
      'zanbagh.kanari+k1@bücher.example',
      'zanbagh.kanari+k1@xn--bcher-kva.example',
      'Zanbagh.Kanari@xn--bcher-kva.example',
    ]),
  );
});

test('a masked address and other people’s addresses are no find', () => {
  expect(found('Z...@Bücher.example, someone@Bücher.example, kanari@k1.example')).toBe(0);
});
