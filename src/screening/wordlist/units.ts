import { foldText } from '../../text/fold.ts';
import { SIGNS_FOR_LETTERS } from '../../text/looks.ts';
import { createUnitReader } from '../../text/units.ts';

/**
 * A text as word lists read it: folded letters and digits, with one unit for whatever stands between two words,
 * each with its place in the text as written.
 */
export interface Units {
  length: number;
  /** Folded UTF-16 units, or one of the separators below. */
  codes: Uint16Array;
  /** UTF-16 offsets into the text: where the unit's character begins and ends. */
  starts: Int32Array;
  ends: Int32Array;
  /** WORD_START and WORD_END. */
  edges: Uint8Array;
  /** Whether words that may be one stand apart in it: `vi-agra`, `s p a m`. */
  hasPieces: boolean;
  /** Whether signs stand where they may stand in for letters: `p@ypal`. */
  hasSigns: boolean;
}

/** Between words: spaces, or signs with no full stop among them. */
export const SPACE = 1;
/** A comma, full stop, bracket or the like beside a space: no term reaches across it. */
export const STOP = 2;
/** Signs without a space, such as a hyphen: the word may go on. */
export const HYPHEN = 3;
/** The same with a point, comma, colon, slash or the like among them. */
export const POINT = 4;
const LAST_SEPARATOR = POINT;
export const isSeparator = (code: number): boolean => code <= LAST_SEPARATOR;

export const WORD_START = 1;
export const WORD_END = 2;

/**
 * What becomes of a character: one of these kinds, or its folded unit; 0 where that is not known yet. The first
 * three stand between words, and are bits of what a gap holds.
 */
const BLANK = 1;
const PUNCTUATION = 2;
const SIGN = 4;
const LAST_OF_GAP = SIGN;
const IGNORED = 5;
/** Is left out, but belongs to the letter before it. */
const MARK = 6;
/** Folds to several units. */
const SEVERAL = 7;
const LAST_KIND = SEVERAL;

/** U+FEFF is none in Unicode, though JavaScript says so: it leaves no ink and parts no word. */
const WHITE_SPACE = /^\p{White_Space}$/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const ANY_MARK = /^\p{M}$/u;
const INHERITED_MARK = /^(?=\p{M})\p{Script=Inherited}$/u;
const PAUSE = /^[\p{Ps}\p{Pe}\p{Pi}\p{Pf}.,:;!?/@"&،؛؟۔…。、！？‚„]$/u;
const SPACE_CODE = 0x20;
const ALEF = 0x627;
const HAMZA = 0x621;

const kinds = new Uint16Array(0x10000);
const several = new Map<number, string>();

function kindOf(character: string): { kind: number; folded: string } {
  if (WHITE_SPACE.test(character)) return { kind: BLANK, folded: '' };
  const folded = foldText(character);
  if (folded === '' || INHERITED_MARK.test(folded))
    return { kind: ANY_MARK.test(character) ? MARK : IGNORED, folded: '' };
  if (!WORD.test(folded)) return { kind: PAUSE.test(character) ? PUNCTUATION : SIGN, folded: '' };
  return folded.length === 1 ? { kind: folded.charCodeAt(0), folded } : { kind: SEVERAL, folded };
}

function learn(code: number): number {
  const { kind, folded } = kindOf(String.fromCharCode(code));
  kinds[code] = kind;
  if (kind === SEVERAL) several.set(code, folded);
  return kind;
}

const isHighSurrogate = (code: number): boolean => (code & 0xfc00) === 0xd800;

class Writer implements Units {
  length = 0;
  codes = new Uint16Array(512);
  starts = new Int32Array(512);
  ends = new Int32Array(512);
  edges = new Uint8Array(512);
  hasPieces = false;
  hasSigns = false;
  private wordStart = 0;
  private lettersInRow = 0;
  /** The kinds that stand since the last letter. */
  private gap = 0;

  clear(): void {
    this.length = 0;
    this.hasPieces = false;
    this.wordStart = 0;
    this.lettersInRow = 0;
    this.hasSigns = false;
    this.gap = 0;
  }

  separate(kind: number): void {
    this.gap |= kind;
  }

  letter(code: number, start: number, end: number): void {
    if (this.length + 2 > this.codes.length) this.grow();
    const separated = this.gap !== 0;
    if (separated) this.closeGap();
    const at = this.length;
    this.codes[at] = code;
    this.starts[at] = start;
    this.ends[at] = end;
    this.edges[at] = separated || at === 0 ? WORD_START : 0;
    this.length = at + 1;
  }

  /** What folding leaves out may still belong to the letter before it. */
  extend(end: number): void {
    const last = this.length - 1;
    if (last >= 0 && this.ends[last] === end - 1) this.ends[last] = end;
  }

  finish(): void {
    if (this.length > 0) this.edges[this.length - 1] = (this.edges[this.length - 1] ?? 0) | WORD_END;
  }

  private closeGap(): void {
    const at = this.length;
    if (at > 0) {
      this.edges[at - 1] = (this.edges[at - 1] ?? 0) | WORD_END;
      this.edges[at] = 0;
      const hasPause = (this.gap & PUNCTUATION) !== 0;
      const hasBlank = (this.gap & BLANK) !== 0;
      this.codes[at] = hasBlank ? (hasPause ? STOP : SPACE) : hasPause ? POINT : HYPHEN;
      this.length = at + 1;
      this.lettersInRow = at - this.wordStart === 1 ? this.lettersInRow + 1 : 0;
      this.wordStart = at + 1;
      // Two letters by themselves and a gap: a third may follow.
      if (!hasBlank || this.lettersInRow > 1) this.hasPieces = true;
    }
    this.gap = 0;
  }

  private grow(): void {
    const size = this.codes.length * 2;
    const copy = <T extends Uint16Array | Int32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.codes = copy(new Uint16Array(size), this.codes);
    this.starts = copy(new Int32Array(size), this.starts);
    this.ends = copy(new Int32Array(size), this.ends);
    this.edges = copy(new Uint8Array(size), this.edges);
  }
}

/** A hamza that ends a word after alef goes, as in folding; what comes after it tells whether it ends one. */
function isFinalHamza(text: string, at: number, writer: Units): boolean {
  if (writer.codes[writer.length - 1] !== ALEF) return false;
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next);
    const kind = kinds[code] || learn(code);
    if (kind !== IGNORED && kind !== MARK) return kind <= LAST_OF_GAP;
  }
  return true;
}

function writeSeveral(writer: Writer, folded: string, start: number, end: number): void {
  for (let at = 0; at < folded.length; at++) {
    const code = folded.charCodeAt(at);
    if (code === SPACE_CODE) writer.separate(BLANK);
    else writer.letter(code, start, end);
  }
}

function writeAstral(writer: Writer, text: string, at: number): number {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  const { kind, folded } = kindOf(character);
  if (folded !== '') writeSeveral(writer, folded, at, end);
  else if (kind <= LAST_OF_GAP) writer.separate(kind);
  return end;
}

const SIGNS = new Set(SIGNS_FOR_LETTERS.map((sign) => sign.charCodeAt(0)));
const scratch = new Writer();
const unitsOf = createUnitReader();

/** A sign before a letter, or behind one: but who shouts does not spell. */
function isSignInWord(text: string, at: number): boolean {
  const isLetterAt = (place: number): boolean => {
    const code = text.charCodeAt(place);
    return place >= 0 && place < text.length && (kinds[code] || learn(code)) > LAST_KIND;
  };
  return isLetterAt(at + 1) || (text[at] !== '!' && isLetterAt(at - 1));
}

/**
 * Reads a text. With `signsAsLetters` the signs that stand in for letters (`@`, `$` …) are parts of words.
 * The result is overwritten by the next call: take what is to be kept.
 */
export function readUnits(text: string, signsAsLetters = false): Units {
  const writer = scratch;
  writer.clear();
  const units = unitsOf(text);
  for (let at = 0; at < text.length; at++) {
    const code = units[at] as number;
    if (isHighSurrogate(code)) {
      at = writeAstral(writer, text, at) - 1;
      continue;
    }
    const kind = kinds[code] || learn(code);
    if (kind > LAST_KIND) {
      if (code === HAMZA && isFinalHamza(text, at, writer)) writer.extend(at + 1);
      else writer.letter(kind, at, at + 1);
    } else if (kind === BLANK) writer.separate(BLANK);
    else if (kind <= LAST_OF_GAP) {
      const isSign = SIGNS.has(code);
      if (isSign && signsAsLetters) writer.letter(code, at, at + 1);
      else writer.separate(kind);
      if (isSign && !writer.hasSigns) writer.hasSigns = isSignInWord(text, at);
    } else if (kind === MARK) writer.extend(at + 1);
    else if (kind === SEVERAL) writeSeveral(writer, several.get(code) ?? '', at, at + 1);
  }
  writer.finish();
  return writer;
}

/** A copy that stays. */
export function keepUnits({ length, codes, starts, ends, edges, hasPieces, hasSigns }: Units): Units {
  return {
    length,
    hasPieces,
    hasSigns,
    codes: codes.slice(0, length),
    starts: starts.slice(0, length),
    ends: ends.slice(0, length),
    edges: edges.slice(0, length),
  };
}
