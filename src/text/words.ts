import { foldText } from './fold.ts';

/**
 * Words for search. Persian is written with a half-space (ZWNJ) inside words, which many people drop or
 * type as a space; «می‌خواهم», «میخواهم» and «می خواهم» are found by each other. What finds what, and what
 * does not, stands in docs/text.md.
 */

/** Affixes that many write apart, folded: prefixes belong to the word behind, suffixes to the one before. */
const PREFIXES = new Set(['می', 'نمی', 'همی']);
const SUFFIXES = new Set([
  ...['ها', 'های', 'هایی', 'هایم', 'هایت', 'هایش', 'هایمان', 'هایتان', 'هایشان'],
  ...['تر', 'تری', 'ترین', 'ام', 'ات', 'اش', 'ای', 'ایم', 'اید', 'اند'],
]);

const WORD = /[\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}]+/gu;
const HALF_SPACE = /\u200c+/;

/** A word as its parts: the pieces between half-spaces, with the affixes that stand apart. Never empty. */
type Unit = string[];

function partsOf(word: string): Unit {
  return word
    .split(HALF_SPACE)
    .map(foldText)
    .filter((part) => part !== '');
}

function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  // NFKC first: a compatibility form may hold spaces and signs, which end words.
  const plain = text.normalize('NFKC');
  let lastEnd = 0;
  for (const { 0: word, index } of plain.matchAll(WORD)) {
    const parts = partsOf(word);
    if (parts.length === 0) continue;
    const last = units.at(-1);
    const isApart = /^\s+$/.test(plain.slice(lastEnd, index));
    const belongsTogether =
      last?.length !== undefined && isApart && (PREFIXES.has(last.join('')) || SUFFIXES.has(parts.join('')));
    if (last && belongsTogether) last.push(...parts);
    else units.push(parts);
    lastEnd = index + word.length;
  }
  return units;
}

/**
 * The words that a text is found by, each once, folded: for a word with a half-space or an affix that stands
 * apart, its parts and the whole written together.
 */
export function foldWords(text: string): string[] {
  const words = new Set<string>();
  for (const parts of unitsOf(text)) {
    for (const part of parts) words.add(part);
    words.add(parts.join(''));
  }
  return [...words];
}

/**
 * What a text must hold to be an answer: every word of the query, each in one of its writings, each writing
 * being words that must all be among the text's `foldWords`.
 */
export function foldQuery(query: string): string[][][] {
  return unitsOf(query).map((parts) => (parts.length === 1 ? [parts] : [[parts.join('')], parts]));
}
