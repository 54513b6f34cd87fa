/** What a reader says of a comment. 0 takes back what they said. */
export const VOTE_VALUES = [1, 0, -1] as const;
export type VoteValue = (typeof VOTE_VALUES)[number];
export interface Votes {
  up: number;
  down: number;
}

/** Readers of one address that count on one comment. */
export const MOST_OF_ADDRESS = 20;
/** Readers that are kept on one comment: those beyond get the usual answer and change nothing. */
export const MOST_VOTERS = 20_000;
/** Of a reader's votes, those on the newest comments of the site that `of` looks at. */
export const MOST_OF_READER = 1000;

/** Who votes, by keyed hashes (see votes.ts): `reader` holds for the site, `address` for the comment alone. */
export interface Vote {
  commentId: string;
  site: string;
  reader: string;
  address: string;
  value: VoteValue;
}

/** Readers' votes. */
export interface VoteStore {
  /**
   * Sets a reader's vote and moves the comment's counts in one atomic step; a reader counts once, whatever
   * arrives at once. One beyond the limits above changes nothing. The counts after it, or null where the
   * comment is not visible. Raises no version.
   */
  cast(vote: Vote): Promise<Votes | null>;
  /** The reader's votes on the page's visible comments, by comment. */
  of(reader: { site: string; reader: string }, pageKey: string): Promise<Map<string, VoteValue>>;
}
