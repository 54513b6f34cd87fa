import type { Random } from './random.ts';

/** Keys of a longer text: see src/text/likeness.ts. */
const KEYS = 8;

/**
 * The keys of so many texts of a site, few that others have, too, and many: some by chance, some since they are
 * copies.
 */
export function keyedTexts({ between, pick }: Random, count: number, site: string): number[][] {
  // Keys of one site are never those of another.
  const salt = 1e9 * site.length;
  const oneOf = (most: number): number => salt + between(0, between(0, most)) + 0.5;
  const made: number[][] = [];
  for (let i = 0; i < count; i++) {
    const kind = between(1, 20);
    if (kind <= 5 && i > 0) made.push(pick(made).map((key) => (between(1, 8) > 1 ? key : salt + 1e6 + i)));
    else if (kind <= 8) made.push([oneOf(20)]);
    // Bands: no two texts have a key in common but in the same place.
    else made.push(Array.from({ length: KEYS }, (_, band) => 1e4 * (band + 1) + oneOf(pick([60, 5000]))));
  }
  return made;
}

/** Of each text whether another shares enough of its keys, told by every pair. */
export function nearAmong(texts: number[][]): boolean[] {
  const shared = (one: number[], other: number[]): number => one.filter((key) => other.includes(key)).length;
  return texts.map((one, i) =>
    texts.some((other, j) => i !== j && shared(one, other) >= (one.length === KEYS ? 2 : 1)),
  );
}
