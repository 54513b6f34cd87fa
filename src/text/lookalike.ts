import { foldText } from './fold.ts';
import { LOOKALIKES } from './lookalike-data.ts';

/**
 * Whether two names look alike, whatever letters they are written in (the idea of UTS #39's skeletons, over
 * folded text). Only for comparing: a skeleton is no text. See docs/decisions/0020 for why it is no part of
 * folding.
 */

const LATIN = new Map<string, string>();
for (const [letter, others] of Object.entries(LOOKALIKES)) {
  for (const code of others) LATIN.set(String.fromCodePoint(code), letter);
}
/** In most typefaces these are one stroke; which case it is decides, so they go before folding. */
const STROKES: Record<string, string> = { I: 'l', '|': 'l', '1': 'l', '0': 'o' };

const NOTHING_SEEN = /[^\p{L}\p{N}]/gu;

/** Likeness among small letters. `rn` is what m looks like, and vv what w does. */
const small = (folded: string): string =>
  folded
    .replace(NOTHING_SEEN, '')
    .replace(/[01]/g, (digit) => STROKES[digit] ?? digit)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');

const toLatin = (text: string, more: Record<string, string>): string =>
  [...text].map((letter) => more[letter] ?? LATIN.get(letter) ?? letter).join('');

/**
 * What a name looks like: one form for each way of taking it. Two names look alike where they share one.
 * Letters are compared as they were written and as small ones, since a look-alike may be of one case only.
 */
export function skeletonsOf(name: string): string[] {
  const written = name.normalize('NFKC');
  const forms = [
    small(foldText(written)),
    small(toLatin(foldText(written), {})),
    small(foldText(toLatin(written, {}))),
    small(foldText(toLatin(written, STROKES))),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}
