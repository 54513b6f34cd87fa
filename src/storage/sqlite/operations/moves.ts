import type { Database } from 'better-sqlite3';
import { type CommentStatus, STATUSES } from '../../../comments/comment.ts';
import { pageScope, standingOf } from '../../../comments/counts.ts';
import { createPageLookup } from '../page-lookup.ts';
import { BOUND_LIMIT } from '../rows.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';

/**
 * Comments that an alias takes from one page to another. A transaction moves so many at most, so that no other
 * write waits long for it; what is left is noted as a mark beside the data and goes along in steps. From the
 * first transaction on whoever looks the page up is led to the other, where the rest arrives.
 */
export interface Moves {
  /** Moves what the batch has room for and notes the rest. How many stood there, without deleted ones. */
  begin(move: Move, context: BatchContext): number;
  /** Whether some of the site are still to be moved. */
  areOpen(site: string): boolean;
}

export interface Move {
  site: string;
  /** Keys of pages; the one that is left has been led to the other, or is in the same transaction. */
  from: string;
  to: string;
}

/** Comments that one transaction moves at most: about as much work as a slice of other steps. */
export const MOVED_AT_ONCE = 500;

const PREFIX = 'moving/';
const markOf = ({ site, from }: Pick<Move, 'site' | 'from'>): string => `${PREFIX}${site}/${from}`;
// '0' follows '/' in the order of bytes: the range is every name that begins so.
const rangeOf = (site: string): [string, string] => [`${PREFIX}${site}/`, `${PREFIX}${site}0`];

/** The next of the moves that have begun, as a mark and the key of the page that they lead to. */
export const openMovesSql = (): string =>
  `SELECT name, value FROM meta WHERE name >= '${PREFIX}' AND name < 'moving0' ORDER BY name LIMIT 1`;

interface ListedRow {
  n: number;
  status: CommentStatus;
  open: number;
  open_reports: number;
}

/** Binds site, page and how many at most. Of those that are shown an answer comes after what it answers. */
export const listedToMoveSql = (): string => `SELECT n, status, open, open_reports
  FROM comments INDEXED BY queue_page
  WHERE site = ? AND page_key = ? AND deleted_at IS NULL ORDER BY status, id LIMIT ${BOUND_LIMIT}`;

/** The same of deleted ones. */
export const deletedToMoveSql = (): string => `SELECT n FROM comments INDEXED BY deleted_comments
  WHERE site = ? AND page_key = ? AND deleted_at IS NOT NULL LIMIT ${BOUND_LIMIT}`;

export function createMoves(db: Database, search: Pick<SearchIndex, 'moves'>) {
  const lookup = createPageLookup(db);
  const todo = createDirectoryTodo(db);
  const listed = db.prepare<[string, string, number], ListedRow>(listedToMoveSql());
  const deleted = db.prepare<[string, string, number], number>(deletedToMoveSql()).pluck();
  const place = db.prepare<[string, string]>(
    'UPDATE comments SET page_key = ? WHERE n IN (SELECT value FROM json_each(?))',
  );
  const note = db.prepare<[string, string]>('INSERT INTO meta (name, value) VALUES (?, ?)');
  const forget = db.prepare<[string]>('DELETE FROM meta WHERE name = ?');
  const next = db.prepare<[], { name: string; value: string }>(openMovesSql());
  const ofSite = db
    .prepare<[string, string], number>('SELECT 1 FROM meta WHERE name >= ? AND name < ? LIMIT 1')
    .pluck();

  /** As many as the batch has room for, those that hold answers up first; false where some may be left. */
  function step({ site, from, to }: Move, context: BatchContext): boolean {
    const { room } = context;
    const hidden = deleted.all(site, from, room.left);
    const rows = listed.all(site, from, room.left - hidden.length);
    for (const { status, open, open_reports: openReports } of rows) {
      const standing = standingOf({ status, open: open === 1, deletedAt: null, openReports });
      context.ledger.move(standing, { from: pageScope(site, from), to: pageScope(site, to) });
    }
    const numbers = rows.map(({ n }) => n);
    // Before they go: they are found by the title of the page that they leave.
    search.moves(numbers, lookup.byKey(site, from)?.title ?? null);
    place.run(to, JSON.stringify([...hidden, ...numbers]));
    room.left -= hidden.length + rows.length;
    for (const key of [from, to]) {
      todo.page(site, key);
      context.invalidate({ kind: 'page', site, pageKey: key });
    }
    return room.left > 0;
  }

  const moves: Moves = {
    begin(move, context) {
      const counts = context.ledger.counted(pageScope(move.site, move.from));
      if (!step(move, context)) note.run(markOf(move), move.to);
      return STATUSES.reduce((sum, status) => sum + counts[status], 0);
    },
    areOpen: (site) => ofSite.get(...rangeOf(site)) !== undefined,
  };

  return {
    moves,
    operations: {
      /** Takes the next of the comments along whose pages were led elsewhere; true when none is left. */
      moveComments(context: BatchContext, _: null): boolean {
        for (;;) {
          const mark = next.get();
          if (!mark) return true;
          const [site = '', from = ''] = mark.name.slice(PREFIX.length).split('/');
          if (context.room.left <= 0 || !step({ site, from, to: mark.value }, context)) return false;
          forget.run(mark.name);
        }
      },
    },
  };
}

/** Takes away the marks of a removed site, whose comments are all gone. */
export function createMovesEnd(db: Database): (site: string) => void {
  const forget = db.prepare<[string, string]>('DELETE FROM meta WHERE name >= ? AND name < ?');
  return (site) => void forget.run(...rangeOf(site));
}
