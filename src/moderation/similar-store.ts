import type { Likeness } from '../text/likeness.ts';

/** A comment whose near copies are asked for. */
export interface AskedLikeness extends Likeness {
  id: string;
  site: string;
}

/**
 * Finds near copies (text/likeness.ts): comments of the same site, of every status, that are not deleted and
 * share `enough` keys with the one asked for, which is not among them. An index is filled behind the posts;
 * what it lacks is looked through beside it, the newest couple of thousand at least.
 */
export interface SimilarStore {
  /** How many each has, no further than `cap`. */
  count(asked: AskedLikeness[], cap: number): Promise<number[]>;
  /** Their ids, newest first, at most `limit`. */
  list(asked: AskedLikeness, limit: number): Promise<string[]>;
}
