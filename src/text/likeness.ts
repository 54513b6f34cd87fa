import { foldText } from './fold.ts';
import { createUnitReader } from './units.ts';

/**
 * By what near copies of a text are found: two texts of one site are near copies where they share `enough`
 * keys. A longer text has eight keys, each made of three of the least hashes of its runs of five letters
 * (MinHash with banding: Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4), so
 * that of texts alike in nine of ten runs nearly all are found, in six of ten half, in three of ten two in
 * a hundred. A short one has one key, all its letters: it has no copy but its equals.
 */
export interface Likeness {
  /** Whole numbers below 2^53. Those of one site are never those of another. */
  keys: number[];
  enough: number;
}

/** Letters and digits from which on a text is known by its runs. */
const LONG = 40;
/** Letters of a run: one changed word touches few of them, and two texts on one subject share few. */
const RUN = 5;
const BANDS = 8;
const ROWS = 3;
const ENOUGH = 2;
const HASHES = BANDS * ROWS;

const PRIME = 0x01000193;
const LETTER = /^[\p{L}\p{M}\p{N}]/u;
const HIGH = 2 ** 21;

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash;
}

/** Spreads a hash over all its bits: the last steps of MurmurHash3, which is in the public domain. */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const SALTS = Int32Array.from({ length: HASHES }, (_, i) => spread(i + 1));
const FACTORS = Int32Array.from({ length: HASHES }, (_, i) => spread(i + 0x9e3779b9) | 1);
/** Of the text under way: nothing waits while they are in use. */
const least = new Uint32Array(HASHES);
let hashes = new Int32Array(4096);

const keyOf = (high: number, low: number): number => (spread(high) % HIGH) * 2 ** 32 + spread(low);

/** By UTF-16 unit whether it is a letter or digit; 0 where nobody has asked yet. */
const kinds = new Uint8Array(0x10000);
const IS_LETTER = 1;
const IS_NONE = 2;
const isFirstOfPair = (code: number): boolean => (code & 0xfc00) === 0xd800;

const unitsOf = createUnitReader();
/** The letters and digits of the text under way. */
let letters = new Uint16Array(4096);

/** Takes the letters and digits out of a folded text; tells how many UTF-16 units they are. */
function takeLetters(folded: string): number {
  if (letters.length < folded.length) letters = new Uint16Array(2 * folded.length);
  const units = unitsOf(folded);
  let count = 0;
  for (let at = 0; at < folded.length; at++) {
    const code = units[at] as number;
    if (isFirstOfPair(code)) {
      const character = String.fromCodePoint(folded.codePointAt(at) as number);
      if (!LETTER.test(character)) continue;
      letters[count++] = code;
      letters[count++] = units[++at] as number;
      continue;
    }
    let kind = kinds[code] as number;
    if (kind === 0) {
      kind = LETTER.test(String.fromCharCode(code)) ? IS_LETTER : IS_NONE;
      kinds[code] = kind;
    }
    if (kind === IS_LETTER) letters[count++] = code;
  }
  return count;
}

/** The least value that each hash has over all runs of so many letters taken. */
function leastOf(length: number): Uint32Array {
  const runs = length - RUN + 1;
  if (hashes.length < runs) hashes = new Int32Array(2 * runs);
  for (let start = 0; start < runs; start++) {
    let run = 0x811c9dc5;
    for (let i = start; i < start + RUN; i++) run = Math.imul(run ^ (letters[i] as number), PRIME);
    hashes[start] = spread(run);
  }
  for (let i = 0; i < HASHES; i += ROWS) leastOfRows(runs, i);
  return least;
}

/** Turns the order of unsigned numbers into that of signed ones: those stay whole numbers of the processor. */
const TURNED = 0x80000000 | 0;

/** The least values of a band: all its rows in one pass over the runs. */
function leastOfRows(runs: number, from: number): void {
  const [salt0, salt1, salt2] = [SALTS[from] as number, SALTS[from + 1] as number, SALTS[from + 2] as number];
  const [by0, by1, by2] = [FACTORS[from] as number, FACTORS[from + 1] as number, FACTORS[from + 2] as number];
  let [least0, least1, least2] = [0x7fffffff, 0x7fffffff, 0x7fffffff];
  for (let run = 0; run < runs; run++) {
    const hash = hashes[run] as number;
    const value0 = Math.imul(hash ^ salt0, by0) ^ TURNED;
    const value1 = Math.imul(hash ^ salt1, by1) ^ TURNED;
    const value2 = Math.imul(hash ^ salt2, by2) ^ TURNED;
    if (value0 < least0) least0 = value0;
    if (value1 < least1) least1 = value1;
    if (value2 < least2) least2 = value2;
  }
  least[from] = least0 ^ TURNED;
  least[from + 1] = least1 ^ TURNED;
  least[from + 2] = least2 ^ TURNED;
}

/** How many of its keys a near copy of a text shares, told from the keys alone. */
export const enoughOf = (keys: readonly number[]): number => (keys.length === BANDS ? ENOUGH : 1);

/** Of a text as it is stored. */
export function likenessOf(site: string, text: string): Likeness {
  const folded = foldText(text);
  const length = takeLetters(folded);
  const ofSite = hashOf(site, 0x811c9dc5);
  if (length < LONG) {
    // Of signs alone the signs are what is said.
    const whole = length === 0 ? folded : String.fromCharCode(...letters.subarray(0, length));
    return { keys: [keyOf(hashOf(whole, ofSite), hashOf(whole, spread(ofSite)))], enough: 1 };
  }
  const values = leastOf(length);
  const keys = Array.from({ length: BANDS }, (_, band) => {
    let [high, low] = [hashOf(`${band}`, ofSite), hashOf(`${band}`, spread(ofSite))];
    for (let i = band * ROWS; i < (band + 1) * ROWS; i++) {
      high = spread(Math.imul(high ^ (values[i] as number), PRIME));
      low = spread(Math.imul(low, PRIME) ^ (values[i] as number));
    }
    return keyOf(high, low);
  });
  return { keys, enough: ENOUGH };
}
