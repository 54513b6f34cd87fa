import type { Database } from 'better-sqlite3';

/**
 * Comments are numbered in the order of their moments, and ids order those of one moment: what is walked by
 * number comes in the order of ids but for comments of one moment, which are put in order together. Those
 * that a millisecond's numbers could not hold stand in the next one's (see operations/numbers.ts), so
 * milliseconds that are full, and the one behind them, are one moment here.
 */
export interface Moments {
  /** The least number that a comment of that millisecond's moment may have. */
  first(ms: number): number;
  /** The greatest. */
  last(ms: number): number;
}

const NUMBERS_OF_MS = 1024;

/** The least number of a millisecond. */
export const firstNumber = (ms: number): number => ms * NUMBERS_OF_MS;

export const msOfNumber = (n: number): number => Math.floor(n / NUMBERS_OF_MS);

export function createMoments(db: Database): Moments {
  const exists = db.prepare<[number], number>('SELECT 1 FROM comments WHERE n = ?').pluck();
  const isFull = (ms: number): boolean => exists.get((ms + 1) * NUMBERS_OF_MS - 1) !== undefined;
  return {
    first(ms) {
      let start = ms;
      while (isFull(start - 1)) start -= 1;
      return start * NUMBERS_OF_MS;
    },
    last(ms) {
      let end = ms;
      while (isFull(end)) end += 1;
      return (end + 1) * NUMBERS_OF_MS - 1;
    },
  };
}
