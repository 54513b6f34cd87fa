import type { CommentStatus } from '../comments/comment.ts';

/** Statuses in which a site may keep comments for a while only. */
export const FADING = ['spam', 'trash', 'rejected'] as const satisfies readonly CommentStatus[];
export type FadingStatus = (typeof FADING)[number];

/** A comment that stands in a status, and since when. */
export interface AgedComment {
  id: string;
  version: number;
  /** When it came into its status; its making where it has been in it from the beginning. */
  since: number;
  /** It came from elsewhere in that status: since when it is here, no row says. */
  isImported: boolean;
}

export interface AgedQuery {
  site: string;
  status: FadingStatus;
  /** Exclusive id; '' from the beginning. */
  after: string;
  /** Exclusive id. */
  before: string;
  limit: number;
}

/**
 * What looking for what is kept long enough takes of a store. Every list is walked by id along an index that the
 * moderators' queue has, so that keeping for a while costs no post anything.
 */
export interface RetentionStore {
  /** Whether this instance may work on it now: one at a time, for some seconds from each call. */
  hold(): Promise<boolean>;
  /** Lets another instance have it at once. */
  release(): Promise<void>;
  /** What was last kept under a name; null where nothing was. */
  mark(name: string): Promise<string | null>;
  /** Durable once fulfilled. */
  setMark(name: string, value: string): Promise<void>;
  /** Oldest first; deleted ones never. */
  aged(query: AgedQuery): Promise<AgedComment[]>;
  /**
   * Of the next `limit` comments of the site that are not deleted, oldest first: the ids of those that have an
   * address, and the last one that was looked at, null where there was none.
   */
  addressed(query: Omit<AgedQuery, 'status'>): Promise<{ ids: string[]; last: string | null }>;
  /** When the site's newest import ended (dry runs are none); Infinity while one is under way, null without any. */
  lastImport(site: string): Promise<number | null>;
  /** Takes the site's oldest audit entries whose ids are below `before` away, at most `limit`; how many there were. */
  trimAudit(query: { site: string; before: string; limit: number }): Promise<number>;
}
