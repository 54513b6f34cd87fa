import type { Database } from 'better-sqlite3';
import { likenessOf } from '../../../text/likeness.ts';
import { createNearness } from './nearness.ts';

/** Keeps the keys by which near copies are found, on the writing connection. */
export interface LikenessIndex {
  /** Gives a comment that has none the keys of its text. */
  put(n: number, site: string, text: string | null): void;
  /** Takes away those that it has. */
  take(n: number): void;
  /** Gives it those that it should have, and takes away the one that stands beside its list. */
  mend(n: number, stray: number | null): void;
  /** What was written since the last commit did not happen. */
  rolledBack(): void;
}

const keysOfText = (site: string, text: string): number[] => likenessOf(site, text).keys;

/** For tests: `nearness` with other bounds than are usual, `keysOf` of a site's text. */
export function createLikenessIndex(
  db: Database,
  { nearness = createNearness(db), keysOf = keysOfText } = {},
): LikenessIndex {
  const insert = db.prepare<[number, number]>('INSERT OR IGNORE INTO likeness (key, n) VALUES (?, ?)');
  const remove = db.prepare<[number, number]>('DELETE FROM likeness WHERE key = ? AND n = ?');
  const keep = db.prepare<[number, string, number]>(
    'INSERT OR REPLACE INTO likeness_of (n, keys, near) VALUES (?, ?, ?)',
  );
  const kept = db.prepare<[number], string>('SELECT keys FROM likeness_of WHERE n = ?').pluck();
  const setNear = db.prepare<[string]>(
    'UPDATE likeness_of SET near = 1 WHERE near = 0 AND n IN (SELECT value FROM json_each(?))',
  );
  const filled = db.prepare<[number], { site: string; text: string | null }>(
    `SELECT site, text FROM comments WHERE n = ? AND deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM search_todo WHERE n = comments.n AND indexed = 0)`,
  );
  const forget = db.prepare<[number]>('DELETE FROM likeness_of WHERE n = ?');

  const read = (n: number): number[] => JSON.parse(kept.get(n) ?? '[]') as number[];

  function put(n: number, site: string, text: string | null): void {
    if (text === null) return;
    const keys = keysOf(site, text);
    const { isNear, sharers } = nearness.tell(n, keys);
    for (const key of keys) insert.run(key, n);
    keep.run(n, JSON.stringify(keys), Number(isNear));
    if (sharers.length > 0) setNear.run(JSON.stringify(sharers));
  }

  function take(n: number): void {
    for (const key of read(n)) remove.run(key, n);
    forget.run(n);
  }

  return {
    put,
    take,
    rolledBack: nearness.forget,
    mend(n, stray) {
      // It is what was told that may be wrong.
      nearness.forget();
      if (stray !== null) remove.run(stray, n);
      take(n);
      const row = filled.get(n);
      if (row) put(n, row.site, row.text);
    },
  };
}
