import type { Units } from './units.ts';
import { HYPHEN, isSeparator, POINT, WORD_END, WORD_START } from './units.ts';

/** Words that may be one, written apart (`s p a m`, `vi-agra`), as one run of units without what parts them. */
export interface Joined {
  units: Units;
  /** Whether the units from `start` to before `end` are to be read as one word. */
  isWord(start: number, end: number): boolean;
}

/** Signs and spaces between two letters of a word that is spelt out, in UTF-16 units. */
const WIDEST_GAP = 4;
const FEWEST_SPELT = 3;
const FEWEST_LETTERS = 3;

interface Token {
  start: number;
  end: number;
}

function tokensOf(units: Units): Token[] {
  const tokens: Token[] = [];
  for (let at = 0, start = 0; at <= units.length; at++) {
    if (at < units.length && !isSeparator(units.codes[at] ?? 0)) continue;
    if (at > start) tokens.push({ start, end: at });
    start = at + 1;
  }
  return tokens;
}

const isLetter = ({ start, end }: Token): boolean => end - start === 1;
const isTight = (gap: number): boolean => gap === HYPHEN || gap === POINT;

function chainsOf(units: Units, tokens: Token[]): Token[][] {
  const chains: Token[][] = [];
  let chain: Token[] = [];
  for (const token of tokens) {
    const last = chain.at(-1);
    const distance = last ? (units.starts[token.start] ?? 0) - (units.ends[last.end - 1] ?? 0) : 0;
    const spelt = last && isLetter(last) && isLetter(token) && distance <= WIDEST_GAP;
    if (last && (spelt || isTight(units.codes[last.end] ?? 0))) {
      chain.push(token);
      continue;
    }
    if (chain.length > 1) chains.push(chain);
    chain = [token];
  }
  return chain.length > 1 ? [...chains, chain] : chains;
}

function joinChain(units: Units, chain: Token[]): Joined {
  const length = chain.reduce((sum, { start, end }) => sum + end - start, 0);
  const joined: Units = {
    length,
    codes: new Uint16Array(length),
    starts: new Int32Array(length),
    ends: new Int32Array(length),
    edges: new Uint8Array(length),
    hasPieces: false,
    hasSigns: false,
  };
  const tokenAt = new Int32Array(length);
  let to = 0;
  for (const [index, { start, end }] of chain.entries()) {
    for (let at = start; at < end; at++, to++) {
      joined.codes[to] = units.codes[at] ?? 0;
      joined.starts[to] = units.starts[at] ?? 0;
      joined.ends[to] = units.ends[at] ?? 0;
      joined.edges[to] = (at === start ? WORD_START : 0) | (at === end - 1 ? WORD_END : 0);
      tokenAt[to] = index;
    }
  }
  const gaps = chain.map(({ end }) => units.codes[end] ?? 0);
  const singles = chain.map(isLetter);

  function isWord(start: number, end: number): boolean {
    const first = tokenAt[start] ?? 0;
    const last = tokenAt[end - 1] ?? 0;
    const joints = last - first;
    if (joints === 0 || end - start < FEWEST_LETTERS) return false;
    if (!joined.codes.subarray(start, end).some((unit) => unit > 0x39)) return false;
    if (joints + 1 >= FEWEST_SPELT && singles.slice(first, last + 1).every(Boolean)) return true;
    // A word in pieces stands between signs as a whole: `co-worker` holds no `cow`.
    if (!((joined.edges[start] ?? 0) & WORD_START) || !((joined.edges[end - 1] ?? 0) & WORD_END))
      return false;
    const between = gaps.slice(first, last);
    // One full stop without a space is more often the end of a sentence.
    return between.every((gap) => gap === HYPHEN) || (joints > 1 && between.every(isTight));
  }
  return { units: joined, isWord };
}

/** Every chain of words that may be one. */
export function joinApart(units: Units): Joined[] {
  return units.hasPieces ? chainsOf(units, tokensOf(units)).map((chain) => joinChain(units, chain)) : [];
}
