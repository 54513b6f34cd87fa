import { foldText } from '../../text/fold.ts';
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
  /** Of a term of several words that half-spaces may join. */
  joined: JoinedWords | null;
}

/** Words of a term as one, for texts that have half-spaces between them. */
export interface JoinedWords {
  writing: Uint16Array;
  /** The words as a text says them, folded, once its half-spaces are spaces. */
  apart: string;
}

const HALF_SPACE = /(?<=\p{L}\p{M}*)\u200c(?=\p{L})/gu;
const JOINABLE = /^[\p{Script=Arabic}\p{M}\u200c]+(?:\s+[\p{Script=Arabic}\p{M}\u200c]+)+$/u;

const spaced = (text: string): string => text.replace(HALF_SPACE, ' ');

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
  if (spaced(core) !== core) writings.push(lettersOf(readUnits(spaced(core))));
  return {
    text,
    openStart,
    openEnd,
    before: signsOf(core.slice(0, kept.starts[0])),
    after: signsOf(core.slice(kept.ends[kept.length - 1])),
    writings,
    joined: joinedWords(core),
  };
}

/** Who writes a space in the list means the word with a half-space, too; written together it may be another. */
function joinedWords(core: string): JoinedWords | null {
  if (!JOINABLE.test(core)) return null;
  return { writing: lettersOf(readUnits(core.replace(/\s/g, ''))), apart: foldText(spaced(core)) };
}

/** Whether a place of a text holds those words with a half-space wherever the list has a space. */
export const isJoinedByHalfSpaces = (place: string, { apart }: JoinedWords): boolean =>
  foldText(spaced(place)) === apart;

/** Two terms of one key match the same texts. */
export function termKey({ openStart, openEnd, before, after, writings }: Term): string {
  const letters = String.fromCharCode(...(writings[0] ?? []));
  return `${openStart ? '*' : ''}${before}\n${letters}\n${after}${openEnd ? '*' : ''}`;
}
