import type { Comment } from '../comments/comment.ts';

/** A comment whose near copies are asked for, as far as its keys depend on it. One without a text has none. */
export type AskedLikeness = Pick<Comment, 'id' | 'site' | 'text' | 'revision'>;

/**
 * Finds near copies (text/likeness.ts): comments of the same site, of every status, that are not deleted and
 * share enough keys with the one asked for, which is not among them. An index is filled behind the posts;
 * what it lacks is looked through beside it, the newest couple of hundred at least.
 */
export interface SimilarStore {
  /** How many each has, no further than `cap`. A page of a list is asked for in one go. */
  count(asked: AskedLikeness[], cap: number): Promise<number[]>;
  /** Their ids, newest first, at most `limit`. */
  list(asked: AskedLikeness, limit: number): Promise<string[]>;
}
