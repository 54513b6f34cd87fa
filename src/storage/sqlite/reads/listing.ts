import type { Database, Statement } from 'better-sqlite3';
import type { ChildrenQuery, PageQuery, ShownComment } from '../../../comments/comment-store.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';
import { SHOWN_COLUMNS, type ShownRow, shownOf } from './shown-rows.ts';
import type { StatementCache } from './statement-cache.ts';

/** A page's public lists. Each is one walk along one index, named in the query so that no other is chosen. */
export interface Listing {
  listPage(query: PageQuery): ShownComment[];
  children(query: ChildrenQuery): Map<string, ShownComment[]>;
  descendants(parents: string[], limit: number): ShownComment[];
}

export function createListing(db: Database, cache: StatementCache): Listing {
  const childrenOf: Statement<[string, string, number], ShownRow> = db.prepare(childrenSql());
  childrenOf.raw();
  const below: Statement<[string, number], ShownRow> = db.prepare(descendantsSql());
  below.raw();
  return {
    listPage(query) {
      const statement = cache<ShownRow>(listPageSql(query)).raw();
      const { from, sort } = query;
      const position: Bound[] = from ? (sort === 'top' ? [-(from.value ?? 0), from.id] : [from.id]) : [];
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
    descendants: (parents, limit) => below.all(JSON.stringify(parents), limit).map(shownOf),
  };
}

/** The statement of a page's list; binds page key, site, the position where there is one, and the limit. */
export function listPageSql({ depth, sort, backwards = false, inclusive = false, from }: PageQuery): string {
  const top = sort === 'top';
  const ascends = (sort !== 'newest') !== backwards;
  const columns = top ? ['top_order', 'id'] : ['id'];
  const index = `thread_${depth === 'roots' ? 'roots' : 'flat'}${top ? '_top' : ''}`;
  const beyond = `${ascends ? '>' : '<'}${inclusive ? '=' : ''}`;
  const position = from ? `AND (${columns.join(', ')}) ${beyond} (${columns.map(() => '?').join(', ')})` : '';
  const order = columns.map((column) => `${column} ${ascends ? 'ASC' : 'DESC'}`).join(', ');
  return `SELECT ${SHOWN_COLUMNS} FROM comments INDEXED BY ${index}
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
export function descendantsSql(): string {
  return `WITH RECURSIVE below (place, id) AS (
      SELECT NULL, value FROM json_each(?)
      UNION ALL
      SELECT c.rowid, c.id FROM below CROSS JOIN comments AS c INDEXED BY thread_children
        WHERE c.parent_id = below.id AND c.shown = 1
    )
    SELECT ${SHOWN_COLUMNS.split(/,\s+/)
      .map((column) => `comments.${column}`)
      .join(', ')}
    FROM below CROSS JOIN comments ON comments.rowid = below.place LIMIT ${BOUND_LIMIT}`;
}
