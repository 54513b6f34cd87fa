import { logistic } from '../../src/screening/learner/logistic.ts';
import type { Model } from '../../src/screening/learner/model.ts';
import { createModel, learn, oddsOfSpam } from '../../src/screening/learner/model.ts';
import type { Random } from '../random.ts';
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

/** What was promised in a step of probability, and what came: comments, and spam among them. */
export interface Step {
  comments: number;
  promised: number;
  came: number;
}

/** By ten equal steps of probability. */
export function stepsOf(answers: Answer[]): Step[] {
  const steps = Array.from({ length: BINS }, () => ({ comments: 0, promised: 0, came: 0 }));
  for (const { probability, isSpam } of answers) {
    const step = steps[Math.min(BINS - 1, Math.floor(probability * BINS))] as Step;
    step.comments += 1;
    step.promised += probability;
    step.came += Number(isSpam);
  }
  return steps;
}

/** How far what is promised lies from what comes, in ten equal steps of probability, weighed by their comments. */
export const calibrationError = (answers: Answer[]): number =>
  share(
    stepsOf(answers).reduce((sum, { promised, came }) => sum + Math.abs(promised - came), 0),
    answers.length,
  );

const DRAWS = 1000;

/**
 * The calibration error of a model whose every promise is exact, where it promises the same: by chance as many
 * answers show one all the same. Spam is drawn from the promises; the mean, and what one draw of twenty exceeds.
 */
export function errorByChance(answers: Answer[], random: Random): { mean: number; seldom: number } {
  const errors = Array.from({ length: DRAWS }, () =>
    calibrationError(
      answers.map(({ probability }) => ({ probability, isSpam: random.next() < probability })),
    ),
  ).sort((one, other) => one - other);
  const sum = errors.reduce((all, error) => all + error, 0);
  return { mean: sum / DRAWS, seldom: errors[Math.floor(0.95 * DRAWS)] ?? 0 };
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
