/** Pseudo-random numbers from a seed (xorshift32): the same seed gives the same run. */
export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** Text of the ids' alphabet. */
  letters(length: number): string;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    letters(length) {
      let text = '';
      for (let i = 0; i < length; i++) text += ALPHABET[below(32)];
      return text;
    },
  };
}
