import type { Database } from 'better-sqlite3';
import type { ListedPage, PageListFilter, PageListQuery } from '../../../sites/page-rules.ts';
import { createPageLookup, pageOf } from '../page-lookup.ts';
import { countPagesSql, pagesSql } from './directory-sql.ts';

type Listed = Pick<ListedPage, 'lastId' | 'comments'> & { key: string };

/** The admins' list of a site's pages. */
export interface PageList {
  list(query: PageListQuery): ListedPage[];
  count(filter: PageListFilter, cap: number): number;
}

export function createPageList(db: Database): PageList {
  const lookup = createPageLookup(db);
  return {
    // One snapshot: a page listed is there to be read.
    list: db.transaction((query: PageListQuery) => {
      const { sql, binds } = pagesSql(query);
      return db
        .prepare<unknown[], Listed>(sql)
        .all(...binds, query.limit)
        .flatMap(({ key, ...rest }) => {
          const row = lookup.byKey(query.site, key);
          return row ? [{ page: pageOf(row), ...rest }] : [];
        });
    }),
    count(filter, cap) {
      const { sql, binds } = countPagesSql(filter);
      return db.prepare<unknown[], { n: number }>(sql).get(...binds, cap)?.n ?? 0;
    },
  };
}
