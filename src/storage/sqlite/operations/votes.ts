import type { Database } from 'better-sqlite3';
import type { Vote, Votes, VoteValue } from '../../../comments/vote-store.ts';
import { MOST_OF_ADDRESS, MOST_VOTERS } from '../../../comments/vote-store.ts';
import type { BatchContext } from './batch-context.ts';

/** Binds comment and address: how many readers of it are kept on the comment. */
export function votersOfAddressSql(): string {
  return 'SELECT count(*) FROM votes INDEXED BY votes_address WHERE comment_id = ? AND address = ?';
}

/** Binds the comment: how many readers are kept on it. */
export function votersSql(): string {
  return 'SELECT count(*) FROM votes INDEXED BY votes_address WHERE comment_id = ?';
}

interface VotedRow extends Votes {
  page_key: string;
}

/** The operation behind VoteStore.cast. */
export function createVotes(db: Database) {
  const voted = db.prepare<[string], VotedRow>(
    `SELECT page_key, votes_up AS up, votes_down AS down FROM comments
     WHERE id = ? AND open = 1 AND deleted_at IS NULL`,
  );
  const mine = db
    .prepare<[string, string], VoteValue>('SELECT value FROM votes WHERE comment_id = ? AND reader = ?')
    .pluck();
  const ofAddress = db.prepare<[string, string], number>(votersOfAddressSql()).pluck();
  const all = db.prepare<[string], number>(votersSql()).pluck();
  const put = db.prepare<[string, string, string, number]>(
    `INSERT INTO votes (comment_id, reader, address, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (comment_id, reader) DO UPDATE SET value = excluded.value`,
  );
  const remove = db.prepare<[string, string]>('DELETE FROM votes WHERE comment_id = ? AND reader = ?');
  const count = db.prepare<[number, number, string]>(
    'UPDATE comments SET votes_up = ?, votes_down = ? WHERE id = ?',
  );

  const hasRoom = ({ commentId, address }: Vote): boolean =>
    (ofAddress.get(commentId, address) ?? 0) < MOST_OF_ADDRESS && (all.get(commentId) ?? 0) < MOST_VOTERS;

  return {
    castVote(context: BatchContext, vote: Vote): Votes | null {
      const { commentId, site, reader, address, value } = vote;
      const row = voted.get(commentId);
      if (!row) return null;
      const { page_key: pageKey, up, down } = row;
      const before = mine.get(commentId, reader) ?? 0;
      if (before === value || (before === 0 && !hasRoom(vote))) return { up, down };
      if (value === 0) remove.run(commentId, reader);
      else put.run(commentId, reader, address, value);
      const after: Votes = {
        up: up + Number(value === 1) - Number(before === 1),
        down: down + Number(value === -1) - Number(before === -1),
      };
      count.run(after.up, after.down, commentId);
      context.invalidate({ kind: 'page', site, pageKey });
      return after;
    },
  };
}
