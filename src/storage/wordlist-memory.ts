import { LRUCache } from 'lru-cache';
import type { Wordlist } from '../screening/wordlist-store.ts';

/** A site that has no lists is kept as such, too: every post asks. */
export const NONE = 'none';

/** With what is built of it for matching a term takes half a kilobyte or more. */
const MOST_TERMS_KEPT = 1_000_000;

const weightOf = (list: Wordlist | typeof NONE): number =>
  list === NONE ? 1 : 1 + list.hold.length + list.reject.length;

type WordlistMemory = LRUCache<string, Wordlist | typeof NONE>;

/**
 * Word lists in use, by site. Weighed by their terms: as many full lists as there may be sites would not go into
 * memory, and sites without any, be they thousands, push out none that are dear to build.
 */
export const createWordlistMemory = (maxSize = MOST_TERMS_KEPT): WordlistMemory =>
  new LRUCache({ maxSize, sizeCalculation: weightOf });
