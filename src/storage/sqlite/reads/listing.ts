import type { Database, Statement } from 'better-sqlite3';
import type { ChildrenQuery, PageQuery, ShownComment } from '../../../comments/comment-store.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';
import { createKeptComments, OUTLINE_COLUMNS, type OutlineRow } from './kept-comments.ts';
import { SHOWN_COLUMNS, type ShownRow, shownOf } from './shown-rows.ts';
import type { StatementCache } from './statement-cache.ts';

/** A page's public lists. Each is one walk along one index, named in the query so that no other is chosen. */
export interface Listing {
  listPage(query: PageQuery): ShownComment[];
  children(query: ChildrenQuery): Map<string, ShownComment[]>;
  descendants(parents: string[], limit: number): ShownComment[];
  /** A comment was changed: what is kept of it in memory is kept no longer, not even unread. */
  forget(id: string): void;
}

export function createListing(db: Database, cache: StatementCache): Listing {
  const childrenOf: Statement<[string, string, number], ShownRow> = db.prepare(childrenSql());
  childrenOf.raw();
  const below: Statement<[string, number], ShownRow> = db.prepare(descendantsSql());
  below.raw();
  const outlinesBelow: Statement<[string, number], OutlineRow> = db.prepare(descendantsSql(OUTLINE_COLUMNS));
  outlinesBelow.raw();
  const kept = createKeptComments(db);
  // Outlines and what is read after them are one snapshot.
  const firstOfPage = db.transaction((query: PageQuery) => {
    const statement = cache<OutlineRow>(listPageSql(query, OUTLINE_COLUMNS)).raw();
    return kept.shownOf(query.pageKey, statement.all(query.pageKey, query.site, query.limit));
  });
  const firstBelow = db.transaction((pageKey: string, parents: string[], limit: number) =>
    kept.shownOf(pageKey, outlinesBelow.all(JSON.stringify(parents), limit)),
  );
  return {
    listPage(query) {
      const { from, sort } = query;
      // How a page begins is read again after each write to it, what comes further down seldom.
      if (!from) return firstOfPage(query);
      const statement = cache<ShownRow>(listPageSql(query)).raw();
      const position: Bound[] = sort === 'top' ? [-(from.value ?? 0), from.id] : [from.id];
      return statement.all(query.pageKey, query.site, ...position, query.limit).map(shownOf);
    },
    // One snapshot, and one lock for all of them.
    children: db.transaction(({ parents, after, perParent }: ChildrenQuery) => {
      const found = new Map<string, ShownComment[]>();
      for (const parent of parents) {
        const rows = childrenOf.all(parent, after ?? '', perParent);
        if (rows.length > 0) found.set(parent, rows.map(shownOf));
      }
      return found;
    }),
    descendants(parents, limit) {
      const pageKey = kept.pageOf(parents[0] ?? '');
      if (pageKey !== undefined) return firstBelow(pageKey, parents, limit);
      return below.all(JSON.stringify(parents), limit).map(shownOf);
    },
    forget: kept.forget,
  };
}

/** The statement of a page's list; binds page key, site, the position where there is one, and the limit. */
export function listPageSql(
  { depth, sort, backwards = false, inclusive = false, from }: PageQuery,
  selected = SHOWN_COLUMNS,
): string {
  const top = sort === 'top';
  const ascends = (sort !== 'newest') !== backwards;
  const columns = top ? ['top_order', 'id'] : ['id'];
  const index = `thread_${depth === 'roots' ? 'roots' : 'flat'}${top ? '_top' : ''}`;
  const beyond = `${ascends ? '>' : '<'}${inclusive ? '=' : ''}`;
  const position = from ? `AND (${columns.join(', ')}) ${beyond} (${columns.map(() => '?').join(', ')})` : '';
  const order = columns.map((column) => `${column} ${ascends ? 'ASC' : 'DESC'}`).join(', ');
  return `SELECT ${selected} FROM comments INDEXED BY ${index}
    WHERE page_key = ? AND shown = 1 ${depth === 'roots' ? 'AND parent_id IS NULL' : ''} AND site = ? ${position}
    ORDER BY ${order} LIMIT ${BOUND_LIMIT}`;
}

/** Binds parent, the id to begin after ('' for the first) and the limit. */
export function childrenSql(): string {
  return `SELECT ${SHOWN_COLUMNS} FROM comments INDEXED BY thread_children
    WHERE parent_id = ? AND shown = 1 AND id > ? ORDER BY id LIMIT ${BOUND_LIMIT}`;
}

/**
 * Binds the parents as a JSON list, and the limit. A recursive query takes its rows in the order they came:
 * level by level, and the index gives those of one parent by id.
 */
export function descendantsSql(
  selected = SHOWN_COLUMNS.split(/,\s+/)
    .map((column) => `comments.${column}`)
    .join(', '),
): string {
  return `WITH RECURSIVE below (place, id) AS (
      SELECT NULL, value FROM json_each(?)
      UNION ALL
      SELECT c.rowid, c.id FROM below CROSS JOIN comments AS c INDEXED BY thread_children
        WHERE c.parent_id = below.id AND c.shown = 1
    )
    SELECT ${selected} FROM below CROSS JOIN comments ON comments.rowid = below.place LIMIT ${BOUND_LIMIT}`;
}
