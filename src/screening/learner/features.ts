import { foldText } from '../../text/fold.ts';
import { createUnitReader } from '../../text/units.ts';
import { add, placeOf, step, taken } from './places.ts';

/**
 * What a comment is known by, as places in a model's tables: hashes of its words and their beginnings, of pairs of
 * words, of how it is written, and of runs of three to five characters. Each once, however often it stands there.
 */
export interface Features {
  /** Words, pairs of words, signs and orthography. */
  words: Int32Array;
  /** Runs of characters; of a long text those of its beginning and end. */
  runs: Int32Array;
}

/** What of a comment is learnt from, as it is shown: the author's own address is masked in it. */
export interface LearntText {
  text: string;
  url: string | null;
}

/** Characters whose runs are looked at, from either end: what a long text is about its words tell. */
const RUNS_HEAD = 1200;
const RUNS_TAIL = 400;
/** Words are known by so many letters, too: `subscribe` and `subscribers` are of one kind. */
const STEM = 4;

const SPACE = 0x20;
/** One seed for each kind of feature: a word and a run of the same letters are two things. */
const KINDS = {
  stem: 0x3c6ef372,
  pair: 0x5bd1e995,
  sign: 0x2545f491,
  written: 0x1b873593,
  run: 0x165667b1,
  url: 0x7f4a7c15,
  host: 0x2c1b3c6d,
} as const;

/** Of a UTF-16 unit: of a word, white space, or a sign; 0 where nobody has asked yet. */
const WORD = 1;
const WHITE = 2;
const SIGN = 3;
const KIND = 3;
/** Those that orthography counts apart. */
const CAPITAL = WORD | 4;
const DIGIT = WORD | 8;
const LINE = WHITE | 4;
const TRAITS = 16;
const unitTraits = new Uint8Array(0x10000);
const WORD_UNIT = /[\p{L}\p{M}\p{N}_]/u;

function traitFor(unit: string): number {
  if (unit >= 'A' && unit <= 'Z') return CAPITAL;
  if (unit >= '0' && unit <= '9') return DIGIT;
  if (unit === '\n') return LINE;
  return WORD_UNIT.test(unit) ? WORD : /\s/.test(unit) ? WHITE : SIGN;
}

function traitOf(code: number): number {
  const known = unitTraits[code] as number;
  if (known !== 0) return known;
  const trait = traitFor(String.fromCharCode(code));
  unitTraits[code] = trait;
  return trait;
}

const unitsOf = createUnitReader();

/** The pair that the last word makes with the end. */
function addLast(before: number, seed: number): void {
  add(step(step(seed ^ KINDS.pair, before), 0));
}

/** Words, their beginnings, each with the word before it, and signs; gives the last word's hash. */
function addWords(folded: string, seed: number): number {
  const units = unitsOf(folded);
  let hash = seed;
  let stem = 0;
  let length = 0;
  let before = 0;
  for (let at = 0; at <= folded.length; at++) {
    const code = at < folded.length ? (units[at] as number) : SPACE;
    const kind = traitOf(code) & KIND;
    if (kind === WORD) {
      hash = step(hash, code);
      length += 1;
      if (length === STEM) stem = hash;
      continue;
    }
    if (length > 0) {
      add(hash);
      if (length > STEM) add(stem ^ KINDS.stem);
      add(step(step(seed ^ KINDS.pair, before), hash));
      before = hash;
      hash = seed;
      length = 0;
    }
    if (kind === SIGN) {
      // What is beyond the first plane is one sign of two units.
      const isPair = code >= 0xd800 && code < 0xdc00;
      const sign = step(seed ^ KINDS.sign, code);
      add(isPair ? step(sign, units[++at] as number) : sign);
    }
  }
  // Nothing more is done here: see gather in text/table-fold.ts.
  return before;
}

/** How much of something there is, coarsely: 0, then one more for each doubling. */
const magnitude = (amount: number): number => (amount <= 0 ? 0 : 1 + Math.floor(Math.log2(amount)));

const LINK = /https?:|www\.|\.[a-z]{2,3}\//;
/** The name of a host, with a path or by a common ending, also where its dot stands apart. */
const HOST = /\. ?(?:[a-z]{2,3}\/|(?:com|net|org|info|biz|ir|ru|xyz|top|shop|site|online)(?![a-z0-9]))/;

/** Units of each trait, of the text under way. */
const counted = new Int32Array(TRAITS);

/** Counts the units of a text by their traits; tells the longest run of one and the same. */
function countUnits(text: string): number {
  const units = unitsOf(text);
  counted.fill(0);
  let run = 0;
  let longest = 0;
  let last = -1;
  for (let at = 0; at < text.length; at++) {
    const code = units[at] as number;
    const trait = traitOf(code);
    counted[trait] = (counted[trait] as number) + 1;
    run = code === last ? run + 1 : 1;
    if (run > longest) longest = run;
    last = code;
  }
  return longest;
}

const countOf = (trait: number): number => counted[trait] as number;

/** How it is written: what a person sees before reading a word. */
function addOrthography({ text, url }: LearntText, folded: string, seed: number): void {
  const longest = countUnits(text);
  const capitals = countOf(CAPITAL);
  const digits = countOf(DIGIT);
  const lines = countOf(LINE);
  const letters = countOf(WORD) + capitals + digits;
  const spaces = countOf(WHITE) + lines;
  const signs = countOf(SIGN);
  const hasHost = HOST.test(folded);
  const written = [
    magnitude(text.length),
    magnitude(spaces),
    letters === 0 ? 11 : Math.round((8 * capitals) / letters),
    magnitude(digits),
    Math.min(longest, 5),
    text.length === 0 ? 11 : Math.round((10 * signs) / text.length),
    Number(LINK.test(folded)) + 2 * Number(hasHost),
    magnitude(lines),
    Number(url !== null),
  ];
  for (const [what, amount] of written.entries()) add(step(step(seed ^ KINDS.written, what + 1), amount));
  // By itself, too; that there is none says nothing by itself, as no trait of almost every text does.
  if (hasHost) add(seed ^ KINDS.host);
}

function addRuns(text: string, seed: number): void {
  const units = unitsOf(text);
  const end = text.length;
  for (let at = 0; at + 2 < end; at++) {
    const two = step(step(seed, units[at] as number), units[at + 1] as number);
    const three = step(two, units[at + 2] as number);
    add(three ^ 3);
    if (at + 3 >= end) continue;
    const four = step(three, units[at + 3] as number);
    add(four ^ 4);
    if (at + 4 < end) add(step(four, units[at + 4] as number) ^ 5);
  }
}

/**
 * The features of a comment. `seed` is the installation's own: nobody outside can work out which words share a
 * place.
 */
export function featuresOf(comment: LearntText, seed: number): Features {
  const folded = foldText(comment.text);
  addLast(addWords(folded, seed), seed);
  addOrthography(comment, folded, seed);
  if (comment.url !== null) addLast(addWords(foldText(comment.url), seed ^ KINDS.url), seed ^ KINDS.url);
  const words = taken();
  if (folded.length <= RUNS_HEAD + RUNS_TAIL) addRuns(` ${folded} `, seed ^ KINDS.run);
  else {
    addRuns(` ${folded.slice(0, RUNS_HEAD)}`, seed ^ KINDS.run);
    addRuns(`${folded.slice(-RUNS_TAIL)} `, seed ^ KINDS.run);
  }
  return { words, runs: taken() };
}

/** The places of one word and of its beginning, as `featuresOf` finds them in a text; of one folded word. */
export function placesOfWord(folded: string, seed: number): number[] {
  let hash = seed;
  let stem: number | null = null;
  for (let at = 0; at < folded.length; at++) {
    hash = step(hash, folded.charCodeAt(at));
    if (at + 1 === STEM && folded.length > STEM) stem = hash;
  }
  return stem === null ? [placeOf(hash)] : [placeOf(hash), placeOf(stem ^ KINDS.stem)];
}
