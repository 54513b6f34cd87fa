import { logistic } from './logistic.ts';

/**
 * Joins the scores of a text to one probability: a logistic regression over what they were for the newest comments
 * before these were learnt from, drawn to a fixed beginning while there are few. Platt's scaling, kept up. Of many
 * the newest half counts: what was said by models that had learnt at least half of what is learnt now.
 * Of what it would get wrong a part is taken to be people's doing: where they are of two minds, it is less sure.
 *
 * Where the regression itself is unsure of the odds, they are brought nearer to even: it answers with the mean over
 * all regressions that fit about as well (MacKay, "The Evidence Framework Applied to Classification Networks", 1992).
 */
export interface Calibration {
  /** What is added, and the weights of the scores. */
  coefficients: Float64Array;
  /** How far the coefficients may be off: their covariance, row by row. */
  spread: Float64Array;
  /** The newest answers in a ring, not all of which count: the scores, and 1 for spam. */
  answers: Float64Array;
  /** How many there ever were. */
  given: number;
}

/** Of words by Bayes, of runs by Bayes, and of the linear model; > 0 for spam. */
export type Scores = readonly [words: number, runs: number, linear: number];

const KEPT = 1024;
/** Of all answers the newest that count, but so many at least. */
const SHARE = 0.5;
const LEAST = 256;
const BEGINNING: readonly number[] = [0, 0.4, 0.3, 1.2];
/** How many answers the beginning weighs as much as. */
const PULL: readonly number[] = [5, 20, 20, 20];
const SIZE = BEGINNING.length;
/** Steps at each answer; of many answers one more changes little. */
const ROUNDS = 2;
const ROUNDS_OF_MANY = 1;
const LONGEST_STEP = 1;
/** The first answers were guesses. */
const GUESSES = 4;
/** Of so many of what it gets wrong, one decision is taken to be the wrong one. */
const ERRORS_A_SLIP = 20;

/** A matrix with numbers on its diagonal alone. */
function diagonal(numbers: readonly number[]): Float64Array {
  const matrix = new Float64Array(SIZE * SIZE);
  for (const [i, number] of numbers.entries()) matrix[i * SIZE + i] = number;
  return matrix;
}

export const createCalibration = (): Calibration => ({
  coefficients: Float64Array.from(BEGINNING),
  spread: diagonal(PULL.map((pull) => 1 / pull)),
  answers: new Float64Array(KEPT * SIZE),
  given: 0,
});

function product(row: ArrayLike<number>, from: number, [words, runs, linear]: Scores): number {
  const [base, first, second, third] = [row[from], row[from + 1], row[from + 2], row[from + 3]];
  return (
    (base as number) + (first as number) * words + (second as number) * runs + (third as number) * linear
  );
}

/** Log-odds of spam. */
export function oddsOf({ coefficients, spread }: Calibration, scores: Scores): number {
  const odds = product(coefficients, 0, scores);
  const variance = [1, ...scores].reduce(
    (sum, score, i) => sum + score * product(spread, i * SIZE, scores),
    0,
  );
  return odds / Math.sqrt(1 + (Math.PI / 8) * variance);
}

/** Adds a row to another, so many times. */
function addRow(
  matrix: Float64Array,
  { from, to, times }: { from: number; to: number; times: number },
): void {
  for (let column = 0; column < SIZE; column++) {
    const at = to * SIZE + column;
    matrix[at] = (matrix[at] as number) + times * (matrix[from * SIZE + column] as number);
  }
}

/** The inverse of a symmetric positive matrix, by Gauss and Jordan; what is given is used up. */
function inverse(matrix: Float64Array): Float64Array {
  const result = diagonal(PULL.map(() => 1));
  for (let from = 0; from < SIZE; from++) {
    // The pivot's own row first: it becomes 1 there, and the others 0.
    const pivot = matrix[from * SIZE + from] as number;
    for (const each of [matrix, result]) addRow(each, { from, to: from, times: 1 / pivot - 1 });
    for (let to = 0; to < SIZE; to++) {
      if (to === from) continue;
      const times = -(matrix[to * SIZE + from] as number);
      for (const each of [matrix, result]) addRow(each, { from, to, times });
    }
  }
  return result;
}

/** Of the lesson whose answer it is, all counted from 0. */
export const lessonOfAnswer = (answer: number): number => answer + GUESSES;

/** How many answers there are while the first still counts among few; 0 from then on. */
export const answersSinceFirst = ({ given }: Calibration): number => (given > LEAST ? 0 : given);

/** Puts what Bayes says of a comment now in the place of what it said then. */
export function revise({ answers }: Calibration, answer: number, [words, runs]: [number, number]): void {
  answers[SIZE * answer] = words;
  answers[SIZE * answer + 1] = runs;
}

/** How many of the answers count. */
const countOf = ({ given }: Calibration): number =>
  Math.min(given, KEPT, Math.max(LEAST, Math.round(SHARE * given)));

/** Log-odds of each answer that counts, the oldest first, of the calibration under way. */
const odds = new Float64Array(KEPT);

/** Where in the ring such an answer is. */
const placeOf = (given: number, count: number, n: number): number => SIZE * ((given - count + n) % KEPT);

/** Works out the odds of the newest answers; tells how many of them are wrong. */
function askAll({ coefficients, answers, given }: Calibration, count: number): number {
  const [base = 0, ofWords = 0, ofRuns = 0, ofLinear = 0] = coefficients;
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const at = placeOf(given, count, i);
    const said =
      base +
      ofWords * (answers[at] as number) +
      ofRuns * (answers[at + 1] as number) +
      ofLinear * (answers[at + 2] as number);
    odds[i] = said;
    wrong += Number(said >= 0 !== (answers[at + SIZE - 1] === 1));
  }
  return wrong;
}

/** How often people are taken to decide by mistake; by Laplace's rule, one error and one right answer more. */
const slipsOf = (wrong: number, count: number): number => (wrong + 1) / (count + 2) / ERRORS_A_SLIP;

/** Where the answers want to go from the coefficients as they are, and how they bend. */
function slopes(calibration: Calibration): { slope: Float64Array; bend: Float64Array } {
  const { coefficients, answers, given } = calibration;
  const slope = Float64Array.from(
    PULL,
    (pull, i) => pull * ((coefficients[i] as number) - (BEGINNING[i] as number)),
  );
  const bend = diagonal(PULL);
  const row = new Float64Array(SIZE).fill(1);
  const count = countOf(calibration);
  const slips = slipsOf(askAll(calibration, count), count);
  for (let n = 0; n < count; n++) {
    const at = placeOf(given, count, n);
    for (let i = 1; i < SIZE; i++) row[i] = answers[at + i - 1] as number;
    const said = logistic(odds[n] as number);
    const error = said - (answers[at + SIZE - 1] === 1 ? 1 - slips : slips);
    const weight = said * (1 - said);
    for (let i = 0; i < SIZE; i++) {
      const one = row[i] as number;
      const weighed = weight * one;
      slope[i] = (slope[i] as number) + error * one;
      for (let j = 0; j <= i; j++) {
        const place = i * SIZE + j;
        bend[place] = (bend[place] as number) + weighed * (row[j] as number);
      }
    }
  }
  for (let i = 0; i < SIZE; i++)
    for (let j = i + 1; j < SIZE; j++) bend[i * SIZE + j] = bend[j * SIZE + i] as number;
  return { slope, bend };
}

/** One step of Newton's method, cut short where it would leap. */
function refine(calibration: Calibration): void {
  const { coefficients, spread } = calibration;
  const { slope, bend } = slopes(calibration);
  spread.set(inverse(bend));
  for (let i = 0; i < SIZE; i++) {
    let step = 0;
    for (let j = 0; j < SIZE; j++) step += (spread[i * SIZE + j] as number) * (slope[j] as number);
    const cut = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step));
    coefficients[i] = (coefficients[i] as number) - cut;
  }
}

/** Takes in what the scores of a comment were before it was learnt from. `met`: comments learnt from before. */
export function learnCalibration(
  calibration: Calibration,
  { scores, isSpam, met }: { scores: Scores; isSpam: boolean; met: number },
): void {
  if (met >= GUESSES) {
    calibration.answers.set([...scores, Number(isSpam)], SIZE * (calibration.given % KEPT));
    calibration.given += 1;
  }
  const rounds = calibration.given > LEAST ? ROUNDS_OF_MANY : ROUNDS;
  for (let round = 0; round < rounds; round++) refine(calibration);
}
