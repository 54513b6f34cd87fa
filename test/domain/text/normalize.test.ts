import fc from 'fast-check';
import { countCharacters, isBlank, normalizeLine, normalizeText } from '../../../src/text/normalize.ts';
import { readCorpus, readNaughtyStrings } from '../../support/corpora.ts';
import { randomCases } from '../../support/long-run.ts';

/** Pieces that the rules speak of, so that random texts hit them all the time. */
const TRICKY = [
  'a',
  'é',
  'e\u0301',
  '\u0301',
  'ی',
  'م',
  'ه\u0654',
  '\u064e',
  '\u200c',
  '\u200d',
  '\u200e',
  '\u200f',
  '\u202e',
  '\u2066',
  '\u2069',
  '\ufeff',
  '\u00ad',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\x07',
  '\x7f',
  '\x85',
  '\u00a0',
  '\u2028',
  '\u2800',
  '\u3164',
  '\u1100',
  '\u1161',
  '👩',
  '❤',
  '\ufe0f',
  '🏽',
  '\u0915',
  '\u094d',
  '\u212a',
  '0',
  '۱',
];
const trickyText = fc.array(fc.constantFrom(...TRICKY), { maxLength: 24 }).map((parts) => parts.join(''));
const anyText = fc.oneof(trickyText, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('a text as stored', () => {
  test.each([
    ['is in NFC', 'e\u0301', 'é'],
    ['has LF for CRLF and for CR', 'a\r\nb\rc\n\rd', 'a\nb\nc\n\nd'],
    ['has no outer white space of any kind', ' \t\n\u00a0\u2003\u3000a b\u2028\n ', 'a b'],
    ['has no C0 and C1 controls and no DEL', 'a\0b\x07c\x1bd\x7fe\x85f\x9fg', 'abcdefg'],
    ['keeps tabs and newlines inside', 'a\tb\n\nc', 'a\tb\n\nc'],
    [
      'has no bidi embeddings, overrides and isolates',
      '\u202aa\u202bb\u202cc\u202dd\u202ee\u2066f\u2067g\u2068h\u2069',
      'abcdefgh',
    ],
    ['keeps LRM, RLM and ALM', 'a\u200eb\u200fc\u061cd', 'a\u200eb\u200fc\u061cd'],
    ['keeps the half-space between letters', 'می\u200cخواهم', 'می\u200cخواهم'],
    [
      'keeps the half-space after a vowel sign or hamza',
      'خانه\u0654\u200cما',
      'خانه\u0654\u200cما'.normalize('NFC'),
    ],
    ['keeps joiners within Indic clusters', 'क\u094d\u200dष ശ\u0d4d\u200cല', 'क\u094d\u200dष ശ\u0d4d\u200cല'],
    ['drops joiners elsewhere', '\u200cمی\u200c ۵\u200cساله 1\u200d2 a\u200c.', 'می ۵ساله 12 a.'],
    ['makes one joiner of many', 'می\u200c\u200c\u200cخواهم', 'می\u200cخواهم'],
    [
      'keeps ZWJ in emoji sequences',
      '👨\u200d👩\u200d👧 👩🏽\u200d💻 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥',
      '👨\u200d👩\u200d👧 👩🏽\u200d💻 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥',
    ],
    ['drops ZWNJ between emoji, and ZWJ beside one', '👨\u200c👩 👨\u200d a\u200d👨', '👨👩 👨 a👨'],
    ['bares no new outer white space', '\u202e a \u202c', 'a'],
    ['composes what a dropped character held apart', 'e\u202e\u0301 ه\u200c\u200c', 'é ه'],
    ['leaves a zero a text', '0', '0'],
    ['keeps a byte order mark that is no white space', 'a\ufeff', 'a\ufeff'],
  ])('%s', (_rule, written, stored) => {
    expect(normalizeText(written)).toBe(stored);
  });

  test('cannot hold a lone surrogate', () => {
    for (const lone of ['\ud83d', 'a\ude00b', '\ude00\ud83d', 'می\ud800'])
      expect(normalizeText(lone)).toBeNull();
    expect(normalizeText('\ud83d\ude00')).toBe('😀');
  });

  test('is not changed by being stored again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = normalizeText(text);
        if (stored === null) return;
        expect(normalizeText(stored)).toBe(stored);
      }),
      { numRuns: randomCases(5000) },
    );
  });

  test('is in NFC, without controls, bidi formats and outer white space, whatever was written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = normalizeText(text);
        if (stored === null) return;
        expect(stored).toBe(stored.normalize('NFC'));
        expect(stored).not.toMatch(
          /[\p{Cc}\u202a-\u202e\u2066-\u2069](?<![\t\n])|^\p{White_Space}|\p{White_Space}$/u,
        );
      }),
      { numRuns: randomCases(3000) },
    );
  });

  test('is the same by the short way as by the long way', () => {
    // A control in front sends a text the long way and leaves nothing behind.
    fc.assert(
      fc.property(anyText, (text) => expect(normalizeText(text)).toBe(normalizeText(`\u0001${text}`))),
      { numRuns: randomCases(5000) },
    );
  });

  test('is what was written, for real comments but for their outer white space and idle marks', () => {
    const comments = readCorpus('persian-instagram');
    let unchanged = 0;
    for (const { text } of comments) {
      const stored = normalizeText(text);
      expect(stored).not.toBeNull();
      if (stored === text.trim()) unchanged++;
      expect(normalizeText(stored ?? '')).toBe(stored);
    }
    expect(unchanged / comments.length).toBeGreaterThan(0.9);
  });

  test('takes every naughty string', () => {
    for (const text of readNaughtyStrings()) {
      const stored = normalizeText(text);
      expect(stored).toBe(stored === null ? null : normalizeText(stored));
    }
  });

  test.each([
    ['spaces inside', `a${' '.repeat(200_000)}b`],
    ['joiners', 'a\u200d'.repeat(50_000)],
    ['marks', `a${'\u0301'.repeat(100_000)}\u200c`],
    ['newlines at the end', `é\0${'\r\n'.repeat(100_000)}`],
  ])('comes to an end on many %s, and the second time changes nothing', (_what, text) => {
    const once = normalizeText(text) ?? '';
    expect(normalizeText(once)).toBe(once);
  });
});

describe('a text of one line', () => {
  test('has spaces for newlines and tabs', () => {
    expect(normalizeLine('\nAli\r\nReza\tA\n')).toBe('Ali Reza A');
  });

  test('cannot hold a lone surrogate either', () => {
    expect(normalizeLine('a\ud800')).toBeNull();
  });

  test('is not changed by being stored again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = normalizeLine(text);
        if (stored === null) return;
        expect(normalizeLine(stored)).toBe(stored);
        expect(stored).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('a field is missing', () => {
  test.each([
    '',
    ' ',
    '\u00a0\u3000',
    '\u200b\u200c\u200d',
    '\u2800',
    '\u3164\u115f',
    '\ufe0f\u00ad\u2060',
    '\u{e0020}',
    '\u200f\n',
  ])('when it holds only %j', (text) => expect(isBlank(text)).toBe(true));

  test.each(['0', '.', ' a ', '\u200fب', '\u0301', '\ufffd', '👍'])('but not when it holds %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});

describe('a character', () => {
  test('is a code point', () => {
    expect(countCharacters('')).toBe(0);
    expect(countCharacters('خبر')).toBe(3);
    expect(countCharacters('😀é')).toBe(2);
    expect(countCharacters('👨\u200d👩')).toBe(3);
  });

  test('is counted as the language itself counts code points', () => {
    fc.assert(fc.property(anyText, (text) => expect(countCharacters(text)).toBe([...text].length)));
    expect(countCharacters('\ud83d\ud83d\ude00\ude00')).toBe([...'\ud83d\ud83d\ude00\ude00'].length);
  });
});
