import type { Audited } from '../moderation/audit.ts';
import type { Batch } from '../moderation/batch-store.ts';
import type { Spoken, StandingRecord } from './standing.ts';

/**
 * Where people's words on authors are kept, and the directory of authors. Who an author is stands in their
 * comments; the directory is filled behind, and brought up to date before it is read: what was written
 * through this instance is in it, and of other instances what a second ago was.
 */
export interface AuthorStore {
  /** Every record of the site, by author key; from memory. Those that ended or were taken back are among them. */
  standings(site: string): Promise<ReadonlyMap<string, StandingRecord>>;
  /** One author's record, set or taken back; null where nobody ever said anything. Read from the store. */
  findStanding(key: string): Promise<StandingRecord | null>;
  /**
   * Writes the record where the version that stands is still `expected` (1 where there is none); else that version.
   * With it begins the batch that it brings, which is this instance's to carry out (see BatchStore.begin). `spoken` is
   * what its event says where no person does.
   */
  setStanding(
    record: StandingRecord,
    expected: number,
    brings?: { batch?: Batch; spoken?: Spoken } & Audited,
  ): Promise<{ set: true } | { set: false; version: number }>;

  /**
   * Keeps a record that was made elsewhere, where there is none of the author yet: whatever was said here stays. No
   * event tells of it. Whether it was kept.
   */
  bringStanding(record: StandingRecord): Promise<boolean>;

  /** Forgets what people said of the author, with what they noted then, and the author's entry of the directory. */
  forget(author: { site: string; key: string }): Promise<void>;

  /** The names of each author's newest approved comments, newest first, `limit` of each at most. */
  approvedNames(query: {
    site: string;
    keys: string[];
    limit: number;
  }): Promise<Map<string, (string | null)[]>>;

  /** The author's entry of the directory; null where no comment ever had that key. */
  find(key: string): Promise<AuthorEntry | null>;
  /** At most `limit` entries in the order of `sort`, strictly beyond `from`. */
  list(query: AuthorQuery): Promise<AuthorEntry[]>;
  /** How many `list` would find over all pages, counted no further than `cap`. */
  count(filter: AuthorFilter, cap: number): Promise<number>;
}

/** An author as their comments on one site tell it. Deleted comments tell nothing. */
export interface AuthorEntry {
  site: string;
  key: string;
  /** Of the newest comment. */
  name: string | null;
  url: string | null;
  /** Sealed, of the newest comment; see email.ts. */
  email: string | null;
  /** Every name of the newest comments, as written, newest first, each once. */
  names: string[];
  /** Milliseconds since 1970; null where no comment is left. */
  firstAt: number | null;
  lastAt: number | null;
  /** The newest comment's id; '' where none is left. */
  lastId: string;
  /** Of every status. */
  comments: number;
  approved: number;
  rejected: number;
  spam: number;
  /** Of the newest approved comments, those under the newest name, folded. */
  approvedUnderName: number;
}

export type AuthorSort = 'recent' | 'comments' | 'rejected';

/** A place in a list: the author, and what orders it: the newest comment's id, or a number. */
export interface AuthorPosition {
  key: string;
  value: string | number;
}

export interface AuthorFilter {
  /** The sites the caller may see; [] finds nothing. */
  sites: string[];
  /** The words that a name must hold, each in one of its writings (see text/words.ts). Undefined: any name. */
  words?: string[][][];
  /** These authors only, also such as have no comment left. */
  only?: string[];
  /** None of these. */
  without?: string[];
  /** Known by their comments (`known`), or not (`new`), by each site's own measure. */
  trust?: { is: 'new' | 'known'; measures: ReadonlyMap<string, TrustMeasure> };
}

/** A site's `policy.trust`. */
export interface TrustMeasure {
  approvals: number;
  maxRejectedShare: number;
}

export interface AuthorQuery extends AuthorFilter {
  sort: AuthorSort;
  from?: AuthorPosition;
  limit: number;
}

/** How many of an author's newest comments are asked for their names. */
export const NAMES_FROM = 100;

/** What orders an entry in a list. */
export function sortValueOf(entry: AuthorEntry, sort: AuthorSort): string | number {
  return sort === 'recent' ? entry.lastId : entry[sort];
}
