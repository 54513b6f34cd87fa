import type { Features } from './features.ts';
import { TABLE_SIZE } from './features.ts';
import { logistic } from './logistic.ts';

/**
 * A logistic regression that learns by FTRL-Proximal: each weight has a learning rate of its own (McMahan et al.,
 * "Ad Click Prediction: a View from the Trenches", KDD 2013, algorithm 1). Without its L1 part: the tables are
 * of a fixed size anyway.
 */
export interface Linear {
  /** Three numbers a place, side by side: the weight, the sum it is worked out from, and the root of its squares. */
  table: Float32Array;
  /** The weight of every text alike, and its squares. */
  bias: Float64Array;
}

const ALPHA = 2;
const BETA = 1;
const L2 = 0.001;
/** An answer that is right by so much has nothing to teach. */
const ENOUGH = 0.01;

export const createLinear = (): Linear => ({
  table: new Float32Array(3 * TABLE_SIZE),
  bias: new Float64Array(2),
});

/** A long text has many features, and each then counts for less. */
const scaleOf = (places: Int32Array): number => 1 / Math.sqrt(places.length || 1);

function sumOf(table: Float32Array, places: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += table[3 * (places[i] as number)] as number;
  return sum * scaleOf(places);
}

/** Log-odds of spam. */
export function linearScore({ table, bias }: Linear, { words, runs }: Features): number {
  return (bias[0] as number) + sumOf(table, words) + sumOf(table, runs);
}

function correct(table: Float32Array, places: Int32Array, error: number): void {
  const gradient = error * scaleOf(places);
  const added = gradient * gradient;
  for (let i = 0; i < places.length; i++) {
    const at = 3 * (places[i] as number);
    const before = table[at + 2] as number;
    const root = Math.sqrt(before * before + added);
    const sum = (table[at + 1] as number) + gradient - ((root - before) / ALPHA) * (table[at] as number);
    table[at] = -sum / ((BETA + root) / ALPHA + L2);
    table[at + 1] = sum;
    table[at + 2] = root;
  }
}

/** One step towards the right answer. */
export function learnLinear(linear: Linear, features: Features, isSpam: boolean): void {
  const error = logistic(linearScore(linear, features)) - Number(isSpam);
  if (Math.abs(error) < ENOUGH) return;
  const { table, bias } = linear;
  correct(table, features.words, error);
  correct(table, features.runs, error);
  bias[1] = (bias[1] as number) + error * error;
  bias[0] = (bias[0] as number) - (error * ALPHA) / (1 + Math.sqrt(bias[1] as number));
}
