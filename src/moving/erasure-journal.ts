export const ERASE_MODES = ['anonymise', 'delete'] as const;
export type EraseMode = (typeof ERASE_MODES)[number];

/**
 * What was erased, apart from the data, so that it can be erased once more where an older state of the data comes
 * back. It holds pseudonyms and ids, which say nothing to whoever has not the secret; never an address.
 */
export interface ErasureJournal {
  /** Adds at the end. Durable once fulfilled. Rejects with `store-unavailable`. */
  append(record: ErasureRecord): Promise<void>;
  /** In their order; a line that was cut off by a crash is left out. */
  records(): AsyncIterable<ErasureRecord>;
}

export type ErasureRecord = PersonErasure | ErasureEnd | CommentErasure;

/** Somebody is being taken out; written before the first of it. */
export interface PersonErasure {
  kind: 'person';
  id: string;
  /** Milliseconds since 1970, as of the others. */
  at: number;
  mode: EraseMode;
  people: { site: string; key: string }[];
}

/** It is through. */
export interface ErasureEnd {
  kind: 'end';
  id: string;
  at: number;
}

/** A comment that its author took away. */
export interface CommentErasure {
  kind: 'comment';
  id: string;
  at: number;
}
