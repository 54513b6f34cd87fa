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

  /** The alias that joined the page of an address to another. */
  function joinedBy(site: string, url: string): string | undefined {
    const key = lookup.ownKey(site, urlReference(url));
    return key === undefined ? undefined : lookup.joinedBy(site, key);
  }

  /** Whether the way from the alias's page, over the pages that other aliases joined too, leads through the alias. */
  function leadsBack({ site, alias, page }: Alias): boolean {
    const seen = new Set<string>();
    let url = page;
    while (url !== alias && !seen.has(url)) {
      seen.add(url);
      const further = lookup.aliasTarget(site, url);
      const next = further ?? joinedBy(site, url);
      // What the alias joined so far is itself again first.
      if (next === undefined || (further === undefined && next === alias)) return false;
      url = next;
    }
    return true;
  }

  /**
   * Has the alias's own page, and those that other aliases led to this address, one over the other, stand where it
   * leads now. What came to one that stood alone goes along; says how much of it the own page's is.
   */
  function lead(site: string, address: string, own: string | null, context: BatchContext): number {
    let moved = 0;
    for (const key of new Set([...(own === null ? [] : [own]), ...led.all(address, site)])) {
      const before = lookup.byKey(site, key)?.moved_to ?? null;
      const end = lookup.endOf(site, key)?.key ?? key;
      const next = end === key ? null : end;
      if (next === before) continue;
      if (before === null && next !== null) {
        const begun = moves.begin({ site, from: key, to: next }, context);
        if (key === own) moved = begun;
      }
      setMovedTo.run(next, site, key);
      todo.page(site, key);
    }
    return moved;
  }

  return {
    ...operations,

    addAlias(context: BatchContext, { alias, target, act }: AddAliasArgs): AliasResult | typeof WAITS {
      const { site } = alias;
      if (mustWait(site, context)) return WAITS;
      const before = find.get(site, alias.alias);
      if (before?.page === alias.page) return { result: 'unchanged' };
      if (leadsBack(alias)) return { result: 'loop' };
      const joining = (key: string | null): void =>
        void write.run(site, alias.alias, alias.id, alias.page, alias.createdAt, key);
      // What it joined so far is itself again: it may be the page that the alias leads to now.
      joining(null);
      // Where the way leads now: the caller may have read the target before another alias led it on.
      const known = lookup.byReference(site, urlReference(alias.page));
      const placed = pages.place(target);
      if (!known) pages.settle(placed, context);
      const { key } = known ?? placed;
      const own = lookup.ownKey(site, urlReference(alias.alias)) ?? null;
      if (own !== null && own !== key && lookup.joinedBy(site, own) === undefined) joining(own);
      const moved = lead(site, alias.alias, own, context);
      todo.page(site, key);
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
      // A way that ended at no page would leave what is written at its other addresses where nobody looks for it.
      if (isLedTo.get(site, alias) !== undefined) {
        const placed = pages.place(own);
        pages.settle(placed, context);
        todo.page(site, placed.key);
      }
      lead(site, alias, row.moved_key, context);
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
