import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import type { Token } from '../../../staff/token.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';

/** The operations behind TokenStore. */
export function createTokens(db: Database) {
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO tokens (id, hash, name, role, sites, hint, created_by, created_at, expires_at, last_used_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare<[string]>('DELETE FROM tokens WHERE id = ?');
  const audit = createActWriter(db);
  const touch = db.prepare<[number, string]>('UPDATE tokens SET last_used_at = ? WHERE id = ?');

  return {
    createToken(context: BatchContext, { token, act }: { token: Token } & Audited): void {
      const { id, hash, name, role, sites, hint, createdBy, createdAt, expiresAt, lastUsedAt } = token;
      const actor = JSON.stringify(createdBy);
      insert.run(id, hash, name, role, JSON.stringify(sites), hint, actor, createdAt, expiresAt, lastUsedAt);
      audit({ act });
      context.invalidate({ kind: 'tokens' });
    },

    removeToken(context: BatchContext, { id, act }: { id: string } & Audited): boolean {
      const removed = remove.run(id).changes > 0;
      if (!removed) return false;
      audit({ act });
      context.invalidate({ kind: 'tokens' });
      return true;
    },

    touchToken(_: BatchContext, { id, at }: { id: string; at: number }): void {
      touch.run(at, id);
    },
  };
}
