import type { Difference } from '../comments/difference.ts';
import type { Stores } from '../deps.ts';
import type { LimitStore } from '../requests/limit-store.ts';

/** What changed, for everything that is kept in memory. */
export type Change =
  | { kind: 'page'; site: string; pageKey: string }
  | { kind: 'site'; site: string }
  | { kind: 'tokens' }
  | { kind: 'filters' }
  | { kind: 'wordlist'; site: string }
  | { kind: 'standings'; site: string }
  /** Lessons were taken back that no later one supersedes. */
  | { kind: 'lessons'; site: string };

/** `everything`: what was read of the store before may be of a past that never was. */
export type Invalidation = Change | { kind: 'everything' };

/** One opened store: every port, and what operating it takes. Each adapter's index file opens one. */
export interface Storage extends Stores {
  limits: LimitStore;

  /** The wrapped data key; null in a new store. */
  readDataKey(): Promise<string | null>;
  /** Writes it where none is (`expected` null) or where `expected` stands; false where another was faster. */
  writeDataKey(wrapped: string, expected: string | null): Promise<boolean>;

  /**
   * Compares everything that is kept beside the comments with the comments themselves, and mends it where
   * `repair` says so: counters, places in threads, reply counts, visibility, and whatever else the store keeps for
   * its lists. In parts, so that memory stays small. What is under way is no difference.
   */
  verify(options: { repair: boolean }): AsyncIterable<Difference>;

  /**
   * Calls the listener for every change that may alter a public answer, after the commit and before the
   * writer's promise is fulfilled for writes through this instance, within 1 s for those of others. Where what was
   * read may have been lost, that everything may have changed is told before anything is read anew.
   */
  onInvalidation(listener: (change: Invalidation) => void): void;
  /** Rejects with `store-unavailable` while the store can't be read and written. */
  ready(): Promise<void>;
  /** Called once when the store can't go on (its writer died): the process must exit. */
  onFatal(listener: (error: Error) => void): void;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}
