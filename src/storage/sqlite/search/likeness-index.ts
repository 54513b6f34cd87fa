import type { Database } from 'better-sqlite3';
import { enoughOf, likenessOf } from '../../../text/likeness.ts';

/** Keeps the keys by which near copies are found, on the writing connection. */
export interface LikenessIndex {
  /** Gives a comment that has none the keys of its text. */
  put(n: number, site: string, text: string | null): void;
  /** Takes away those that it has. */
  take(n: number): void;
  /** Gives it those that it should have, and takes away the one that stands beside its list. */
  mend(n: number, stray: number | null): void;
}

/** Tells what keys have in common with those that are kept. */
export function createNearness(db: Database) {
  const twoOf = db.prepare<[number], number>('SELECT n FROM likeness WHERE key = ? LIMIT 2').pluck();
  return {
    /** Whose the key is: one, two of many, or nobody's. */
    twoOf: (key: number): number[] => twoOf.all(key),
    /** Whether enough of the keys are more than one comment's. */
    isNear: (keys: number[]): boolean =>
      keys.filter((key) => twoOf.all(key).length > 1).length >= enoughOf(keys),
  };
}

export function createLikenessIndex(db: Database): LikenessIndex {
  const insert = db.prepare<[number, number]>('INSERT OR IGNORE INTO likeness (key, n) VALUES (?, ?)');
  const remove = db.prepare<[number, number]>('DELETE FROM likeness WHERE key = ? AND n = ?');
  const { twoOf, isNear } = createNearness(db);
  const keep = db.prepare<[number, string, number]>(
    'INSERT OR REPLACE INTO likeness_of (n, keys, near) VALUES (?, ?, ?)',
  );
  const keysOf = db.prepare<[number], string>('SELECT keys FROM likeness_of WHERE n = ?').pluck();
  const isFar = db.prepare<[number], number>('SELECT 1 FROM likeness_of WHERE n = ? AND near = 0').pluck();
  const setNear = db.prepare<[number]>('UPDATE likeness_of SET near = 1 WHERE n = ?');
  const filled = db.prepare<[number], { site: string; text: string | null }>(
    `SELECT site, text FROM comments WHERE n = ? AND deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM search_todo WHERE n = comments.n AND indexed = 0)`,
  );
  const forget = db.prepare<[number]>('DELETE FROM likeness_of WHERE n = ?');

  const read = (n: number): number[] => JSON.parse(keysOf.get(n) ?? '[]') as number[];

  function put(n: number, site: string, text: string | null): void {
    if (text === null) return;
    const { keys } = likenessOf(site, text);
    // Who had a key alone until now may have come near by it; the others were told before.
    const met = new Set<number>();
    for (const key of keys) {
      const [other, another] = twoOf(key);
      if (other !== undefined && another === undefined && other !== n) met.add(other);
      insert.run(key, n);
    }
    keep.run(n, JSON.stringify(keys), Number(isNear(keys)));
    for (const other of met) if (isFar.get(other) === 1 && isNear(read(other))) setNear.run(other);
  }

  function take(n: number): void {
    for (const key of read(n)) remove.run(key, n);
    forget.run(n);
  }

  return {
    put,
    take,
    mend(n, stray) {
      if (stray !== null) remove.run(stray, n);
      take(n);
      const row = filled.get(n);
      if (row) put(n, row.site, row.text);
    },
  };
}
