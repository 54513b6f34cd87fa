/**
 * A number that tells a comment's tokens from others, in whatever order they come: how many there are, and the
 * sum of their hashes (FNV-1a, 32 bits). A comment has too few to leave the integers that a number holds exactly.
 */
export function fingerprintOf(tokens: Iterable<string>): number {
  let sum = 0;
  for (const token of tokens) sum += weightOf(token);
  return sum;
}

/** What one token adds to it. */
export function weightOf(token: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ token.charCodeAt(i), 0x01000193);
  return 2 ** 32 + (hash >>> 0);
}
