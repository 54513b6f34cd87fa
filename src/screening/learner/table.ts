import { TABLE_SIZE } from './places.ts';

/**
 * What is known of each place, side by side, 16 bytes: the linear model's two numbers, then how many comments of ham
 * and of spam had it as a word, and as a run of characters. A text asks for thousands of places that lie anywhere,
 * so what takes time is the memory: each is one look at it.
 */
export interface Table {
  /** Four a place, of which the first two are the linear model's. */
  numbers: Float32Array;
  /** The same bytes, eight a place, of which the last four are the counts; at most 65,535. */
  counts: Uint16Array;
}

/** The same place in both. */
export const NUMBERS_A_PLACE = 4;
export const COUNTS_A_PLACE = 8;

export function createTable(): Table {
  const numbers = new Float32Array(NUMBERS_A_PLACE * TABLE_SIZE);
  return { numbers, counts: new Uint16Array(numbers.buffer) };
}
