import { createUnitReader } from './units.ts';

/**
 * Folding by a table, unit by unit: for the letters, digits, signs and emoji that each fold by themselves, whatever
 * stands beside them. Most comments hold nothing else, and a table is ten times as quick as Unicode's normal forms.
 */

/** Units that it knows: no marks, and no letters that a mark after them would change beyond losing it. */
const KNOWN: readonly (readonly [from: number, to: number])[] = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x386, 0x3ce],
  [0x400, 0x45f],
  [0x60c, 0x60c],
  [0x61b, 0x61b],
  [0x61f, 0x64a],
  [0x660, 0x66d],
  [0x671, 0x6d3],
  [0x6d5, 0x6d5],
  [0x6f0, 0x6f9],
  [0x200b, 0x200f],
  [0x2013, 0x201f],
  [0x2022, 0x2022],
  [0x2026, 0x2026],
  [0xfe0f, 0xfe0f],
  [0xff01, 0xff5e],
];
/** Units known to stay as they are: Hebrew, boxes and pictures, kana, Han, Hangul. */
const STAYING: typeof KNOWN = [
  [0x5d0, 0x5ea],
  [0x2500, 0x27bf],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
];
/** Second units, after a first one, of pairs that stay as they are: flags, and U+1F300 to U+1FBEF. */
const PAIRS: readonly (readonly [first: number, from: number, to: number])[] = [
  [0xd83c, 0xdde6, 0xddff],
  [0xd83c, 0xdf00, 0xdfff],
  [0xd83d, 0xdc00, 0xdfff],
  [0xd83e, 0xdc00, 0xdfef],
];

/** In the table in place of a unit; 0 is not known. Controls of the same numbers are not, either. */
const NOTHING = 1;
const SEVERAL = 2;
const FIRST_OF_PAIR = 3;
const LEAST_UNIT = 4;
const SPACE = 0x20;

const staysAsPair = (one: number, other: number): boolean =>
  PAIRS.some(([first, from, to]) => one === first && other >= from && other <= to);

interface Table {
  /** By unit: what it folds to, or one of the signs above. */
  units: Uint16Array;
  /** Those that fold to several. */
  several: Map<number, string>;
}

function makeTable(fold: (text: string) => string): Table {
  const units = new Uint16Array(0x10000);
  const several = new Map<number, string>();
  for (const [first] of PAIRS) units[first] = FIRST_OF_PAIR;
  for (const [from, to] of STAYING) for (let code = from; code <= to; code++) units[code] = code;
  for (const [from, to] of KNOWN) {
    for (let code = from; code <= to; code++) {
      const folded = fold(String.fromCharCode(code)).replace(/\s/g, ' ');
      units[code] = folded === '' ? NOTHING : folded.length > 1 ? SEVERAL : folded.charCodeAt(0);
      if (folded.length > 1) several.set(code, folded);
    }
  }
  return { units, several };
}

/** What is folded is gathered here, by one text at a time. */
let gathered = new Uint16Array(1024);

/** What a unit folds to that is no single unit: it, or nothing; null where the table doesn't know. */
function foldRare({ units, several }: Table, code: number, next: number): string | null {
  const unit = units[code];
  if (unit === SEVERAL) return several.get(code) ?? '';
  if (unit === FIRST_OF_PAIR && staysAsPair(code, next)) return String.fromCharCode(code, next);
  return unit === NOTHING ? '' : null;
}

/**
 * Gathers what a text of so many units folds to; tells how many units that is, -1 where the table doesn't know.
 * Nothing is done after the loop: code that the loop leads to, and that never ran when the loop was made fast, throws
 * a long text's work back to slow code each time.
 */
function gather(table: Table, text: Uint16Array, length: number): number {
  const { units } = table;
  let count = 0;
  // White space is one space, and none begins a text.
  let last = SPACE;
  for (let at = 0; at < length; at++) {
    const code = text[at] as number;
    const unit = units[code] as number;
    if (unit >= LEAST_UNIT) {
      if (unit === SPACE && last === SPACE) continue;
      gathered[count++] = unit;
      last = unit;
      continue;
    }
    const folded = foldRare(table, code, text[at + 1] as number);
    if (folded === null) return -1;
    for (let i = 0; i < folded.length; i++) {
      const one = folded.charCodeAt(i);
      if (one === SPACE && last === SPACE) continue;
      gathered[count++] = one;
      last = one;
    }
    if (unit === FIRST_OF_PAIR) at += 1;
  }
  return count;
}

/**
 * Folds a text and its white space by a table that is made of `fold` when it is first asked for; null where the text
 * holds what the table doesn't know.
 */
export function createTableFold(fold: (text: string) => string): (text: string) => string | null {
  const unitsOf = createUnitReader();
  let table: Table | undefined;
  return (text) => {
    table ??= makeTable(fold);
    const most = 4 * text.length;
    if (gathered.length < most) gathered = new Uint16Array(most);
    const count = gather(table, unitsOf(text), text.length);
    if (count < 0) return null;
    const trimmed = count > 0 && gathered[count - 1] === SPACE ? count - 1 : count;
    return Buffer.from(gathered.buffer, 0, 2 * trimmed).toString('utf16le');
  };
}
