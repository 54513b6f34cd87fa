import { isStandIn, lookClasses, passesFor } from '../../text/looks.ts';
import type { Units } from './units.ts';
import { HYPHEN, isSeparator, POINT, SPACE, STOP } from './units.ts';

/**
 * Compares a term's writing with a place in a text, letter by letter. The tree finds places by classes of
 * letters that may look alike, each run of one class as one; whether they do here is decided here.
 */

let classes: Uint16Array | undefined;
/** By unit: its class. Everything between words is one class. */
export function unitClasses(): Uint16Array {
  if (!classes) {
    classes = lookClasses().slice();
    for (const separator of [STOP, HYPHEN, POINT]) classes[separator] = SPACE;
  }
  return classes;
}

/** A writing as the tree keeps it: classes, each run of one as one. */
export function classKey(writing: Uint16Array): Uint16Array {
  const table = unitClasses();
  return writing.map((unit) => table[unit] ?? 0).filter((unit, at, all) => at === 0 || unit !== all[at - 1]);
}

const SMALL_I = 0x69;
const SMALL_L = 0x6c;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
const isSmall = (letter: string): boolean => letter !== letter.toUpperCase();

/** `paypaI`: a capital I behind a small letter passes for an l. */
function isCapitalForL(units: Units, at: number, text: string): boolean {
  if (units.codes[at] !== SMALL_I) return false;
  const start = units.starts[at] ?? 0;
  return text.charAt(start) === 'I' && start > 0 && isSmall(text.charAt(start - 1));
}

type Likeness = 'same' | 'looks' | 'stands in' | null;

function likeness(units: Units, at: number, { letter, text }: { letter: number; text: string }): Likeness {
  const unit = units.codes[at] ?? 0;
  if (unit === letter) return 'same';
  if (isSeparator(unit)) return unit !== STOP && isSeparator(letter) ? 'same' : null;
  if (passesFor(unit, letter)) return isStandIn(unit) ? 'stands in' : 'looks';
  return letter === SMALL_L && isCapitalForL(units, at, text) ? 'looks' : null;
}

type Script = 'latin' | 'cyrillic' | 'greek' | 'other';
function scriptOf(unit: number): Script {
  if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0xc0 && unit < 0x2b0)) return 'latin';
  if (unit >= 0x400 && unit < 0x530) return 'cyrillic';
  return unit >= 0x370 && unit < 0x400 ? 'greek' : 'other';
}

/** Whether the text is written, in the main, in the script of that letter. */
function isAtHome(units: Units, at: number): boolean {
  const script = scriptOf(units.codes[at] ?? 0);
  let same = 0;
  let other = 0;
  for (const unit of units.codes.subarray(0, units.length)) {
    const its = scriptOf(unit);
    if (its === script) same += 1;
    else if (its !== 'other') other += 1;
  }
  return same > other;
}

/** Letters that a long run of one may stand for; a term of one letter is never stretched. */
const STRETCHED = 3;
const SHORTEST_DISGUISED = 3;
/** `viaagraa`: one letter doubled makes another word too often (`looser`), two of a word as long hardly ever. */
const FEWEST_DOUBLED = 2;
const SHORTEST_DOUBLED = 5;

function runLength(units: Units, at: number): number {
  const unit = units.codes[at] ?? 0;
  let end = at + 1;
  while (end < units.length && units.codes[end] === unit) end += 1;
  return end - at;
}

interface Alignment {
  same: number;
  looks: number;
  standIns: number;
  /** Letters of the term that stand there twice. */
  doubled: number;
}

/**
 * Where the writing ends when it begins at a place in the text, or -1 where it is not there. The text may
 * stretch a letter (three or more for the term's one or two), double several, and write some with letters that
 * look alike or digits and signs that stand in for them. A word wholly in letters of another script is a word of its
 * own in a text of that script: `сор` in a Russian text is not `cop`. A term with an open end may leave the second
 * of two letters to the rest of the word: `spam*` is in `spammer`.
 */
export function endOfWriting(
  units: Units,
  at: number,
  { writing, text, openEnd }: { writing: Uint16Array; text: string; openEnd: boolean },
): number {
  const found: Alignment = { same: 0, looks: 0, standIns: 0, doubled: 0 };
  let next = at;
  let endsDoubled = false;
  for (let letter = 0; letter < writing.length; ) {
    if (next >= units.length) return -1;
    const unit = units.codes[next] ?? 0;
    const run = units.codes[next + 1] === unit ? runLength(units, next) : 1;
    const stretched = run >= STRETCHED && writing.length > 1 && !isDigit(unit);
    const used = alike(units, next, { writing, letter, most: stretched ? run : 1, text, found });
    if (used === 0) return -1;
    letter += used;
    const doubled = run === 2 && writing[letter] !== writing[letter - 1] && !isDigit(unit);
    if (doubled) found.doubled += 1;
    endsDoubled = doubled && letter === writing.length;
    next += stretched || doubled ? run : 1;
  }
  if (openEnd && endsDoubled && found.doubled < FEWEST_DOUBLED) {
    found.doubled -= 1;
    next -= 1;
  }
  return isCredible(units, at, { found, length: writing.length }) ? next : -1;
}

interface Run {
  writing: Uint16Array;
  letter: number;
  most: number;
  text: string;
  found: Alignment;
}

/** How many letters of the writing, `most` at most and all of them one, the unit passes for. */
function alike(units: Units, at: number, { writing, letter, most, text, found }: Run): number {
  const how = likeness(units, at, { letter: writing[letter] ?? 0, text });
  if (how === null) return 0;
  let used = 0;
  while (used < most && writing[letter + used] === writing[letter]) {
    if (how === 'same') found.same += 1;
    else if (how === 'looks') found.looks += 1;
    else found.standIns += 1;
    used += 1;
  }
  return used;
}

function isCredible(
  units: Units,
  at: number,
  { found, length }: { found: Alignment; length: number },
): boolean {
  if (found.doubled > 0 && (found.doubled < FEWEST_DOUBLED || length < SHORTEST_DOUBLED)) return false;
  if (found.looks === 0 && found.standIns === 0) return true;
  if (length < SHORTEST_DISGUISED) return false;
  if (found.same > 0) return true;
  return found.standIns === 0 && !isAtHome(units, at);
}
