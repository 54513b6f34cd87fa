import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import { countChange, standingOf } from '../../../comments/counts.ts';
import { COMMENT_COLUMNS, type CommentRow, commentOf } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';

/** Carries a comment's `open` to those below it, in the same transaction. */
export interface Visibility {
  /** `from` has its new `open` already; it differs from the old one. Gives those that follow it. */
  carry(from: Comment, context: BatchContext): string[];
}

/**
 * Those below a comment that follow it; binds its id. Opening goes down through approved comments; closing
 * reaches exactly those that were open. The rows are joined crosswise, which fixes the order of the join:
 * left to itself the planner scans every comment for the few below.
 */
export function belowSql(way: 'open' | 'close'): string {
  const follows = way === 'open' ? "status = 'approved' AND open = 0" : 'open = 1';
  const columns = COMMENT_COLUMNS.split(', ').map((column) => `c.${column}`);
  return `WITH RECURSIVE below (id) AS (
      SELECT id FROM comments INDEXED BY replies WHERE parent_id = ? AND ${follows}
      UNION ALL
      SELECT c.id FROM below JOIN comments AS c INDEXED BY replies ON c.parent_id = below.id WHERE ${follows}
    )
    SELECT ${columns.join(', ')} FROM below CROSS JOIN comments AS c ON c.id = below.id`;
}

export function createVisibility(db: Database): Visibility {
  const toOpen = db.prepare<[string], CommentRow>(belowSql('open'));
  const toClose = db.prepare<[string], CommentRow>(belowSql('close'));
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
      return rows.map(({ id }) => id);
    },
  };
}
