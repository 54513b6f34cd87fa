import type { Database } from 'better-sqlite3';
import type { Filter } from '../../../filters/filter.ts';
import { nameKeyOf } from '../../../filters/filter.ts';
import type { FilterChange } from '../../../filters/filter-store.ts';
import type { Audited } from '../../../moderation/audit.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';

/** The operations behind FilterStore. */
export function createFilters(db: Database) {
  const named = db.prepare<[string], string>('SELECT id FROM filters WHERE name_key = ?').pluck();
  const versionOf = db.prepare<[string], number>('SELECT version FROM filters WHERE id = ?').pluck();
  const insert = db.prepare<[string, string, number, string]>('INSERT INTO filters VALUES (?, ?, ?, ?)');
  const update = db.prepare<[string, number, string, string]>(
    'UPDATE filters SET name_key = ?, version = ?, body = ? WHERE id = ?',
  );
  const audit = createActWriter(db);
  const remove = db.prepare<[string]>('DELETE FROM filters WHERE id = ?');

  return {
    createFilter(context: BatchContext, { filter, act }: { filter: Filter } & Audited): boolean {
      const nameKey = nameKeyOf(filter.name);
      if (named.get(nameKey) !== undefined) return false;
      insert.run(filter.id, nameKey, filter.version, JSON.stringify(filter));
      audit({ act });
      context.invalidate({ kind: 'filters' });
      return true;
    },

    replaceFilter(
      context: BatchContext,
      { filter, expected, act }: { filter: Filter; expected: number } & Audited,
    ): FilterChange {
      const { id, name, version } = filter;
      const standing = versionOf.get(id);
      if (standing === undefined) return { replaced: false, why: 'gone' };
      if (standing !== expected) return { replaced: false, why: 'stale', version: standing };
      const nameKey = nameKeyOf(name);
      if ((named.get(nameKey) ?? id) !== id) return { replaced: false, why: 'taken' };
      update.run(nameKey, version, JSON.stringify(filter), id);
      audit({ act });
      context.invalidate({ kind: 'filters' });
      return { replaced: true };
    },

    removeFilter(context: BatchContext, { id, act }: { id: string } & Audited): boolean {
      const removed = remove.run(id).changes > 0;
      if (!removed) return false;
      audit({ act });
      context.invalidate({ kind: 'filters' });
      return true;
    },
  };
}
