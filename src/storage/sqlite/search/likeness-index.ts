import type { Database } from 'better-sqlite3';
import { enoughOf, likenessOf } from '../../../text/likeness.ts';

/** Keeps the keys by which near copies are found, on the writing connection. */
export interface LikenessIndex {
  /** Gives a comment that has none the keys of its text. */
  put(n: number, site: string, text: string | null): void;
  /** Takes away those that it has. */
  take(n: number): void;
}

export function createLikenessIndex(db: Database): LikenessIndex {
  const insert = db.prepare<[number, number]>('INSERT OR IGNORE INTO likeness (key, n) VALUES (?, ?)');
  const remove = db.prepare<[number, number]>('DELETE FROM likeness WHERE key = ? AND n = ?');
  const twoOf = db.prepare<[number], number>('SELECT n FROM likeness WHERE key = ? LIMIT 2').pluck();
  const keep = db.prepare<[number, string, number]>(
    'INSERT OR REPLACE INTO likeness_of (n, keys, near) VALUES (?, ?, ?)',
  );
  const keysOf = db.prepare<[number], string>('SELECT keys FROM likeness_of WHERE n = ?').pluck();
  const isFar = db.prepare<[number], number>('SELECT 1 FROM likeness_of WHERE n = ? AND near = 0').pluck();
  const setNear = db.prepare<[number]>('UPDATE likeness_of SET near = 1 WHERE n = ?');
  const forget = db.prepare<[number]>('DELETE FROM likeness_of WHERE n = ?');

  const read = (n: number): number[] => JSON.parse(keysOf.get(n) ?? '[]') as number[];
  const isShared = (key: number): boolean => twoOf.all(key).length > 1;
  const isNear = (keys: number[]): boolean => keys.filter(isShared).length >= enoughOf(keys);

  return {
    put(n, site, text) {
      if (text === null) return;
      const { keys } = likenessOf(site, text);
      // Who had a key alone until now may have come near by it; the others were told before.
      const met = new Set<number>();
      for (const key of keys) {
        const [other, another] = twoOf.all(key);
        if (other !== undefined && another === undefined && other !== n) met.add(other);
        insert.run(key, n);
      }
      keep.run(n, JSON.stringify(keys), Number(isNear(keys)));
      for (const other of met) if (isFar.get(other) === 1 && isNear(read(other))) setNear.run(other);
    },
    take(n) {
      for (const key of read(n)) remove.run(key, n);
      forget.run(n);
    },
  };
}
