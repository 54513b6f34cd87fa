import type { Units } from './units.ts';
import { keepUnits, readUnits } from './units.ts';

/** A term of a list, read once. */
export interface Term {
  /** As the list has it. */
  text: string;
  /** Whether it may begin, and end, inside a word: a `*` stood there. */
  openStart: boolean;
  openEnd: boolean;
  /** Signs before the first and behind the last letter, which must stand in the text as well: `#tag`, `c++`. */
  before: string;
  after: string;
  /** Its letters, digits and the gaps between its words; a second writing where it has half-spaces. */
  writings: Uint16Array[];
}

const HALF_SPACE = /(?<=\p{L}\p{M}*)\u200c(?=\p{L})/gu;

const signsOf = (text: string): string =>
  text.replace(/[\s\p{Default_Ignorable_Code_Point}\p{M}\u0640]/gu, '');
const lettersOf = (units: Units): Uint16Array => units.codes.slice(0, units.length);

/** Reads a term; null where it holds no letter and no digit, so that it could match nothing or everything. */
export function readTerm(text: string): Term | null {
  const openStart = text.startsWith('*');
  const openEnd = text.endsWith('*');
  const core = text.replace(/^\*+|\*+$/g, '');
  const units = readUnits(core);
  if (units.length === 0) return null;
  const kept = keepUnits(units);
  const writings = [lettersOf(kept)];
  // Who writes a half-space in the list means the word however it is joined: together (as it is stored by
  // then) or with a space.
  const spaced = core.replace(HALF_SPACE, ' ');
  if (spaced !== core) writings.push(lettersOf(readUnits(spaced)));
  return {
    text,
    openStart,
    openEnd,
    before: signsOf(core.slice(0, kept.starts[0])),
    after: signsOf(core.slice(kept.ends[kept.length - 1])),
    writings,
  };
}

/** Two terms of one key match the same texts. */
export function termKey({ openStart, openEnd, before, after, writings }: Term): string {
  const letters = String.fromCharCode(...(writings[0] ?? []));
  return `${openStart ? '*' : ''}${before}\n${letters}\n${after}${openEnd ? '*' : ''}`;
}
