import type { Database } from 'better-sqlite3';
import type { Session } from '../../../staff/moderator.ts';

/** The rows of `sessions`, for the operations of staff.ts. */
export function createSessions(db: Database) {
  const insert = db.prepare<[string, string, number, number]>(
    'INSERT INTO sessions (hash, moderator_id, created_at, seen_at) VALUES (?, ?, ?, ?)',
  );
  const hashes = db
    .prepare<[string], string>('SELECT hash FROM sessions WHERE moderator_id = ? ORDER BY created_at DESC')
    .pluck();
  const touch = db.prepare<[number, string]>('UPDATE sessions SET seen_at = max(seen_at, ?) WHERE hash = ?');
  const remove = db.prepare<[string, string]>('DELETE FROM sessions WHERE hash = ? AND moderator_id = ?');

  return {
    begin(moderatorId: string, { hash, createdAt, seenAt }: Session): void {
      insert.run(hash, moderatorId, createdAt, seenAt);
    },
    touch: (hash: string, at: number): boolean => touch.run(at, hash).changes > 0,
    end(moderatorId: string, hash: string): void {
      remove.run(hash, moderatorId);
    },
    endAllBut(moderatorId: string, kept: string[]): void {
      for (const hash of hashes.all(moderatorId)) if (!kept.includes(hash)) remove.run(hash, moderatorId);
    },
    /** Keeps the newest so many. */
    endBeyond(moderatorId: string, most: number): void {
      for (const hash of hashes.all(moderatorId).slice(most)) remove.run(hash, moderatorId);
    },
  };
}
