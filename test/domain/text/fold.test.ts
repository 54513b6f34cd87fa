import fc from 'fast-check';
import { foldAny, foldText } from '../../../src/text/fold.ts';
import { randomCases } from '../../support/long-run.ts';

describe('two spellings fold to one', () => {
  test.each([
    ['case', 'HELLO World', 'hello world'],
    ['full case folding', 'STRASSE', 'straße'],
    ['the final sigma', 'ΟΔΟΣ', 'οδος'],
    ['dotted and dotless i', 'İstanbul', 'istanbul'],
    ['dotless i', 'ısı', 'ISI'],
    ['compatibility forms', 'ﬁｎｅ ①', 'fine 1'],
    ['Arabic and Persian yeh', 'علي', 'علی'],
    ['alef maksura', 'علىٰ', 'علی'],
    ['Arabic and Persian kaf', 'كتاب', 'کتاب'],
    ['teh marbuta', 'فاطمة', 'فاطمه'],
    ['alef with madda and hamza', 'آأإٱ', 'اااا'],
    ['waw and yeh with hamza', 'مسؤول مسئله', 'مسوول مسیله'],
    ['heh with hamza above', 'خانۀ', 'خانه'],
    ['heh with a combining hamza', 'خانهٔ', 'خانه'],
    ['yeh barree', 'کے', 'کی'],
    ['Urdu heh', 'ہھە', 'ههه'],
    ['a hamza that ends a word after alef', 'املاء، انشاء', 'املا، انشا'],
    ['vowel signs', 'مُحَمَّدٌ', 'محمد'],
    ['tatweel', 'ســلام', 'سلام'],
    ['presentation forms', 'ﺳﻼﻡ', 'سلام'],
    ['Persian digits', '۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['Arabic-Indic digits', '٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['the half-space', 'می\u200cخواهم', 'میخواهم'],
    ['invisible characters', 'sp\u200ba\u00adm\u2060\u200f', 'spam'],
    ['bidi controls', '\u202eabc\u202c\u2067', 'abc'],
    ['Latin diacritics', 'Crème Brûlée ñ Šđ', 'creme brulee n sd'],
    ['strokes and ligatures', 'Ærø Łódź', 'aero lodz'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['runs of white space', '  a \t\n\u00a0 b\u3000', 'a b'],
    ['stacked marks', 'z\u0335\u0321a\u0334l\u0337g\u0301o\u0300', 'zalgo'],
  ])('%s', (_what, one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });

  test.each([
    ['Cyrillic й and и', 'й', 'и'],
    ['Devanagari vowel signs', 'कि', 'कु'],
    ['Japanese voiced and voiceless kana', 'が', 'か'],
    ['a hamza inside a word', 'قراءت', 'قرات'],
    ['Persian letters', 'گچپژ', 'کجبز'],
    ['letters of other scripts that look alike', 'раураl', 'paypal'],
  ])('but not %s', (_what, one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });
});

describe('folding', () => {
  test('changes nothing that is folded, for any code point before and after others', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const folded = foldText(`${String.fromCodePoint(code)}b`);
      if (foldText(folded) !== folded)
        throw new Error(`U+${code.toString(16)} folds to ${JSON.stringify(folded)}`);
    }
  });

  test('changes nothing that is folded, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
      }),
      { numRuns: randomCases(5000) },
    );
  });

  test('is the same by the short ways as by the long one', () => {
    const simple = fc.string({ unit: fc.constantFrom(...'aZ ß\t\nآأبپةكکيیىئۀۂۓەء‌،«»۱٢ـ.éЙΣς…😀🇮\u0306') });
    fc.assert(
      fc.property(fc.oneof(simple, fc.string(), fc.string({ unit: 'binary' })), (text) =>
        expect(foldText(text)).toBe(foldAny(text)),
      ),
      { numRuns: randomCases(5000) },
    );
  });

  test.each(['ا', '\ud83c'])(
    'is the same by the short ways for every unit after "%s" and before a hamza',
    (before) => {
      for (let code = 0; code <= 0xffff; code++) {
        const text = `${before}${String.fromCharCode(code)}ء `;
        if (foldText(text) !== foldAny(text)) throw new Error(`U+${code.toString(16)} folds otherwise`);
      }
    },
  );

  test('sees no difference between a text and its upper case, NFD and NFKC', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldText(text.normalize('NFD'))).toBe(foldText(text));
        expect(foldText(text.normalize('NFKC'))).toBe(foldText(text));
      }),
      { numRuns: randomCases(2000) },
    );
  });
});
