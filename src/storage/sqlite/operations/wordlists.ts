import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import type { Wordlist } from '../../../screening/wordlist-store.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';

export interface ReplaceWordlistArgs extends Audited {
  list: Wordlist;
  expected: number;
}

/** The operation behind WordlistStore.replace. */
export function createWordlists(db: Database) {
  const versionOf = db
    .prepare<[string], number>(
      `SELECT coalesce(wordlists.version, 0) FROM sites LEFT JOIN wordlists ON wordlists.site = sites.id
       WHERE sites.id = ? AND sites.body IS NOT NULL`,
    )
    .pluck();
  const write = db.prepare<[string, number, string]>(
    `INSERT INTO wordlists (site, version, body) VALUES (?, ?, ?)
     ON CONFLICT (site) DO UPDATE SET version = excluded.version, body = excluded.body`,
  );

  const audit = createActWriter(db);

  return {
    replaceWordlist(
      context: BatchContext,
      { list, expected, act }: ReplaceWordlistArgs,
    ): { replaced: true } | { replaced: false; version: number | null } {
      const version = versionOf.get(list.site) ?? null;
      if (version !== expected) return { replaced: false, version };
      write.run(list.site, list.version, JSON.stringify(list));
      audit({ act });
      context.invalidate({ kind: 'wordlist', site: list.site });
      return { replaced: true };
    },
  };
}
