import type { Random } from '../random.ts';

/** What is written in a story, aimed at what stores may fold, sort, cut or keep differently. */

const WORDS = [
  ...[
    'coffee',
    'tea',
    'garden',
    'Garden',
    'GARDENS',
    'the',
    'a',
    'كتاب',
    'کتاب‌ها',
    'کتابها',
    'می‌روم',
    'ميروم',
  ],
  ...[
    'سَلام',
    'ســلام',
    '۱۲۳',
    '123',
    'straße',
    'STRASSE',
    'ﬁne',
    'İstanbul',
    'ıstanbul',
    'café',
    'CAFE\u0301',
  ],
  ...[
    '漢字かな',
    '𝒳𝒴',
    '👩‍👩‍👧',
    "don't",
    'e-mail',
    'foo_bar',
    '100%',
    'C++',
    'Москва',
    'أحمد',
    'ς',
    'Σ',
    'ſ',
    'Å',
    '0',
  ],
  ...[
    '٠',
    '"',
    'NEAR',
    'AND',
    '*',
    'ga*',
    '-tea',
    '(tea',
    '^x',
    'col:x',
    '\\',
    '%',
    '_',
    'a\u200bb',
    'क्षि',
    '한국어',
  ],
];
const ODD = [
  ...[
    '',
    ' ',
    '\u2800',
    '\u200c',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udc00y',
    '\u202eabc\u202c',
    '0',
    'null',
  ],
  ...['<b>x</b>', '\u0344', '\u2028', '> q\n\n- a', 'http://a.example http://b.example', '+98 912 345 6789'],
  ...[
    'pаypal',
    'buy casino now',
    'رایگان بگیرید',
    'mina@example.org is my mail',
    '\u00a0x\u00a0',
    'a'.repeat(10_001),
  ],
];
const ALIKE = [
  'The very same words of a near copy that is long enough to be found',
  'the very same words of a near copy that is long enough to be found!',
  'The very same words of one near copy that is long enough to be found',
];
const JOINTS = [' ', ' ', '  ', '\n', ', ', '\u00a0', '\u200c', '-', '/'];
const PEOPLE = [
  { name: 'Mina', email: 'mina@example.org' },
  { name: 'مينا', email: 'MINA@Example.ORG' },
  { name: 'Sam', email: 'sam@example.org', url: 'https://sam.example/me?q=tea' },
  { name: 'Ada Łove', email: 'ada@bücher.example' },
  { name: 'Ada', email: 'ada@xn--bcher-kva.example' },
  { name: 'x', email: 'x+tag@example.org' },
  { name: null, email: null },
];
/** Several of them are spellings of one page. */
export const PAGES = [
  ...['/a', '/a/', '/a?utm_source=x', '/b', '/خ', '/%D8%AE', '/b?x=1&y=2', '/b?y=2&x=1', '/old/1', '/old/2'],
  ...['/new/1', '/c/comment-page-2', '/c', '/%2Fx', '/%ff'],
].map((path) => `https://news.example${path}`);
const NO_PAGES = ['', 'nonsense', 'https://other.example/', 'https://news.example/\ud800', 'http://[::1'];
export const PAGE_IDS = ['p-1', 'p-2', 'خ', '\u0000', ' p-1 ', 'x'.repeat(201), 'I', 'i'];

export interface Material {
  words(): string;
  body(): string;
  person(): object;
  address(): string;
  page(): object;
  /** Words to search for, and beginnings of such. */
  query(): string;
  email(): string;
}

export function createMaterial(random: Random): Material {
  const chance = (share: number): boolean => random.next() < share;
  const words = (): string => {
    const joint = random.pick(JOINTS);
    return Array.from({ length: random.between(1, 6) }, () => random.pick(WORDS)).join(joint);
  };
  const long = (): string => random.pick(['z', 'ß', 'م', '𝒳', 'e\u0301']).repeat(random.between(20, 300));
  const address = (): string => random.pick(chance(0.05) ? NO_PAGES : [...PAGES, 'https://s.example/1']);
  return {
    words,
    address,
    body() {
      if (chance(0.12)) return random.pick(ODD);
      if (chance(0.15)) return random.pick(ALIKE);
      return chance(0.05) ? `${words()} ${long()}` : words();
    },
    person: () => ({ ...random.pick(PEOPLE), ...(chance(0.05) && { name: random.pick(ODD) }) }),
    page() {
      const title = random.pick([null, 'An article', 'عنوان کتاب', 'Garden\nnews', `Tea ${words()}`]);
      if (chance(0.75)) return { url: address(), title };
      return { url: chance(0.5) ? address() : null, id: random.pick(PAGE_IDS), title };
    },
    query() {
      if (chance(0.1)) return random.pick(ODD).slice(0, 150);
      if (chance(0.3)) return words();
      const word = random.pick([...WORDS, 'mina', 'sam', 'example']);
      return word.slice(0, random.between(1, word.length));
    },
    email: () =>
      random.pick(['mina@example.org', 'MINA@example.org', 'ada@bücher.example', 'nobody@example.org']),
  };
}

/** As a query's value; what no encoding has is left out. */
export const inQuery = (text: string): string => encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, ''));
