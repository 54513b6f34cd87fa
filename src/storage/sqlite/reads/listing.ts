import type { Database, Statement } from 'better-sqlite3';
import type { ChildrenQuery, PageQuery, ShownComment } from '../../../comments/comment-store.ts';
import { BOUND_LIMIT } from '../rows.ts';
import { createKeptComments, OUTLINE_COLUMNS, type OutlineRow } from './kept-comments.ts';
import { SHOWN_COLUMNS, type ShownRow, shownOf } from './shown-rows.ts';
import type { StatementCache } from './statement-cache.ts';
import { type BoundSql, listPageSql } from './thread-sql.ts';

/** A page's public lists. Each walks indexes that the query names, so that no other is chosen. */
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
  const rows = <Row>({ sql, binds }: BoundSql): Row[] => {
    const statement = cache<Row>(sql).raw();
    return statement.all(...binds);
  };
  // Outlines and what is read after them are one snapshot.
  const firstOfPage = db.transaction((query: PageQuery) => {
    return kept.shownOf(query.pageKey, rows<OutlineRow>(listPageSql(query, OUTLINE_COLUMNS)));
  });
  const firstBelow = db.transaction((pageKey: string, parents: string[], limit: number) =>
    kept.shownOf(pageKey, outlinesBelow.all(JSON.stringify(parents), limit)),
  );
  return {
    listPage(query) {
      // How a page begins is read again after each write to it, what comes further down seldom.
      if (!query.from) return firstOfPage(query);
      return rows<ShownRow>(listPageSql(query)).map(shownOf);
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

/** Binds parent, the id to begin after ('' for the first) and the limit. */
export function childrenSql(): string {
  return `SELECT ${SHOWN_COLUMNS} FROM comments INDEXED BY replies
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
      SELECT c.rowid, c.id FROM below CROSS JOIN comments AS c INDEXED BY replies
        WHERE c.parent_id = below.id AND c.shown = 1
    )
    SELECT ${selected} FROM below CROSS JOIN comments ON comments.rowid = below.place LIMIT ${BOUND_LIMIT}`;
}
