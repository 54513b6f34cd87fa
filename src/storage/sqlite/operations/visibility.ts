import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import { countChange, standingOf } from '../../../comments/counts.ts';
import { COMMENT_COLUMNS, type CommentRow, commentOf } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';

/** Carries a comment's `open` to those below it, in the same transaction. */
export interface Visibility {
  /** `from` has its new `open` already; it differs from the old one. */
  carry(from: Comment, context: BatchContext): void;
}

export function createVisibility(db: Database): Visibility {
  // Opening goes down through approved comments; closing reaches exactly those that were open.
  const below = (condition: string) =>
    db.prepare<[string], CommentRow>(
      `WITH RECURSIVE below (id) AS (
         SELECT id FROM comments INDEXED BY replies_of WHERE parent_id = ? AND ${condition}
         UNION ALL
         SELECT c.id FROM below JOIN comments AS c INDEXED BY replies_of ON c.parent_id = below.id WHERE ${condition}
       )
       SELECT ${COMMENT_COLUMNS.split(', ')
         .map((column) => `c.${column}`)
         .join(', ')}
       FROM below JOIN comments AS c ON c.id = below.id`,
    );
  const toOpen = below("status = 'approved' AND open = 0");
  const toClose = below('open = 1');
  const setOpen = db.prepare<[number, number, string]>(
    'UPDATE comments SET open = ?, shown = ? WHERE id = ?',
  );

  return {
    carry(from, context) {
      const rows = (from.open ? toOpen : toClose).all(from.id);
      for (const row of rows) {
        const comment = commentOf(row);
        const next: Comment = { ...comment, open: from.open };
        // A deleted one becomes a tombstone when the ledger writes that it has replies again.
        setOpen.run(Number(next.open), Number(next.open && next.deletedAt === null), row.id);
        const counted = countChange(comment, standingOf(comment), standingOf(next));
        if (counted) context.ledger.add(counted);
      }
    },
  };
}
