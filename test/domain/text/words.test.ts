import { foldQuery, foldWords } from '../../../src/text/words.ts';
import { readCorpus } from '../../support/corpora.ts';

function finds(query: string, text: string): boolean {
  const words = new Set(foldWords(text));
  return foldQuery(query).every((writings) => writings.some((all) => all.every((word) => words.has(word))));
}

const HALF = 'من می\u200cخواهم بروم';
const JOINED = 'من میخواهم بروم';
const SPACED = 'من می خواهم بروم';

describe('a word with a half-space is found', () => {
  const writings = ['می\u200cخواهم', 'میخواهم', 'می خواهم'];
  test.each(writings.flatMap((query) => [HALF, JOINED, SPACED].map((text) => [query, text])))(
    'by «%s» in «%s»',
    (query, text) => expect(finds(query, text)).toBe(true),
  );

  test.each([
    ['کتاب\u200cها', 'کتاب ها'],
    ['کتاب ها', 'کتابها'],
    ['کتابهای', 'کتاب های'],
    ['خواسته ام', 'می\u200cخواسته\u200cام'],
    ['بزرگ\u200cترین', 'بزرگ ترین'],
    ['نمی\u200cدانم', 'نميدانم'],
  ])('by «%s» in «%s»', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  test('by one of its parts', () => {
    expect(finds('کتاب', 'کتاب\u200cخانه')).toBe(true);
    expect(finds('خانه', 'کتاب\u200cخانه')).toBe(true);
  });

  test('as a compound, by the forms that keep a mark of the join, and by the joined form where one is kept', () => {
    expect(finds('کتاب\u200cخانه', 'کتاب خانه')).toBe(true);
    expect(finds('کتاب\u200cخانه', 'کتابخانه')).toBe(true);
    expect(finds('کتاب خانه', 'کتاب\u200cخانه')).toBe(true);
    expect(finds('کتابخانه', 'کتاب\u200cخانه')).toBe(true);
  });

  test('but a compound that is no affix is not guessed without a dictionary', () => {
    expect(finds('کتابخانه', 'کتاب خانه')).toBe(false);
    expect(finds('کتاب خانه', 'کتابخانه')).toBe(false);
  });
});

describe('words', () => {
  test('are folded, each once, without signs', () => {
    expect(foldWords('Hello, HELLO wörld! ۱۲۳')).toEqual(['hello', 'world', '123']);
  });

  test('end at punctuation, so that an affix behind it is a word of its own', () => {
    expect(foldWords('می، خواهم')).toEqual(['می', 'خواهم']);
  });

  test('of nothing are none', () => {
    expect(foldWords(' \u200c\u200b!؟ ')).toEqual([]);
    expect(foldQuery('…')).toEqual([]);
  });

  test('of every real comment find that comment', () => {
    for (const { text } of readCorpus('persian-instagram').slice(0, 1500))
      if (!finds(text, text)) throw new Error(text);
  });
});
