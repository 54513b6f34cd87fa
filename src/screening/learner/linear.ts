import type { Features } from './features.ts';
import { logistic } from './logistic.ts';
import type { Table } from './table.ts';
import { NUMBERS_A_PLACE } from './table.ts';

/**
 * A logistic regression that learns by FTRL-Proximal: each weight has a learning rate of its own (McMahan et al.,
 * "Ad Click Prediction: a View from the Trenches", KDD 2013, algorithm 1). Without its L1 part: the tables are
 * of a fixed size anyway. And without a weight of every text alike: how common spam is, the calibration knows.
 */
export interface Linear {
  /** Shared: the first two of a place are the sum that its weight is worked out from, and the root of its squares. */
  numbers: Table['numbers'];
}

const ALPHA = 2;
const BETA = 1;
const L2 = 0.001;
/** An answer that is right by so much has nothing to teach. */
const ENOUGH = 0.01;

export const createLinear = ({ numbers }: Table): Linear => ({ numbers });

/** A long text has many features, and each then counts for less. */
const scaleOf = (places: Int32Array): number => 1 / Math.sqrt(places.length || 1);

const weightOf = (sum: number, root: number): number => -sum / ((BETA + root) / ALPHA + L2);

/** What one place says, > 0 for spam. */
export const linearWeight = ({ numbers }: Linear, place: number): number =>
  weightOf(numbers[NUMBERS_A_PLACE * place] as number, numbers[NUMBERS_A_PLACE * place + 1] as number);

function sumOf(numbers: Float32Array, places: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) {
    const at = NUMBERS_A_PLACE * (places[i] as number);
    sum += weightOf(numbers[at] as number, numbers[at + 1] as number);
  }
  return sum;
}

/** Log-odds of spam. */
export const linearScore = ({ numbers }: Linear, { words, runs }: Features): number =>
  sumOf(numbers, words) * scaleOf(words) + sumOf(numbers, runs) * scaleOf(runs);

function correct(numbers: Float32Array, places: Int32Array, error: number): void {
  const gradient = error * scaleOf(places);
  const added = gradient * gradient;
  for (let i = 0; i < places.length; i++) {
    const at = NUMBERS_A_PLACE * (places[i] as number);
    const sum = numbers[at] as number;
    const before = numbers[at + 1] as number;
    const root = Math.sqrt(before * before + added);
    numbers[at] = sum + gradient - ((root - before) / ALPHA) * weightOf(sum, before);
    numbers[at + 1] = root;
  }
}

/** One step towards the right answer, `weight` times as long; `score` is what was said before it. */
export function learnLinear(
  { numbers }: Linear,
  { words, runs }: Features,
  { score, isSpam, weight }: { score: number; isSpam: boolean; weight: number },
): void {
  const error = logistic(score) - Number(isSpam);
  if (Math.abs(error) < ENOUGH) return;
  correct(numbers, words, error * weight);
  correct(numbers, runs, error * weight);
}
