import type { Database } from 'better-sqlite3';
import type { BatchContext } from './batch-context.ts';

/** The oldest entries of a site; binds the site, the id they are below, how many at most. */
export const trimmedAuditSql = (): string =>
  'SELECT id FROM audit INDEXED BY audit_site WHERE site = ? AND id < ? ORDER BY id LIMIT +?';

/** The operations behind RetentionStore. */
export function createRetention(db: Database) {
  const mark = db.prepare<[string, string]>(
    'INSERT INTO retention (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const oldest = db.prepare<[string, string, number], string>(trimmedAuditSql()).pluck();
  const remove = db.prepare<[string]>('DELETE FROM audit WHERE id = ?');
  return {
    markRetention(_: BatchContext, { name, value }: { name: string; value: string }): void {
      mark.run(name, value);
    },
    trimAudit(
      context: BatchContext,
      { site, before, limit }: { site: string; before: string; limit: number },
    ): number {
      const ids = oldest.all(site, before, limit);
      for (const id of ids) remove.run(id);
      if (ids.length > 0) context.erased();
      return ids.length;
    },
  };
}
