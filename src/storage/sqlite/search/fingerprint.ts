import { beginningsOf } from './tokens.ts';

/**
 * A number that tells what the index has of a comment from anything else, in whatever order it comes: how many words
 * and beginnings of words there are, and the sum of their hashes (FNV-1a, 32 bits). A comment has too few to leave
 * the integers that a number holds exactly.
 */
export function fingerprintOf(tokens: readonly string[]): number {
  let sum = 0;
  const beginnings = new Set<string>();
  for (const token of tokens) {
    sum += weightOf(token);
    for (const beginning of beginningsOf(token)) beginnings.add(beginning);
  }
  for (const beginning of beginnings) sum += weightOf(beginning, BEGINNING);
  return sum;
}

const WORD = 0x811c9dc5;
/** Where hashes of beginnings start, so that one weighs other than the word of the same letters. */
export const BEGINNING = 0x050c5d1f;

/** What one word, or one beginning, adds to it. */
export function weightOf(token: string, start = WORD): number {
  let hash = start;
  for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ token.charCodeAt(i), 0x01000193);
  return 2 ** 32 + (hash >>> 0);
}
