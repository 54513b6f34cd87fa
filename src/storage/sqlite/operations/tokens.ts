import type { Database } from 'better-sqlite3';
import type { Token } from '../../../staff/token.ts';
import type { BatchContext } from './batch-context.ts';

/** The operations behind TokenStore. */
export function createTokens(db: Database) {
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO tokens (id, hash, name, role, sites, hint, created_by, created_at, expires_at, last_used_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare<[string]>('DELETE FROM tokens WHERE id = ?');
  const touch = db.prepare<[number, string]>('UPDATE tokens SET last_used_at = ? WHERE id = ?');

  return {
    createToken(context: BatchContext, token: Token): void {
      const { id, hash, name, role, sites, hint, createdBy, createdAt, expiresAt, lastUsedAt } = token;
      const actor = JSON.stringify(createdBy);
      insert.run(id, hash, name, role, JSON.stringify(sites), hint, actor, createdAt, expiresAt, lastUsedAt);
      context.invalidate({ kind: 'tokens' });
    },

    removeToken(context: BatchContext, id: string): boolean {
      const removed = remove.run(id).changes > 0;
      if (removed) context.invalidate({ kind: 'tokens' });
      return removed;
    },

    touchToken(_: BatchContext, { id, at }: { id: string; at: number }): void {
      touch.run(at, id);
    },
  };
}
