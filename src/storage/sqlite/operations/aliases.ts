import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import type { Alias, Page } from '../../../sites/site.ts';
import type { AliasResult } from '../../../sites/site-store.ts';
import { urlReference } from '../../../sites/site-store.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';
import { createMoves } from './moves.ts';
import type { OperationParts } from './parts.ts';

export interface RemoveAliasArgs extends Audited {
  /** The page that the alias's address is from now on, where it has to be one. */
  own: Page;
}

export interface AddAliasArgs extends Audited {
  alias: Alias;
  target: Page;
}

interface AliasRow {
  page: string;
  moved_key: string | null;
}

/** Nothing was done: what an alias before it took along comes first. */
export const WAITS = 'waits';

/**
 * The operations behind SiteStore.addAlias and removeAlias, and the steps in which comments go along. An alias
 * that finds comments of its site on their way, or no room left in its batch, waits, and those after it do too:
 * what it joins, parts or points elsewhere stands where the ones before have left it.
 */
export function createAliases(db: Database, { pages, search }: OperationParts) {
  const { lookup } = pages;
  const { moves, operations } = createMoves(db, search);
  const todo = createDirectoryTodo(db);
  const audit = createActWriter(db);
  const find = db.prepare<[string, string], AliasRow>(
    'SELECT page, moved_key FROM aliases WHERE site = ? AND alias = ?',
  );
  const write = db.prepare<(string | number | null)[]>(
    `INSERT INTO aliases (site, alias, id, page, created_at, moved_key) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, alias) DO UPDATE
     SET id = excluded.id, page = excluded.page, created_at = excluded.created_at, moved_key = excluded.moved_key`,
  );
  const led = db.prepare<[string, string], string>(ledSql()).pluck();
  const isLedTo = db.prepare<[string, string], 1>(isLedToSql()).pluck();
  const remove = db.prepare<[string, string]>('DELETE FROM aliases WHERE site = ? AND alias = ?');
  const setMovedTo = db.prepare<[string | null, string, string]>(
    'UPDATE pages SET moved_to = ? WHERE site = ? AND key = ?',
  );
  const mustWait = (site: string, { room }: BatchContext): boolean => room.left <= 0 || moves.areOpen(site);

  function leadsBack({ site, alias, page }: Alias): boolean {
    for (let url: string | undefined = page; url !== undefined; url = lookup.aliasTarget(site, url)) {
      if (url === alias) return true;
    }
    return false;
  }

  /**
   * Has the pages that other aliases led to this address, one over the other, stand where it leads now; themselves
   * where that is no page. What came to one that stood alone goes along.
   */
  function leadOthers(site: string, address: string, context: BatchContext): void {
    const end = lookup.byReference(site, urlReference(address))?.key ?? null;
    for (const key of led.all(address, site)) {
      const before = lookup.byKey(site, key)?.moved_to ?? null;
      const next = end === key ? null : end;
      if (next === before) continue;
      if (before === null && next !== null) moves.begin({ site, from: key, to: next }, context);
      setMovedTo.run(next, site, key);
      todo.page(site, key);
    }
  }

  return {
    ...operations,

    addAlias(context: BatchContext, { alias, target, act }: AddAliasArgs): AliasResult | typeof WAITS {
      const { site } = alias;
      if (mustWait(site, context)) return WAITS;
      const before = find.get(site, alias.alias);
      if (before?.page === alias.page) return { result: 'unchanged' };
      if (leadsBack(alias)) return { result: 'loop' };
      // Where the way leads now: the caller may have read the target before another alias led it on.
      const known = lookup.byReference(site, urlReference(alias.page));
      const placed = pages.place(target);
      if (!known) pages.settle(placed, context);
      const { key } = known ?? placed;
      const own = lookup.ownKey(site, urlReference(alias.alias));
      const standsAlone = own !== undefined && lookup.byKey(site, own)?.moved_to === null;
      const joins = standsAlone && own !== key ? own : null;
      const movedKey = joins ?? before?.moved_key ?? null;
      const moved = joins === null ? 0 : moves.begin({ site, from: joins, to: key }, context);
      if (movedKey !== null && movedKey !== key) {
        setMovedTo.run(key, site, movedKey);
        todo.page(site, movedKey);
      }
      todo.page(site, key);
      write.run(site, alias.alias, alias.id, alias.page, alias.createdAt, movedKey);
      leadOthers(site, alias.alias, context);
      audit({ act });
      context.invalidate({ kind: 'site', site });
      return { result: 'added', moved };
    },

    removeAlias(context: BatchContext, { own, act }: RemoveAliasArgs): boolean | typeof WAITS {
      const { site } = own;
      const alias = own.url ?? '';
      if (mustWait(site, context)) return WAITS;
      const row = find.get(site, alias);
      if (!row) return false;
      remove.run(site, alias);
      audit({ act });
      if (row.moved_key !== null) {
        setMovedTo.run(null, site, row.moved_key);
        todo.page(site, row.moved_key);
      }
      // A way that ended at no page would leave what is written at its other addresses where nobody looks for it.
      if (isLedTo.get(site, alias) !== undefined) {
        const placed = pages.place(own);
        pages.settle(placed, context);
        todo.page(site, placed.key);
      }
      leadOthers(site, alias, context);
      context.invalidate({ kind: 'site', site });
      return true;
    },
  };
}

/** Whether an alias leads to an address; binds site and address. */
export const isLedToSql = (): string =>
  'SELECT 1 FROM aliases INDEXED BY aliases_leading WHERE site = ? AND page = ? LIMIT 1';

/**
 * The pages that aliases leading to an address, one over the other, have joined to another; binds address and site.
 * Ends: an alias that would lead in a circle is refused, and what is there already is not come to again.
 */
export function ledSql(): string {
  return `WITH RECURSIVE way (url, key) AS (
      SELECT ?, NULL
      UNION SELECT alias, moved_key FROM way CROSS JOIN aliases INDEXED BY aliases_leading
        ON site = ? AND page = way.url
    )
    SELECT key FROM way WHERE key IS NOT NULL`;
}
