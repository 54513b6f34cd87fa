import type { Database } from 'better-sqlite3';
import type { IdentitySecret } from '../../../authors/identity-store.ts';
import type { Audited } from '../../../moderation/audit.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';

export interface KeepSecretArgs extends Audited {
  site: string;
  next: IdentitySecret;
  expected: string | null;
}

/** The operations behind IdentityStore. */
export function createIdentities(db: Database) {
  const standing = db.prepare<[string], string>('SELECT secret FROM identity_secrets WHERE site = ?').pluck();
  const keep = db.prepare<[string, string, string | null]>(
    `INSERT INTO identity_secrets (site, secret, previous) VALUES (?, ?, ?)
     ON CONFLICT (site) DO UPDATE SET secret = excluded.secret, previous = excluded.previous`,
  );
  const link = db.prepare<[string, string, string]>(
    'INSERT INTO identity_links (site, email_key, author_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const unlink = db.prepare<[string]>('DELETE FROM identity_links WHERE author_key = ?');
  const audit = createActWriter(db);
  return {
    keepIdentitySecret(_: BatchContext, { site, next, expected, act }: KeepSecretArgs): boolean {
      if ((standing.get(site) ?? null) !== expected) return false;
      keep.run(site, next.secret, next.previous && JSON.stringify(next.previous));
      audit({ act });
      return true;
    },
    linkIdentity(
      _: BatchContext,
      { site, emailKey, key }: { site: string; emailKey: string; key: string },
    ): void {
      link.run(site, emailKey, key);
    },
    unlinkIdentity(context: BatchContext, { key }: { site: string; key: string }): void {
      unlink.run(key);
      context.erased();
    },
  };
}
