import type { Actor } from '../comments/comment.ts';
import { CLOCKS_DIFFER_MS } from '../requests/limit-store.ts';

export const MOST_LEASE_SECONDS = 3600;

/**
 * A comment that one moderator has for a while, so that no other gets it too. It counts only while `until`
 * is in the future and the comment has still the version it was claimed at: a decision, an edit or a
 * deletion ends it without a second write. One that ends later than any that is taken now is of a clock that was set
 * back since, and has run out as well. It never keeps anybody from deciding.
 */
export interface Claim {
  commentId: string;
  site: string;
  by: Actor;
  /** Milliseconds since 1970. */
  until: number;
  version: number;
}

/** Between which moments a claim ends that has not run out. */
export const runningUntil = (now: number): { after: number; latest: number } => ({
  after: now,
  latest: now + MOST_LEASE_SECONDS * 1000 + CLOCKS_DIFFER_MS,
});

/** Where claims are kept. `now` and `until` are the caller's clock, in milliseconds since 1970. */
export interface ClaimStore {
  /**
   * Takes those that nobody has: without a claim, with one that ran out, or with one at a lower version (it
   * was ended by what raised the version). In order, until `most` are taken. Gives the ids taken; of many at
   * once exactly one gets each.
   */
  take(claims: Claim[], options: { now: number; most: number }): Promise<string[]>;
  /** Claims of these comments that have not run out; whether the version still is theirs, the comment says. */
  of(ids: string[], now: number): Promise<Claim[]>;
  /** All of one person's that have not run out, by comment id. */
  heldBy(actorId: string, now: number): Promise<Claim[]>;
  /** Everybody's that have not run out, in any order. */
  running(now: number): Promise<Claim[]>;
  /** Puts off their end. Gives the ids of those that were still this person's. */
  renew(actorId: string, ids: string[], times: { now: number; until: number }): Promise<string[]>;
  /** Gives them back. Gives the ids of those that were still this person's. */
  release(actorId: string, ids: string[], now: number): Promise<string[]>;
}
