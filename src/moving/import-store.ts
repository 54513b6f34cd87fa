import type { HistoryEntry, Report } from '../comments/comment.ts';
import type { Submission } from '../comments/comment-store.ts';
import type { Import, ImportProgress } from './import.ts';

/** What became of a comment before it came here. */
export interface ImportedPast {
  /** Oldest first. */
  history: HistoryEntry[];
  reports: Report[];
}

/** A comment that was made elsewhere, ready to be kept. Its parent is kept already, or stands before it. */
export interface ImportedComment extends Pick<Submission, 'comment' | 'page' | 'duplicateKey'>, ImportedPast {
  /** The id that its file gives it, where another site's comment has that: it is known by it all the same. */
  formerId: string | null;
}

/** What is known of a comment that an earlier part, or an earlier import, brought. */
export interface KnownComment {
  id: string;
  legacyId: string | null;
  createdAt: number;
  ancestors: string[];
  pageKey: string;
}

export interface KnownCopy extends KnownComment {
  formerId: string;
}

export interface ImportPart {
  /** At most MOST_IN_LARGE_PART. */
  comments: ImportedComment[];
  progress: ImportProgress;
  heldUntil: number;
}

/** So many keep no post waiting for long, and memory small: two parts are under way at once. */
export const MOST_IN_PART = 250;
/** So many where nobody posts: on SQLite most of the time goes into writing what each transaction has touched. */
export const MOST_IN_LARGE_PART = 1000;

/**
 * Where imports are kept, and the way of their comments into the store: counters move with them; there is no
 * event of each, so that nobody is told of old comments as if they were new.
 */
export interface ImportStore {
  /** Durable once fulfilled. */
  begin(one: Import): Promise<void>;
  find(id: string): Promise<Import | null>;
  /** Ids of those that are not at their end, oldest first. */
  unfinished(): Promise<string[]>;
  /**
   * Makes it the holder's where nobody else is at work on it: it is held until before `now`, or until much later than
   * this holder will have it, which a clock has said that was set back since. Null where somebody is, or it is at its end.
   */
  take(id: string, holder: string, until: { now: number; heldUntil: number }): Promise<Import | null>;
  /**
   * Keeps the comments with their histories and reports, each only where none of its id is there, and how far the
   * import is, in one step. What is there keeps its own history. A comment stands on its parent's page; it is open
   * where it is approved and its parent is open. Gives the ids of those that another import had brought meanwhile,
   * which `progress` counts as added: it is kept with them among those unchanged. Null, with nothing written, where it
   * is another's by now. Rejects with `site-not-found` for a site that was removed. Where it rejects otherwise or the
   * process ends, some may have been written: they are in `pending` then.
   */
  write(id: string, holder: string, part: ImportPart): Promise<string[] | null>;
  /**
   * Notes that the holder's try has met a fault, and gives the import as it is kept, with one more of `faults`; those
   * of `pending` that another import had brought are left out, as `take` does. Null where it is another's by now.
   */
  noteFault(id: string, holder: string): Promise<Import | null>;
  /** Those of the legacy ids that comments of the site have, deleted ones too. */
  findLegacy(site: string, legacyIds: string[]): Promise<KnownComment[]>;
  /** Those that were brought as copies of the comments of these ids. */
  findCopies(site: string, formerIds: string[]): Promise<KnownCopy[]>;
}
