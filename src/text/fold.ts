import { createTableFold } from './table-fold.ts';

/**
 * Text as it is compared: two spellings that a reader takes for one fold to one. Never shown, never stored
 * in place of the text. The table, with a source for every line, is in docs/text.md.
 */

const ASCII = /^[\t\n\r\x20-\x7e]*$/;

/** Marks that are left out in comparing: Latin and Greek diacritics, Hebrew points, Arabic signs. */
const MARKS =
  /[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1]|[\u08e3-\u08ff]|[\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/g;
/** The breve is part of the letter in Cyrillic й; everywhere else it is a diacritic. */
const BREVE = /(?<!\u0438)\u0306/g;
const IGNORED = /[\p{Default_Ignorable_Code_Point}\u0640\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One letter for another, after NFKD and lower-casing. */
const LETTERS: Record<string, string> = {
  // Arabic script to the Persian letter.
  '\u064a': '\u06cc', // ARABIC YEH
  '\u0649': '\u06cc', // ALEF MAKSURA
  '\u06cd': '\u06cc', // YEH WITH TAIL
  '\u06d0': '\u06cc', // E
  '\u06d2': '\u06cc', // YEH BARREE
  '\u0643': '\u06a9', // ARABIC KAF
  '\u06aa': '\u06a9', // SWASH KAF
  '\u0629': '\u0647', // TEH MARBUTA
  '\u06c3': '\u0647', // TEH MARBUTA GOAL
  '\u06be': '\u0647', // HEH DOACHASHMEE
  '\u06c1': '\u0647', // HEH GOAL
  '\u06d5': '\u0647', // AE
  '\u0671': '\u0627', // ALEF WASLA
  // Latin letters whose stroke is no combining mark, and ligatures.
  '\u00e6': 'ae',
  '\u0153': 'oe',
  '\u00f8': 'o',
  '\u0111': 'd',
  '\u00f0': 'd',
  '\u0127': 'h',
  '\u0142': 'l',
  '\u0167': 't',
  '\u00fe': 'th',
  '\u0131': 'i',
  '\u0138': 'k',
  '\u014b': 'n',
  '\u00df': 'ss',
  // Greek: the sigma that ends a word.
  '\u03c2': '\u03c3',
  // Typographic apostrophes.
  '\u2018': "'",
  '\u2019': "'",
};
for (let digit = 0; digit < 10; digit++) {
  LETTERS[String.fromCharCode(0x0660 + digit)] = String(digit);
  LETTERS[String.fromCharCode(0x06f0 + digit)] = String(digit);
}
const TO_MAP = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
/** A hamza that ends a word after alef: the Academy writes املا for املاء. */
const FINAL_HAMZA = /\u0627\u0621(?!\p{L})/gu;

function foldCase(text: string): string {
  // Upper, then lower: what toLowerCase alone misses of full case folding (ß and SS, ŉ, ﬁ).
  return text.toUpperCase().toLowerCase();
}

/** Letters white on black, in circles and squares: NFKD takes their light brothers apart, and these not. */
const DARK_LETTER = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]/gu;
const inTheLight = (letter: string): string =>
  String.fromCharCode(0x61 + (((letter.codePointAt(0) ?? 0) - 0x1f150) % 0x20));

function foldLetters(text: string): string {
  return foldCase(text.normalize('NFKD').replace(DARK_LETTER, inTheLight))
    .normalize('NFKD')
    .replace(IGNORED, '')
    .replace(MARKS, '')
    .replace(BREVE, '')
    .replace(TO_MAP, (letter) => LETTERS[letter] ?? letter)
    .replace(FINAL_HAMZA, '\u0627')
    .normalize('NFC');
}

/** White space that is not one space. */
const SPACES = /[^\S ]\s*| \s+/g;

const foldSpaces = (text: string): string => text.replace(SPACES, ' ').trim();

/** The same by the long way, for any text. */
export function foldAny(text: string): string {
  return foldSpaces(foldLetters(text));
}

const foldByTable = createTableFold(foldLetters);

/**
 * The whole text folded: case, compatibility forms, letter variants, digits, marks and invisible characters
 * made equal, each run of white space one space, trimmed. Idempotent. Lone surrogates stay as they are.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return foldSpaces(text.toLowerCase());
  const folded = foldByTable(text);
  if (folded === null) return foldAny(text);
  return folded.includes('\u0621') ? folded.replace(FINAL_HAMZA, '\u0627') : folded;
}
