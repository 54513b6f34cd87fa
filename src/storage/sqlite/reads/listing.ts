import type { Database, Statement } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import type { ChildrenQuery, PageQuery } from '../../../comments/comment-store.ts';
import { type Bound, COMMENT_COLUMNS, type CommentRow, commentOf } from '../rows.ts';
import type { StatementCache } from './statement-cache.ts';

/** A page's public lists. Each is one walk along one index, named in the query so that no other is chosen. */
export interface Listing {
  listPage(query: PageQuery): Comment[];
  children(query: ChildrenQuery): Map<string, Comment[]>;
}

export function createListing(db: Database, cache: StatementCache): Listing {
  const childrenOf: Statement<[string, string, number], CommentRow> = db.prepare(childrenSql());
  return {
    listPage(query) {
      const statement = cache<CommentRow>(listPageSql(query));
      const { from, sort } = query;
      const position: Bound[] = from ? (sort === 'top' ? [-(from.value ?? 0), from.id] : [from.id]) : [];
      return statement.all(query.pageKey, query.site, ...position, query.limit).map(commentOf);
    },
    children({ parents, after, perParent }) {
      const found = new Map<string, Comment[]>();
      for (const parent of parents) {
        const rows = childrenOf.all(parent, after ?? '', perParent);
        if (rows.length > 0) found.set(parent, rows.map(commentOf));
      }
      return found;
    },
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
  return `SELECT ${COMMENT_COLUMNS} FROM comments INDEXED BY ${index}
    WHERE page_key = ? AND shown = 1 ${depth === 'roots' ? 'AND parent_id IS NULL' : ''} AND site = ? ${position}
    ORDER BY ${order} LIMIT ?`;
}

/** Binds parent, the id to begin after ('' for the first) and the limit. */
export function childrenSql(): string {
  return `SELECT ${COMMENT_COLUMNS} FROM comments INDEXED BY thread_children
    WHERE parent_id = ? AND shown = 1 AND id > ? ORDER BY id LIMIT ?`;
}
