import { BOUND_LIMIT } from '../rows.ts';

/** The newest of one key; binds it and a limit. */
export function ofKeySql(): string {
  return `SELECT n FROM likeness WHERE key = ? ORDER BY n DESC LIMIT ${BOUND_LIMIT}`;
}

/** Those of one key that are older than a number, the newest first; binds the key, the number and a limit. */
export function olderOfKeySql(): string {
  return `SELECT n FROM likeness WHERE key = ? AND n < ? ORDER BY n DESC LIMIT ${BOUND_LIMIT}`;
}

/** Which of some numbers have a key; binds the numbers as a JSON list, and the key. */
export function havingKeySql(): string {
  return `SELECT likeness.n FROM json_each(?) AS wanted
    CROSS JOIN likeness ON likeness.key = ? AND likeness.n = wanted.value`;
}

/** By how many keys each number was met. */
export interface Meetings {
  /** Those that have one more key. */
  add(numbers: readonly number[]): void;
  /** Those that were met by enough keys, in any order. */
  enough(): number[];
  /** Those that would be with so many keys more. */
  lacking(keys: number): number[];
}

export function createMeetings(enough: number): Meetings {
  const shared = new Map<number, number>();
  const between = (least: number, most: number): number[] =>
    [...shared].flatMap(([n, count]) => (count >= least && count < most ? n : []));
  return {
    add(numbers) {
      for (const n of numbers) shared.set(n, (shared.get(n) ?? 0) + 1);
    },
    enough: () => between(enough, Number.POSITIVE_INFINITY),
    lacking: (keys) => between(enough - keys, enough),
  };
}
