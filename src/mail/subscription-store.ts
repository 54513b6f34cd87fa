/** A reader's wish for mail about answers to one of their comments. */
export interface Subscription {
  commentId: string;
  site: string;
  /** The author's pseudonym on the site: whoever has one address there is one reader. */
  reader: string;
  /** Sealed, as in the comment. */
  email: string;
  createdAt: number;
  /** When the reader said by mail that the wish is theirs; null: not yet, and nothing but that question is sent. */
  confirmedAt: number | null;
}

/** Where readers' wishes for mail are kept. Writes are durable once fulfilled. */
export interface SubscriptionStore {
  /**
   * Adds one; a second one of the comment changes nothing. It is confirmed at once where another of the same reader
   * is: who owns an address is asked once.
   */
  add(subscription: Omit<Subscription, 'confirmedAt'>): Promise<void>;
  /** Those of the comments that have one, in any order. */
  ofComments(commentIds: string[]): Promise<Subscription[]>;
  /** A reader's, by comment, strictly behind `after` where given. */
  ofReader(query: { reader: string; after?: string; limit: number }): Promise<Subscription[]>;
  /** Confirms all of a reader's; how many were not yet. */
  confirm(reader: string, at: number): Promise<number>;
  /** Takes away those of the comments; how many there were. */
  remove(commentIds: string[]): Promise<number>;
  /** Takes away all of a reader's; how many there were. */
  removeReader(reader: string): Promise<number>;
  /** Takes away a part of those that were made before and never confirmed; true while there is more. */
  trim(before: number): Promise<boolean>;
}
