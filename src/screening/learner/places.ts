/** A hash is cut to so many bits. */
const TABLE_BITS = 17;
export const TABLE_SIZE = 1 << TABLE_BITS;
const MASK = TABLE_SIZE - 1;

const PRIME = 0x01000193;

/** FNV-1a, by units. */
export const step = (hash: number, code: number): number => Math.imul(hash ^ code, PRIME);

/** Spreads a hash over all its bits: the last steps of MurmurHash3, which is in the public domain. */
export function placeOf(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & MASK;
}

/** Places gathered, each once. One for the process: nothing waits while it is in use. */
let gathered = new Int32Array(4096);
let count = 0;
/** A bit a place, 16 KB: what is looked up for every feature stays in the processor's nearest cache. */
const seen = new Int32Array(TABLE_SIZE / 32);

/** Takes in the place of a hash, where it was not yet. */
export function add(hash: number): void {
  const place = placeOf(hash);
  const bits = seen[place >>> 5] as number;
  const bit = 1 << (place & 31);
  if ((bits & bit) !== 0) return;
  seen[place >>> 5] = bits | bit;
  if (count === gathered.length) {
    const wider = new Int32Array(count * 2);
    wider.set(gathered);
    gathered = wider;
  }
  gathered[count++] = place;
}

/** The places taken in since the last call, in their order. */
export function taken(): Int32Array {
  const places = gathered.slice(0, count);
  seen.fill(0);
  count = 0;
  return places;
}
