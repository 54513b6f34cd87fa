import type { Database } from 'better-sqlite3';
import { urlReference } from '../../../sites/site-store.ts';
import { lostPageKey } from '../../lost-page-key.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';
import type { Pages } from './pages.ts';

/** An alias leads to `page`, where there is none. */
export interface MendingAlias {
  what: 'alias';
  site: string;
  page: string;
}

/** Makes the page that an alias leads to: under the key that its address has still, or under that of the page which has it. */
export function createMendAliases(db: Database, pages: Pages) {
  const keyOfUrl = db
    .prepare<[string, string], string>('SELECT key FROM pages WHERE site = ? AND url = ? LIMIT 1')
    .pluck();
  const forget = db.prepare<[string, string]>('DELETE FROM page_references WHERE site = ? AND reference = ?');
  const todo = createDirectoryTodo(db);

  return {
    mend(context: BatchContext, { site, page: url }: MendingAlias): void {
      const reference = urlReference(url);
      const key =
        pages.lookup.ownKey(site, reference) ?? keyOfUrl.get(site, url) ?? lostPageKey(site, reference);
      // Written anew with the page.
      forget.run(site, reference);
      pages.settle(pages.place({ site, key, url, id: null, title: null }), context);
      todo.page(site, key);
    },
  };
}
