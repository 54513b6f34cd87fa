import type { Comment, HistoryEntry, Report } from '../comments/comment.ts';
import { urlReference } from '../sites/site-store.ts';

/** A comment on its way out. */
export interface LeavingComment {
  comment: Comment;
  /** The id of the comment of another site that it is a copy of; null for one that is no copy. */
  formerId: string | null;
  /** The same of the comment that it answers. */
  parentFormerId: string | null;
}

/** What became of a comment. */
export interface LeavingPast {
  /** Oldest first. */
  history: HistoryEntry[];
  reports: Report[];
}

/** A stretch of something that is walked in its order. */
export interface Stretch {
  site: string;
  /** Strictly beyond it; '' for the first. */
  after: string;
  limit: number;
}

/** What an export reads: all of a site, in parts, each in one order whatever is written meanwhile. */
export interface ExportStore {
  /** Every comment of a site, deleted ones too, by id. `replyCount` may be behind. */
  walk(stretch: Stretch): Promise<LeavingComment[]>;
  /** What became of these comments, by their ids: few at a time, since each may have much. */
  pasts(ids: string[]): Promise<Map<string, LeavingPast>>;
  /** What leads to the site's pages, by itself or as an alias: references as in site-store.ts, each once. */
  walkReferences(stretch: Stretch): Promise<string[]>;
}

/** References and aliases, each in their order, as references in one order, without what stands in both. */
export function inOneOrder(references: string[], aliases: string[]): string[] {
  const joined = aliases.map(urlReference);
  const all: string[] = [];
  let [i, j] = [0, 0];
  while (i < references.length || j < joined.length) {
    const [own, alias] = [references[i], joined[j]];
    // Addresses are ASCII, and ids stand before all of them: here the order of units is that of bytes.
    const isOwn = alias === undefined || (own !== undefined && (own.startsWith('i:') || own <= alias));
    if (isOwn) i += 1;
    if (!isOwn || own === alias) j += 1;
    all.push((isOwn ? own : alias) as string);
  }
  return all;
}
