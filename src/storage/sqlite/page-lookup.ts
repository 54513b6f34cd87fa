import type { Database } from 'better-sqlite3';
import type { Moderation } from '../../sites/policy.ts';
import type { Page } from '../../sites/site.ts';
import { urlReference } from '../../sites/site-store.ts';

/** A row of `pages`. */
export interface PageRow {
  site: string;
  key: string;
  url: string | null;
  page_id: string | null;
  title: string | null;
  moved_to: string | null;
  closed: number | null;
  moderation: Moderation | null;
  published_at: number | null;
  version: number;
}

/** Finds pages by what names them; the reading and the writing connection each have one. */
export interface PageLookup {
  byKey(site: string, key: string): PageRow | undefined;
  /** The page where what comes to `key` stands now: where the alias leads that joined it. Else itself. */
  standing(site: string, key: string): PageRow | undefined;
  /** As `standing`, for pages whose `moved_to` is to be set anew. */
  endOf(site: string, key: string): PageRow | undefined;
  /** The alias that joined the page to another. */
  joinedBy(site: string, key: string): string | undefined;
  /** By `u:{url}` or `i:{id}`, aliases followed. */
  byReference(site: string, reference: string): PageRow | undefined;
  /** The key a reference itself has, aliases not followed. */
  ownKey(site: string, reference: string): string | undefined;
  /** The URL that the alias leads to. */
  aliasTarget(site: string, url: string): string | undefined;
}

export function createPageLookup(db: Database): PageLookup {
  const pageByKey = db.prepare<[string, string], PageRow>('SELECT * FROM pages WHERE site = ? AND key = ?');
  const keyByReference = db
    .prepare<[string, string], string>('SELECT key FROM page_references WHERE site = ? AND reference = ?')
    .pluck();
  const pageByAlias = db
    .prepare<[string, string], string>('SELECT page FROM aliases WHERE site = ? AND alias = ?')
    .pluck();

  const joinedBy = db.prepare<[string, string], string>(joinedBySql()).pluck();

  function afterAliases(site: string, reference: string): string {
    if (!reference.startsWith('u:')) return reference;
    // Ends: an alias that would lead in a circle is refused.
    let url = reference.slice(2);
    for (let target = pageByAlias.get(site, url); target !== undefined; target = pageByAlias.get(site, url))
      url = target;
    return urlReference(url);
  }

  /** The way is followed afresh: pages and aliases that stand on it may have come to lead elsewhere. */
  function endOf(site: string, key: string): PageRow | undefined {
    let row = pageByKey.get(site, key);
    const seen = new Set<string>();
    while (row && !seen.has(row.key)) {
      seen.add(row.key);
      const alias = joinedBy.get(site, row.key);
      const next = alias && keyByReference.get(site, afterAliases(site, urlReference(alias)));
      if (next === undefined) break;
      row = pageByKey.get(site, next);
    }
    return row;
  }

  function standing(site: string, key: string): PageRow | undefined {
    const row = pageByKey.get(site, key);
    return row && row.moved_to !== null ? endOf(site, key) : row;
  }

  return {
    byKey: (site, key) => pageByKey.get(site, key),
    standing,
    endOf,
    byReference(site, reference) {
      const key = keyByReference.get(site, afterAliases(site, reference));
      return key === undefined ? undefined : standing(site, key);
    },
    joinedBy: (site, key) => joinedBy.get(site, key),
    ownKey: (site, reference) => keyByReference.get(site, reference),
    aliasTarget: (site, url) => pageByAlias.get(site, url),
  };
}

/** The alias that joined a page to another, of several the first; binds site and key. */
export const joinedBySql = (): string =>
  'SELECT alias FROM aliases INDEXED BY aliases_joining WHERE site = ? AND moved_key = ? ORDER BY id LIMIT 1';

export function pageOf(row: PageRow): Page {
  return {
    site: row.site,
    key: row.key,
    url: row.url,
    id: row.page_id,
    title: row.title,
    closed: row.closed === null ? null : row.closed === 1,
    moderation: row.moderation,
    publishedAt: row.published_at,
    version: row.version,
  };
}
