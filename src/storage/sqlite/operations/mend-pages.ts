import type { Database } from 'better-sqlite3';
import { urlReference } from '../../../sites/site-store.ts';
import { lostPageKey } from '../../lost-page-key.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';
import type { Pages } from './pages.ts';

export type MendingPage =
  /** An alias leads to `page`, where there is none. */
  | { what: 'alias'; site: string; page: string }
  | { what: 'lost-page'; site: string; key: string }
  | { what: 'reference'; site: string; key: string; reference: string };

/** Makes pages again that are known and not there, and what leads to a page. */
export function createMendPages(db: Database, pages: Pages) {
  const keyOfUrl = db
    .prepare<[string, string], string>('SELECT key FROM pages WHERE site = ? AND url = ? LIMIT 1')
    .pluck();
  const forget = db.prepare<[string, string]>('DELETE FROM page_references WHERE site = ? AND reference = ?');
  const add = db.prepare<[string, string, string]>(
    'INSERT INTO page_references (site, reference, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  // Of several the least: nothing tells any more which came first.
  const make = db.prepare<{ site: string; key: string }>(
    `INSERT INTO pages (site, key, url, page_id)
     SELECT @site, @key, min(iif(reference LIKE 'u:%', substr(reference, 3), NULL)),
       min(iif(reference LIKE 'i:%', substr(reference, 3), NULL))
     FROM page_references WHERE site = @site AND key = @key
     ON CONFLICT DO NOTHING`,
  );
  const todo = createDirectoryTodo(db);

  /** Under the key that its address has still, or under that of the page which has it. */
  function makeEnd(context: BatchContext, site: string, url: string): string {
    const reference = urlReference(url);
    const key =
      pages.lookup.ownKey(site, reference) ?? keyOfUrl.get(site, url) ?? lostPageKey(site, reference);
    // Written anew with the page.
    forget.run(site, reference);
    pages.settle(pages.place({ site, key, url, id: null, title: null }), context);
    return key;
  }

  return {
    mend(context: BatchContext, mending: MendingPage): void {
      const { site } = mending;
      const key = mending.what === 'alias' ? makeEnd(context, site, mending.page) : mending.key;
      if (mending.what === 'lost-page') make.run({ site, key });
      if (mending.what === 'reference') add.run(site, mending.reference, key);
      todo.page(site, key);
    },
  };
}
