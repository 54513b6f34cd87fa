import type { Database, Statement } from 'better-sqlite3';
import { type CommentCommand, newDuplicateKey } from '../../../comments/commands.ts';
import type { Comment } from '../../../comments/comment.ts';
import { duplicateHash } from '../duplicate-hash.ts';
import { type Bound, changedColumns, isShown } from '../rows.ts';

interface Updated {
  current: Comment;
  next: Comment;
  command: CommentCommand;
}

/**
 * Writes the columns that changed and no others: a decision leaves alone the indexes that it does not
 * concern. Reply counts are the ledger's.
 */
export function createCommentUpdate(db: Database): (updated: Updated) => void {
  const statements = new Map<string, Statement<Bound[]>>();
  return ({ current, next, command }) => {
    const changed = changedColumns(current, next).filter(([column]) => column !== 'reply_count');
    const shown = isShown(next);
    if (shown !== isShown(current)) changed.push(['shown', Number(shown)]);
    const duplicateKey = newDuplicateKey(command);
    if (duplicateKey !== null) {
      changed.push(['duplicate_key', duplicateKey], ['duplicate_hash', duplicateHash(duplicateKey)]);
    }
    if (changed.length === 0) return;
    const sql = `UPDATE comments SET ${changed.map(([column]) => `${column} = ?`).join(', ')} WHERE id = ?`;
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare<Bound[]>(sql);
      statements.set(sql, statement);
    }
    statement.run(...changed.map(([, value]) => value), next.id);
  };
}
