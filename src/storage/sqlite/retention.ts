import type { AgedQuery, RetentionStore } from '../../moving/retention-store.ts';
import type { Connections } from './comments.ts';
import { BOUND_LIMIT } from './rows.ts';

/** A comment that was screened has an outcome of every phase; one that came from elsewhere has none. */
export const agedSql = (): string => `SELECT id, version, created_at AS made, screening = '[]' AS unscreened
  FROM comments INDEXED BY queue_status
  WHERE site = ? AND status = ? AND deleted_at IS NULL AND id > ? AND id < ? ORDER BY id LIMIT ${BOUND_LIMIT}`;

export const enteredSql = (): string =>
  'SELECT max(at) FROM history WHERE comment_id = ? AND to_status = ? AND from_status <> to_status';

export const addressedSql = (): string => `SELECT id, author_email IS NOT NULL AS has
  FROM comments INDEXED BY queue_all
  WHERE site = ? AND deleted_at IS NULL AND id > ? AND id < ? ORDER BY id LIMIT ${BOUND_LIMIT}`;

export const importsOfSiteSql = (): string =>
  `SELECT open, plan ->> 'dryRun' AS dry, progress ->> 'finishedAt' AS finished
  FROM imports INDEXED BY imports_of_site WHERE site = ?`;

interface AgedRow {
  id: string;
  version: number;
  made: number;
  unscreened: number;
}

interface ImportedRow {
  open: number;
  dry: number;
  finished: number | null;
}

/** RetentionStore on SQLite: the folder's lock proves that no other process is at work. */
export function createRetentionStore({ db, commits }: Connections): RetentionStore {
  const mark = db.prepare<[string], string>('SELECT value FROM retention WHERE name = ?').pluck();
  const aged = db.prepare<[string, string, string, string, number], AgedRow>(agedSql());
  const entered = db.prepare<[string, string], number | null>(enteredSql()).pluck();
  const addressed = db.prepare<[string, string, string, number], { id: string; has: number }>(addressedSql());
  const imports = db.prepare<[string], ImportedRow>(importsOfSiteSql());

  return {
    hold: async () => true,
    release: async () => undefined,
    mark: async (name) => mark.get(name) ?? null,
    setMark: (name, value) => commits.execute('markRetention', { name, value }),
    aged: async ({ site, status, after, before, limit }: AgedQuery) =>
      aged.all(site, status, after, before, limit).map(({ id, version, made, unscreened }) => {
        const since = entered.get(id, status) ?? null;
        return { id, version, since: since ?? made, isImported: since === null && unscreened === 1 };
      }),
    async addressed({ site, after, before, limit }) {
      const rows = addressed.all(site, after, before, limit);
      return { ids: rows.filter(({ has }) => has === 1).map(({ id }) => id), last: rows.at(-1)?.id ?? null };
    },
    async lastImport(site) {
      const ends = imports
        .all(site)
        .filter(({ dry }) => dry === 0)
        .map(({ open, finished }) => (open === 1 ? Number.POSITIVE_INFINITY : (finished ?? 0)));
      return ends.length === 0 ? null : Math.max(...ends);
    },
    trimAudit: (query) => commits.execute('trimAudit', query),
  };
}
