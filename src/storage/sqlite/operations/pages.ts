import type { Database } from 'better-sqlite3';
import { idReference, urlReference } from '../../../sites/site-store.ts';
import { createPageLookup, type PageLookup, type PageRow } from '../page-lookup.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { BatchContext } from './batch-context.ts';

/** How a caller names a page, and the key it would have if nothing of that is known. */
export interface PageNames {
  site: string;
  key: string;
  url: string | null;
  id: string | null;
  title: string | null;
}

/** Where a page stands, and what of its names is not written yet. */
export interface PlacedPage {
  key: string;
  row: PageRow | undefined;
  names: PageNames;
  newReferences: string[];
  /** The URL named is another page's alias: no URL of this page's own. */
  viaAlias: boolean;
}

export interface Pages {
  lookup: PageLookup;
  /** The key of a page that is known to need nothing written for this naming; null where it must be placed. */
  settledKey(names: PageNames): string | null;
  /** Forgets which pages are settled: a rollback, an alias or a removed site may have changed it. */
  forget(): void;
  /** Finds the page by its id, else by its URL, else by its key; writes nothing. */
  place(names: PageNames): PlacedPage;
  /** Writes the page, or what this naming adds to it. */
  settle(placed: PlacedPage, context: BatchContext): void;
}

/** Namings kept in memory at most: most comments go to pages that many others went to. */
const MOST_SETTLED = 10_000;

export function createPages(db: Database, search: Pick<SearchIndex, 'retitles'>): Pages {
  const lookup = createPageLookup(db);
  const insertPage = db.prepare<(string | null)[]>(
    'INSERT INTO pages (site, key, url, page_id, title) VALUES (?, ?, ?, ?, ?)',
  );
  const updatePage = db.prepare<(string | null)[]>(
    'UPDATE pages SET url = ?, page_id = ?, title = ? WHERE site = ? AND key = ?',
  );
  const insertReference = db.prepare<[string, string, string]>(
    'INSERT INTO page_references (site, reference, key) VALUES (?, ?, ?)',
  );

  const settled = new Map<string, string>();
  // Lines all: none has the sign that parts them, and none is ''.
  const naming = ({ site, url, id }: PageNames): string => `${site}\n${url ?? ''}\n${id ?? ''}`;

  function place(names: PageNames): PlacedPage {
    const { site, url, id } = names;
    const byId = id === null ? undefined : lookup.byReference(site, idReference(id));
    const byUrl = url === null ? undefined : lookup.byReference(site, urlReference(url));
    const row = byId ?? byUrl ?? lookup.standing(site, names.key);
    const viaAlias = url !== null && lookup.aliasTarget(site, url) !== undefined;
    const newReferences: string[] = [];
    if (id !== null && !byId) newReferences.push(idReference(id));
    if (url !== null && !byUrl && !viaAlias) newReferences.push(urlReference(url));
    return { key: row?.key ?? names.key, row, names, newReferences, viaAlias };
  }

  /** Whether the id is that of a page which an alias joins to this one: it would stay here when that is itself again. */
  const isAnothers = ({ site, id }: PageNames, key: string): boolean =>
    id !== null && (lookup.ownKey(site, idReference(id)) ?? key) !== key;

  function settle({ key, row, names, newReferences, viaAlias }: PlacedPage, context: BatchContext): void {
    const { site } = names;
    const url = row?.url ?? (viaAlias ? null : names.url);
    const id = row?.page_id ?? (isAnothers(names, key) ? null : names.id);
    const title = row?.title || names.title;
    const unchanged = row && row.url === url && row.page_id === id && row.title === title;
    if (unchanged && newReferences.length === 0) {
      // A page without a title may still get one, and one without names is known by its key alone.
      if (!title || (names.url === null && names.id === null)) return;
      if (settled.size >= MOST_SETTLED) settled.clear();
      settled.set(naming(names), key);
      return;
    }
    if (!row) insertPage.run(site, key, url, id, title);
    else if (!unchanged) {
      if (row.title !== title) search.retitles(site, key, row.title);
      updatePage.run(url, id, title, site, key);
    }
    for (const reference of newReferences) insertReference.run(site, reference, key);
    context.invalidate({ kind: 'page', site, pageKey: key });
  }

  return {
    lookup,
    place,
    settle,
    settledKey: (names) => settled.get(naming(names)) ?? null,
    forget: () => settled.clear(),
  };
}
