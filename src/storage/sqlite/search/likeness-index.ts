import type { Database } from 'better-sqlite3';
import { likenessOf } from '../../../text/likeness.ts';

/** Keeps the keys by which near copies are found, on the writing connection. */
export interface LikenessIndex {
  put(n: number, site: string, text: string | null): void;
  take(n: number, site: string, text: string | null): void;
}

export function createLikenessIndex(db: Database): LikenessIndex {
  const insert = db.prepare<[number, number]>('INSERT OR IGNORE INTO likeness (key, n) VALUES (?, ?)');
  const remove = db.prepare<[number, number]>('DELETE FROM likeness WHERE key = ? AND n = ?');
  const keysOf = (site: string, text: string | null): number[] =>
    text === null ? [] : likenessOf(site, text).keys;
  return {
    put(n, site, text) {
      for (const key of keysOf(site, text)) insert.run(key, n);
    },
    take(n, site, text) {
      for (const key of keysOf(site, text)) remove.run(key, n);
    },
  };
}
