import type { IdentitySecret, IdentityStore } from '../../authors/identity-store.ts';
import type { Connections } from './comments.ts';

/** IdentityStore on SQLite. */
export function createIdentityStore({ db, commits }: Connections): IdentityStore {
  const secretOf = db.prepare<[string], { secret: string; previous: string | null }>(
    'SELECT secret, previous FROM identity_secrets WHERE site = ?',
  );
  const keysOf = db
    .prepare<[string], string>(
      'SELECT author_key FROM identity_links WHERE email_key = ? ORDER BY author_key',
    )
    .pluck();
  const isLinked = db
    .prepare<[string, string], number>('SELECT 1 FROM identity_links WHERE email_key = ? AND author_key = ?')
    .pluck();

  return {
    async secretOf(site) {
      const row = secretOf.get(site);
      if (!row) return null;
      const previous =
        row.previous === null ? null : (JSON.parse(row.previous) as IdentitySecret['previous']);
      return { secret: row.secret, previous };
    },
    keepSecret: (site, next, on) => commits.execute('keepIdentitySecret', { site, next, ...on }),
    async link(link) {
      // Nearly every time it is known.
      if (isLinked.get(link.emailKey, link.key) === undefined) await commits.execute('linkIdentity', link);
    },
    keysOf: async (emailKey) => keysOf.all(emailKey),
    unlink: (author) => commits.execute('unlinkIdentity', author),
  };
}
