import { buildMatcher } from '../../../src/screening/wordlist/matcher.ts';
import { normalizeText } from '../../../src/text/normalize.ts';
import { CASE_TERMS, EVASIONS, INNOCENT } from './wordlist-cases.ts';

const MOST = 20;
const shown = (text: string): string =>
  JSON.stringify(text).replace(
    /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]/gu,
    (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`,
  );

describe('a word list against those who write around it', () => {
  const matcher = buildMatcher({ hold: CASE_TERMS, reject: [] });

  it('has at least 150 evasions and 150 innocent texts, none of them twice', () => {
    const evasions = EVASIONS.map(({ text, term }) => `${term} ${text}`);
    expect(evasions.filter((one, at) => evasions.indexOf(one) !== at)).toEqual([]);
    expect(INNOCENT.filter((one, at) => INNOCENT.indexOf(one) !== at)).toEqual([]);
    expect(EVASIONS.length).toBeGreaterThanOrEqual(150);
    expect(INNOCENT.length).toBeGreaterThanOrEqual(150);
  });

  it.each(EVASIONS.map((one) => [shown(one.text), one] as const))(
    'finds %s',
    async (_name, { text, term, marked }) => {
      const found = (await matcher).find(text, MOST).find((match) => match.term === term);
      expect(found).toBeDefined();
      const { start, end } = found ?? { start: 0, end: 0 };
      expect(text.slice(start, end)).toBe(marked ?? text.replace(/^\ufeff/, ''));
    },
  );

  it.each(EVASIONS.map((one) => [shown(one.text), one] as const))(
    'finds %s as it is stored, too',
    async (_name, { text, term }) => {
      const stored = normalizeText(text) ?? '';
      expect((await matcher).find(stored, MOST).map((match) => match.term)).toContain(term);
    },
  );

  it.each(INNOCENT.map((text) => [shown(text), text] as const))(
    'finds nothing in %s',
    async (_name, text) => {
      expect((await matcher).find(text, MOST)).toEqual([]);
    },
  );
});

describe('a term with a star', () => {
  const spelt = (longest: number): string[] => {
    const byLength = [['a', 'm']];
    while (byLength.length < longest) {
      byLength.push((byLength.at(-1) ?? []).flatMap((word) => [`${word}a`, `${word}m`]));
    }
    return byLength.flat();
  };
  const FORMS = [
    { form: (word: string) => `${word}*`, holds: (word: string, core: string) => word.startsWith(core) },
    { form: (word: string) => `*${word}`, holds: (word: string, core: string) => word.endsWith(core) },
    { form: (word: string) => `*${word}*`, holds: (word: string, core: string) => word.includes(core) },
  ];

  it.each(['spammer', 'SPAMMERS', 'spam', 'antispammer'])(
    'is found in %s, whatever letters follow',
    async (word) => {
      const matcher = await buildMatcher({ hold: ['*spam*'], reject: [] });
      const found = matcher.find(word, MOST).map(({ start, end }) => word.slice(start, end));
      expect(found).toEqual([word.slice(word.search(/spam/i)).slice(0, 'spam'.length)]);
    },
  );

  it('is found in every word that holds it letter by letter, double letters at its ends included', async () => {
    const cores = spelt(4);
    const hold = cores.flatMap((core) => FORMS.map(({ form }) => form(core)));
    const matcher = await buildMatcher({ hold, reject: [] });
    const missed = spelt(6).flatMap((word) => {
      const found = new Set(matcher.find(word, Number.POSITIVE_INFINITY).map(({ term }) => term));
      const due = cores.flatMap((core) =>
        FORMS.filter(({ holds }) => holds(word, core)).map(({ form }) => form(core)),
      );
      return due.filter((term) => !found.has(term)).map((term) => `${term} in ${word}`);
    });
    expect(missed).toEqual([]);
  });
});
