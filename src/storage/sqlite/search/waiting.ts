import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import type { KeptWords } from '../../../moderation/kept-words.ts';
import { BOUND_LIMIT, COMMENT_COLUMNS, type CommentRow, commentOf } from '../rows.ts';

/** A comment that the index does not have as it is, with the words that it is found by now. */
export interface WaitingComment {
  n: number;
  comment: Comment;
  /** See wordLines. */
  words: string;
}

const QUALIFIED = COMMENT_COLUMNS.split(', ')
  .map((column) => `c.${column}`)
  .join(', ');

/** Reads what waits to be filled in; null where that is more than `most`. */
export function createWaiting(db: Database, wordsOf: KeptWords): (most: number) => WaitingComment[] | null {
  const numbers = db.prepare<[number], number>(`SELECT n FROM search_todo LIMIT ${BOUND_LIMIT}`).pluck();
  const byNumber = db.prepare<[number], CommentRow & { title: string | null }>(
    `SELECT ${QUALIFIED}, pages.title FROM comments AS c
     LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key WHERE n = ?`,
  );
  return (most) => {
    const found = numbers.all(most + 1);
    if (found.length > most) return null;
    return found.flatMap((n) => {
      const row = byNumber.get(n);
      if (!row) return [];
      const comment = commentOf(row);
      return [{ n, comment, words: wordsOf(comment, row.title) }];
    });
  };
}
