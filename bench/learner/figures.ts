import { logistic } from '../../src/screening/learner/logistic.ts';
import type { Model } from '../../src/screening/learner/model.ts';
import { createModel, learn, oddsOfSpam } from '../../src/screening/learner/model.ts';
import type { Judged } from './corpora.ts';

/** What was said of a comment, and what a person said. */
export interface Answer {
  probability: number;
  isSpam: boolean;
}

export function taught(lessons: Judged[]): Model {
  const model = createModel();
  for (const { features, label } of lessons) learn(model, features, label);
  return model;
}

export const answersOf = (model: Model, rows: Judged[]): Answer[] =>
  rows.map(({ features, label }) => ({
    probability: logistic(oddsOfSpam(model, features)),
    isSpam: label === 'spam',
  }));

const isRight = ({ probability, isSpam }: Answer): boolean => probability >= 0.5 === isSpam;
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const accuracy = (answers: Answer[]): number => share(answers.filter(isRight).length, answers.length);

/** Of what people let through, how much is called spam. */
export function falsePositives(answers: Answer[]): number {
  const ham = answers.filter(({ isSpam }) => !isSpam);
  return share(ham.filter(({ probability }) => probability >= 0.5).length, ham.length);
}

const BINS = 10;

/** How far what is promised lies from what comes, in ten equal steps of probability, weighed by their comments. */
export function calibrationError(answers: Answer[]): number {
  const sums = Array.from({ length: BINS }, () => 0);
  for (const { probability, isSpam } of answers) {
    const bin = Math.min(BINS - 1, Math.floor(probability * BINS));
    sums[bin] = (sums[bin] ?? 0) + probability - Number(isSpam);
  }
  return share(
    sums.reduce((sum, off) => sum + Math.abs(off), 0),
    answers.length,
  );
}

/** The greatest share, surest first, in which no more than `most` of the answers are wrong. */
export function aloneAt(answers: Answer[], most: number): number {
  const sure = (answer: Answer): number => Math.abs(answer.probability - 0.5);
  const surest = [...answers].sort((a, b) => sure(b) - sure(a));
  let wrong = 0;
  let best = 0;
  for (const [i, answer] of surest.entries()) {
    if (!isRight(answer)) wrong += 1;
    if (wrong / (i + 1) <= most) best = i + 1;
  }
  return share(best, answers.length);
}

/** With the thresholds of a new site: what is beyond them, and how much of that is wrong. */
export function beyondDefaults(answers: Answer[]): { share: number; wrong: number } {
  const beyond = answers.filter(({ probability }) => probability >= 0.97 || probability <= 0.03);
  return {
    share: share(beyond.length, answers.length),
    wrong: share(beyond.filter((answer) => !isRight(answer)).length, beyond.length),
  };
}
