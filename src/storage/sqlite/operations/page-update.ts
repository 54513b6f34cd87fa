import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import type { PagePatch, PageUpdate } from '../../../sites/page-rules.ts';
import type { Page } from '../../../sites/site.ts';
import { idReference, urlReference } from '../../../sites/site-store.ts';
import { type PageRow, pageOf } from '../page-lookup.ts';
import type { Bound } from '../rows.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';
import { createPageFacts } from './page-facts.ts';
import type { PageNames } from './pages.ts';
import type { OperationParts } from './parts.ts';

export interface UpdatePageArgs extends Audited {
  page: { site: string; key: string };
  patch: PagePatch;
  expected: number;
}

/** The operations behind SiteStore.ensurePage and updatePage. */
export function createPageUpdate(db: Database, { pages, search }: OperationParts) {
  const { lookup } = pages;
  const todo = createDirectoryTodo(db);
  const audit = createActWriter(db);
  const write = db.prepare<Bound[]>(
    `UPDATE pages SET url = ?, page_id = ?, title = ?, closed = ?, moderation = ?, published_at = ?, version = ?
     WHERE site = ? AND key = ?`,
  );
  const addReference = db.prepare<[string, string, string]>(
    'INSERT INTO page_references (site, reference, key) VALUES (?, ?, ?)',
  );
  const facts = createPageFacts(db);

  /** The references of the patch that lead nowhere yet; null where one leads to another page. */
  function newReferences({ site, key }: PageRow, { url, id }: PagePatch): string[] | null {
    const named = [
      ...(typeof url === 'string' ? [urlReference(url)] : []),
      ...(typeof id === 'string' ? [idReference(id)] : []),
    ];
    const found = named.map((reference) => lookup.byReference(site, reference)?.key);
    if (found.some((other) => other !== undefined && other !== key)) return null;
    return named.filter((_, i) => found[i] === undefined);
  }

  return {
    ensurePage(context: BatchContext, names: PageNames): Page {
      const placed = pages.place(names);
      pages.settle(placed, context);
      todo.page(names.site, placed.key);
      const row = lookup.byKey(names.site, placed.key);
      if (!row) throw new Error('a page that was settled is not there');
      return pageOf(row);
    },

    updatePage(context: BatchContext, { page, patch, expected, act }: UpdatePageArgs): PageUpdate {
      const { site, key } = page;
      const row = lookup.byKey(site, key);
      if (!row || row.moved_to !== null) return { result: 'not-found' };
      if (row.version !== expected) return { result: 'conflict', version: row.version };
      const references = newReferences(row, patch);
      if (references === null) return { result: 'taken' };
      const next = { ...pageOf(row), ...given(patch), version: expected + 1 };
      const { url, id, title, closed, moderation, publishedAt, version } = next;
      if (title !== row.title) search.retitles(site, key, row.title);
      write.run(
        url,
        id,
        title,
        closed === null ? null : Number(closed),
        moderation,
        publishedAt,
        version,
        site,
        key,
      );
      for (const reference of references) addReference.run(site, reference, key);
      audit({ act });
      context.ledger.flush();
      facts.refresh(site, key);
      // Addresses may lead elsewhere now, so it is more than the one page's answers that change.
      context.invalidate({ kind: 'site', site });
      return { result: 'updated', page: next };
    },
  };
}

/** The members that are there; what is absent must not become undefined. */
function given(patch: PagePatch): PagePatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
