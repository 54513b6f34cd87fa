import type { Database } from 'better-sqlite3';
import { type ExportStore, inOneOrder, type LeavingComment } from '../../moving/export-store.ts';
import { createHistoryReader } from './history-rows.ts';
import { createReports } from './operations/reports.ts';
import { BOUND_LIMIT, COMMENT_COLUMNS, type CommentRow, commentOf } from './rows.ts';

interface LeavingRow extends CommentRow {
  former_id: string | null;
  parent_former_id: string | null;
}

/** ExportStore on SQLite: walks along primary keys. */
export function createExportStore(db: Database): ExportStore {
  const comments = db.prepare<[string, string, number], LeavingRow>(walkCommentsSql());
  const references = db.prepare<[string, string, number], string>(walkReferencesSql()).pluck();
  const aliases = db.prepare<[string, string, number], string>(walkAliasesSql()).pluck();

  const historyOf = createHistoryReader(db);
  const reports = createReports(db);

  return {
    walk: async ({ site, after, limit }) => comments.all(after, site, limit).map(leavingOf),
    pasts: async (ids) => new Map(ids.map((id) => [id, { history: historyOf(id), reports: reports.of(id) }])),
    async walkReferences({ site, after, limit }) {
      const own = references.all(site, after, limit);
      // Every alias is an address, and those come behind the ids.
      const address = after.startsWith('u:') ? after.slice(2) : '';
      return inOneOrder(own, aliases.all(site, address, limit)).slice(0, limit);
    },
  };
}

const leavingOf = ({ former_id, parent_former_id, ...row }: LeavingRow): LeavingComment => ({
  comment: commentOf(row),
  formerId: former_id,
  parentFormerId: parent_former_id,
});

/**
 * Binds the id to begin beyond, the site, and the limit. By the ids of all sites: no index has a site's deleted
 * comments among the others, and nobody waits for this walk.
 */
export function walkCommentsSql(): string {
  const columns = COMMENT_COLUMNS.split(', ').map((name) => `c.${name}`);
  return `SELECT ${columns.join(', ')},
      (SELECT former_id FROM copies INDEXED BY copies_by_id WHERE site = c.site AND id = c.id) AS former_id,
      (SELECT former_id FROM copies INDEXED BY copies_by_id WHERE site = c.site AND id = c.parent_id)
        AS parent_former_id
    FROM comments c WHERE c.id > ? AND +c.site = ? ORDER BY c.id LIMIT ${BOUND_LIMIT}`;
}

/** Binds the site, the reference to begin beyond, and the limit. */
export function walkReferencesSql(): string {
  return `SELECT reference FROM page_references WHERE site = ? AND reference > ?
    ORDER BY reference LIMIT ${BOUND_LIMIT}`;
}

/** Binds the site, the alias to begin beyond, and the limit. */
export function walkAliasesSql(): string {
  return `SELECT alias FROM aliases WHERE site = ? AND alias > ? ORDER BY alias LIMIT ${BOUND_LIMIT}`;
}
