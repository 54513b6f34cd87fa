import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { ShownComment } from '../../../comments/comment-store.ts';
import { SHOWN_COLUMNS, type ShownRow, shownOf } from './shown-rows.ts';

/**
 * By what a comment is seen to be as it was: its version rises with every change of its text, author or status,
 * and the rest changes without. That it is open goes without saying in readers' lists.
 */
export const OUTLINE_COLUMNS = `comments.rowid, comments.id, comments.version, comments.reply_count,
  comments.votes_up, comments.votes_down, comments.pinned`;

export type OutlineRow = [
  rowid: number,
  id: string,
  version: number,
  replyCount: number,
  votesUp: number,
  votesDown: number,
  pinned: number,
];

/**
 * The comments of pages' first lists, which are read anew after each write to their page: of one that did not
 * change only its outline is read, and the same object is given again, frozen, so that what was made of it serves
 * again too. In memory only so many.
 */
export interface KeptComments {
  /** The page of a comment that is kept; undefined of another. */
  pageOf(id: string): string | undefined;
  /** The comments of a page's rows, in their order. The rows and what is read of them must be of one snapshot. */
  shownOf(pageKey: string, rows: OutlineRow[]): ShownComment[];
  forget(id: string): void;
}

interface Kept {
  outline: OutlineRow;
  comment: ShownComment;
}

/** Bytes, as `weightOf` reckons them: some thousands of comments. */
const MOST_BYTES = 12 * 1024 * 1024;
/** Bytes of a comment that its text does not account for. */
const OVERHEAD = 600;

/** Text and HTML in two bytes a character, and once more in the JSON that is made of them. */
const weightOf = ({ comment: { text, html } }: Kept): number =>
  OVERHEAD + 4 * ((text?.length ?? 0) + (html?.length ?? 0));

export function createKeptComments(db: Database): KeptComments {
  const kept = new LRUCache<string, Kept>({ maxSize: MOST_BYTES, sizeCalculation: weightOf });
  const whole: Statement<[number], ShownRow> = db.prepare(keptCommentSql());
  whole.raw();

  function read(outline: OutlineRow): ShownComment[] {
    const row = whole.get(outline[0]);
    if (!row) return [];
    const comment = shownOf(row);
    Object.freeze(comment.author);
    kept.set(comment.id, { outline, comment: Object.freeze(comment) });
    return [comment];
  }

  return {
    pageOf: (id) => kept.peek(id)?.comment.pageKey,
    shownOf: (pageKey, rows) =>
      rows.flatMap((outline) => {
        const known = kept.get(outline[1]);
        const isAsItWas = known?.comment.pageKey === pageKey && isSame(known.outline, outline);
        return isAsItWas ? known.comment : read(outline);
      }),
    forget: (id) => void kept.delete(id),
  };
}

/** Binds a comment's rowid. */
export const keptCommentSql = (): string => `SELECT ${SHOWN_COLUMNS} FROM comments WHERE rowid = ?`;

function isSame(one: OutlineRow, other: OutlineRow): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
