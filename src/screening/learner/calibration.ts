import { logistic } from './logistic.ts';

/**
 * Joins two scores to one probability: a logistic regression over what both said of the newest comments before
 * they learnt from them, drawn to a fixed beginning while there are few. Platt's scaling, kept up.
 */
export interface Calibration {
  /** What is added, and the weights of both scores. */
  coefficients: Float64Array;
  /** The newest answers in a ring: both scores, and 1 for spam. */
  answers: Float64Array;
  /** How many there ever were. */
  given: number;
}

const KEPT = 256;
const BEGINNING = [0, 0.5, 1.5] as const;
/** How many answers the beginning weighs as much as. */
const PULL = [5, 20, 20] as const;
const ROUNDS = 2;
const LONGEST_STEP = 1;
/** The first answers were guesses. */
const GUESSES = 4;

export const createCalibration = (): Calibration => ({
  coefficients: Float64Array.from(BEGINNING),
  answers: new Float64Array(KEPT * 3),
  given: 0,
});

export const oddsOf = ({ coefficients: [base, first, second] }: Calibration, a: number, b: number): number =>
  (base as number) + (first as number) * a + (second as number) * b;

/** The solution of a symmetric system of three, by Cramer's rule. */
function solve([a, b, c, d, e, f]: Six, [p, q, r]: Three): Three {
  const ab = d * f - e * e;
  const bc = c * e - b * f;
  const ca = b * e - c * d;
  const whole = a * ab + b * bc + c * ca;
  return [
    (p * ab + q * bc + r * ca) / whole,
    (p * bc + q * (a * f - c * c) + r * (b * c - a * e)) / whole,
    (p * ca + q * (b * c - a * e) + r * (a * d - b * b)) / whole,
  ];
}

type Three = [number, number, number];
/** The upper half of a symmetric matrix, row by row. */
type Six = [number, number, number, number, number, number];

/** One step of Newton's method, cut short where it would leap. */
function refine({ coefficients, answers, given }: Calibration): void {
  const [base = 0, first = 0, second = 0] = coefficients;
  const [pull, pullFirst, pullSecond] = PULL;
  const slope: Three = [
    pull * (base - BEGINNING[0]),
    pullFirst * (first - BEGINNING[1]),
    pullSecond * (second - BEGINNING[2]),
  ];
  const bend: Six = [pull, 0, 0, pullFirst, 0, pullSecond];
  const end = 3 * Math.min(given, KEPT);
  for (let at = 0; at < end; at += 3) {
    const a = answers[at] as number;
    const b = answers[at + 1] as number;
    const said = logistic(base + first * a + second * b);
    const error = said - (answers[at + 2] as number);
    const weight = said * (1 - said);
    slope[0] += error;
    slope[1] += error * a;
    slope[2] += error * b;
    bend[0] += weight;
    bend[1] += weight * a;
    bend[2] += weight * b;
    bend[3] += weight * a * a;
    bend[4] += weight * a * b;
    bend[5] += weight * b * b;
  }
  for (const [i, by] of solve(bend, slope).entries()) {
    const cut = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, by));
    coefficients[i] = (coefficients[i] as number) - cut;
  }
}

/** Takes in what both scores said of a comment before they learnt from it. `met`: comments learnt from before. */
export function learnCalibration(
  calibration: Calibration,
  { bayes, linear, isSpam, met }: { bayes: number; linear: number; isSpam: boolean; met: number },
): void {
  if (met >= GUESSES) {
    calibration.answers.set([bayes, linear, Number(isSpam)], 3 * (calibration.given % KEPT));
    calibration.given += 1;
  }
  for (let round = 0; round < ROUNDS; round++) refine(calibration);
}
