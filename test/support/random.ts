import { createHash, randomInt } from 'node:crypto';

/** Repeatable randomness: one seed, one series. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number of [from, to]. */
  between(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The series of a seed: the first 32 bits of SHA-256 over the seed and a count. */
export function createRandom(seed: number): Random {
  let count = 0;
  const next = (): number => {
    count += 1;
    return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick<T>(items: readonly T[]): T {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

/** The series' seed: GATEHOUSE_SEED where one is repeated, else a new one. Whoever uses it prints it. */
export function seedOfRun(): number {
  const given = process.env.GATEHOUSE_SEED;
  return given === undefined ? randomInt(2 ** 32) : Number(given);
}
