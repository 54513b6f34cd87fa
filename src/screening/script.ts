import { foldText } from '../text/fold.ts';
import { passesFor } from '../text/looks.ts';

/** Tricks with scripts, in UTF-16 offsets: words of mixed scripts, stacked marks, letters turned round. */

interface Span {
  start: number;
  end: number;
}

type Script = 'latin' | 'cyrillic' | 'greek' | 'armenian' | 'cherokee';
const SCRIPTS: readonly (readonly [Script, RegExp])[] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['armenian', /\p{Script=Armenian}/u],
  ['cherokee', /\p{Script=Cherokee}/u],
];
/** The blocks of the scripts that are taken for Latin; by range, because most texts are done with after this. */
const FOREIGN =
  /[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f\uab70-\uabbf]/;
const WORD = /[\p{L}\p{M}]+/gu;
const scriptOf = (letter: string): Script | null =>
  SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? null;

/** Whether a letter is taken for one of the other script: for a Latin letter, one that any letter here passes for. */
function isDisguise(letter: string, script: Script, others: string[]): boolean {
  const code = foldText(letter).charCodeAt(0);
  if (script !== 'latin') return LATIN.some((latin) => passesFor(code, latin));
  return others.some((other) => scriptOf(other) !== 'latin') && LOOKED_LIKE.has(code);
}

const LATIN = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => letter.charCodeAt(0));
/** Latin letters that some Cyrillic or Greek letter is taken for. */
const LOOKED_LIKE = new Set([...'abcehikmnoprstuxyz'].map((letter) => letter.charCodeAt(0)));

/** An abbreviation in capitals with an ending in the writer's own script: `SMSка`, `VIPов`. */
const INFLECTED = /^\p{Lu}{2,}\p{Ll}+$/u;

/**
 * A word that mixes scripts so that all letters of one of them pass for the other's. `Δx`, `µm` and `SMSка`
 * mix them, too, and deceive nobody.
 */
function isMixed(word: string): boolean {
  const letters = [...word].filter((letter) => scriptOf(letter) !== null);
  const scripts = new Set(letters.map(scriptOf));
  if (scripts.size < 2) return false;
  const [first = null] = letters.map(scriptOf);
  if (first === 'latin' && INFLECTED.test(word)) {
    const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter));
    if (capitals.every((letter) => scriptOf(letter) === 'latin')) return false;
  }
  return [...scripts].some(
    (script) =>
      script !== null &&
      letters.length > 2 &&
      letters
        .filter((letter) => scriptOf(letter) === script)
        .every((letter) => isDisguise(letter, script, letters)),
  );
}

/** Words of letters of several scripts that look alike. */
export function mixedWords(text: string): Span[] {
  if (!FOREIGN.test(text)) return [];
  return [...text.matchAll(WORD)]
    .filter(([word]) => FOREIGN.test(word) && isMixed(word))
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
}

/**
 * More marks than any writing puts on one letter: Hebrew and Arabic may have three. Those of Indic and other scripts
 * stack by nature, in Tibetan to eight, but no mark does four times over.
 */
const STACKED = new RegExp(
  [
    String.raw`(?:[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){4,}`,
    String.raw`(?<mark>(?!\p{Default_Ignorable_Code_Point})\p{M})\k<mark>{3,}`,
    String.raw`(?:(?!\p{Default_Ignorable_Code_Point})\p{M}){12,}`,
  ].join('|'),
  'gu',
);

/** Where marks are piled up until they cover other lines, with the letter below them. */
export function stackedMarks(text: string): Span[] {
  return [...text.matchAll(STACKED)].map(({ 0: marks, index }) => ({
    start: index - (/.$/su.exec(text.slice(Math.max(0, index - 2), index))?.[0].length ?? 0),
    end: index + marks.length,
  }));
}

const RIGHT_TO_LEFT = String.raw`\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}`;
const OVER = '\\u202c\\u2069';
/**
 * An override that turns letters against their own direction, or any turning inside a word. Marks around a
 * number or a name are what phones and pages put there when something is copied from them. Each override is looked
 * behind as far as the next one, which has a look of its own: overrides leave nothing in the stored text, so that no
 * limit of characters keeps them few.
 */
const TURNED = new RegExp(
  [
    String.raw`\u202e[^${OVER}\n\u202e\p{L}\p{N}]*[\p{L}\p{N}]`,
    String.raw`\u202d[^${OVER}\n\u202d${RIGHT_TO_LEFT}]*[${RIGHT_TO_LEFT}]`,
    String.raw`(?<=\p{L})[\u202a\u202b\u202d\u202e\u2066-\u2068](?=\p{L})`,
  ].join('|'),
  'u',
);

/** Whether a text, as it was sent, turns letters round. Stored texts hold no such controls any more. */
export function turnsLetters(sent: string | null | undefined): boolean {
  return typeof sent === 'string' && /[\u202a-\u202e\u2066-\u2068]/.test(sent) && TURNED.test(sent);
}
