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
  /** The page where the comments of `key` stand now. */
  standing(site: string, key: string): PageRow | undefined;
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

  function standing(site: string, key: string): PageRow | undefined {
    // Ends: a page is only ever joined to one that is not joined to another.
    let row = pageByKey.get(site, key);
    while (row && row.moved_to !== null) row = pageByKey.get(site, row.moved_to);
    return row;
  }

  function afterAliases(site: string, reference: string): string {
    if (!reference.startsWith('u:')) return reference;
    // Ends: an alias that would lead in a circle is refused.
    let url = reference.slice(2);
    for (let target = pageByAlias.get(site, url); target !== undefined; target = pageByAlias.get(site, url))
      url = target;
    return urlReference(url);
  }

  return {
    byKey: (site, key) => pageByKey.get(site, key),
    standing,
    byReference(site, reference) {
      const key = keyByReference.get(site, afterAliases(site, reference));
      return key === undefined ? undefined : standing(site, key);
    },
    ownKey: (site, reference) => keyByReference.get(site, reference),
    aliasTarget: (site, url) => pageByAlias.get(site, url),
  };
}

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
