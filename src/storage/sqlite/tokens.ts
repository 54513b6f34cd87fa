import type { Actor } from '../../comments/comment.ts';
import type { Role, Token, TokenStore } from '../../staff/token.ts';
import type { Connections } from './comments.ts';

interface TokenRow {
  id: string;
  hash: string;
  name: string;
  role: Role;
  sites: string;
  hint: string;
  created_by: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface SqliteTokenStore extends TokenStore {
  /** Forgets what is kept in memory. */
  drop(): void;
}

/** Milliseconds between two notes that a token was used: a note is a write, and a call should not cost one. */
const TOUCH_EVERY = 60_000;

/** TokenStore on SQLite. A token is kept in memory once found: every moderator's call asks for one. */
export function createTokenStore({ db, commits }: Connections): SqliteTokenStore {
  const byId = db.prepare<[string], TokenRow>('SELECT * FROM tokens WHERE id = ?');
  const byHash = db.prepare<[string], TokenRow>('SELECT * FROM tokens WHERE hash = ?');
  const newest = db.prepare<[string], TokenRow>(tokenListSql());
  const known = new Map<string, Token>();

  function isIn(scope: string[] | null): (token: Token) => boolean {
    if (scope === null) return () => true;
    const allowed = new Set(scope);
    return (token) => token.sites.every((site) => allowed.has(site));
  }

  return {
    create: (token, audited) => commits.execute('createToken', { token, ...audited }),
    async findByHash(hash) {
      const kept = known.get(hash);
      if (kept) return kept;
      const row = byHash.get(hash);
      if (!row) return null;
      const token = tokenOf(row);
      known.set(hash, token);
      return token;
    },
    async find(id) {
      const row = byId.get(id);
      return row ? tokenOf(row) : null;
    },
    // All are read: the total is counted under the same scope, and tokens are few.
    async list({ scope, before, limit }) {
      const inScope = newest.all('~').map(tokenOf).filter(isIn(scope));
      const older = before === undefined ? inScope : inScope.filter((token) => token.id < before);
      return { items: older.slice(0, limit), total: inScope.length };
    },
    remove: (id, audited) => commits.execute('removeToken', { id, ...audited }),
    touch(id, at) {
      const row = byId.get(id);
      if (!row || (row.last_used_at !== null && at - row.last_used_at < TOUCH_EVERY)) return;
      const kept = known.get(row.hash);
      if (kept) known.set(row.hash, { ...kept, lastUsedAt: at });
      // Best effort: a note that fails is made again with the next call.
      commits.execute('touchToken', { id, at }).catch(() => known.delete(row.hash));
    },
    drop: () => known.clear(),
  };
}

/** Binds the id to begin before. */
export function tokenListSql(): string {
  return 'SELECT * FROM tokens WHERE id < ? ORDER BY id DESC';
}

function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    sites: JSON.parse(row.sites) as string[],
    hash: row.hash,
    hint: row.hint,
    createdBy: JSON.parse(row.created_by) as Actor,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
