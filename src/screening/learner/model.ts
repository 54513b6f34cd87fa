import type { Bayes, LeftOut } from './bayes.ts';
import { bayesScore, createBayes, learnBayes } from './bayes.ts';
import type { Calibration, Scores } from './calibration.ts';
import {
  answersSinceFirst,
  createCalibration,
  learnCalibration,
  lessonOfAnswer,
  oddsOf,
  revise,
} from './calibration.ts';
import type { Features } from './features.ts';
import type { Linear } from './linear.ts';
import { createLinear, learnLinear, linearScore } from './linear.ts';
import type { Table } from './table.ts';
import { createTable } from './table.ts';

export type Label = 'ham' | 'spam';

/** A comment that is learnt from again and again. */
export interface Example {
  features: Features;
  label: Label;
}

/**
 * All that was learnt: a pure function of its lessons, in their order. About 2.1 MB, and twice as much again for the
 * examples of a site of long comments.
 */
export interface Model {
  /** Over words, pairs of words and orthography. */
  bayes: Bayes;
  /** Over runs of characters: right where words are bent, glued or misspelt. */
  runs: Bayes;
  linear: Linear;
  /** The numbers of all three. */
  table: Table;
  calibration: Calibration;
  examples: Example[];
  /** Lessons of each class. */
  ham: number;
  spam: number;
  /** Draws examples; the same everywhere. */
  state: number;
}

/** Examples kept: the earliest, then by chance as many of each time. */
const MOST_EXAMPLES = 1024;
/** Features of an example, of either kind: 4 KB at most. */
const MOST_PLACES = 512;
/** Past lessons repeated at each lesson: more while there are few, when all is still to be learnt. */
const REPEATED = 8;
const REPEATED_EARLY = 16;
const EARLY = 300;
/** How much more than others a lesson of the rarer class may count. */
const MOST_WEIGHT = 3;
/** Features of a lesson and of what is repeated at it: long comments are many of them. */
const MOST_WORK = 6000;
/** The same of what is looked at again for the calibration's sake. */
const MOST_REVISED = 4000;
const LEFT_OUT: Record<Label, LeftOut> = { ham: { ham: 1, spam: 0 }, spam: { ham: 0, spam: 1 } };

/** Where the counts of a place are, of words and of runs. */
const OF_WORDS = 4;
const OF_RUNS = 6;

export function createModel(): Model {
  const table = createTable();
  return {
    bayes: createBayes(table, { first: OF_WORDS, byLength: false }),
    runs: createBayes(table, { first: OF_RUNS, byLength: true }),
    linear: createLinear(table),
    table,
    calibration: createCalibration(),
    examples: [],
    ham: 0,
    spam: 0,
    state: 12_345,
  };
}

const sizeOf = ({ words, runs }: Features): number => words.length + runs.length;

const scoresOf = ({ bayes, runs, linear }: Model, features: Features): Scores => [
  bayesScore(bayes, features.words),
  bayesScore(runs, features.runs),
  linearScore(linear, features),
];

/** Log-odds that a comment is spam. */
export function oddsOfSpam(model: Model, features: Features): number {
  return oddsOf(model.calibration, scoresOf(model, features));
}

/** The next of a fixed row of numbers from 0 to below `end` (Numerical Recipes' linear congruential one). */
function draw(model: Model, end: number): number {
  model.state = (Math.imul(model.state, 1_664_525) + 1_013_904_223) | 0;
  return (model.state >>> 8) % end;
}

/**
 * How much a lesson counts for the linear model: while there are few, both classes as much as each other. Which of
 * them happened to come more often would else weigh on every word; how common spam is, the calibration knows.
 */
function weightOf(model: Model, label: Label): number {
  const lessons = model.ham + model.spam;
  return lessons < EARLY ? Math.min(MOST_WEIGHT, (lessons + 2) / 2 / (model[label] + 1)) : 1;
}

/** `done`: features that the lesson itself had. */
function repeat(model: Model, done: number): void {
  const times = model.ham + model.spam < EARLY ? REPEATED_EARLY : REPEATED;
  if (model.examples.length === 0) return;
  for (let time = 0, work = done; time < times && work < MOST_WORK; time++) {
    const { features, label } = model.examples[draw(model, model.examples.length)] as Example;
    work += sizeOf(features);
    const score = linearScore(model.linear, features);
    learnLinear(model.linear, features, { score, isSpam: label === 'spam', weight: weightOf(model, label) });
  }
}

/**
 * While decisions are few, what was said of a comment before it was learnt from was said by a model that knew much
 * less: Bayes is asked again, as if it had learnt all but that one.
 */
function lookAgain(model: Model): void {
  const { bayes, runs, calibration, examples } = model;
  const count = answersSinceFirst(calibration);
  for (let time = 0, work = 0; time < count && work < MOST_REVISED; time++) {
    const answer = draw(model, count);
    const { features, label } = examples[lessonOfAnswer(answer)] as Example;
    work += sizeOf(features);
    const leftOut = LEFT_OUT[label];
    revise(calibration, answer, [
      bayesScore(bayes, features.words, leftOut),
      bayesScore(runs, features.runs, leftOut),
    ]);
  }
}

function keep(model: Model, { words, runs }: Features, label: Label): void {
  const features = { words: words.slice(0, MOST_PLACES), runs: runs.slice(0, MOST_PLACES) };
  if (model.examples.length < MOST_EXAMPLES) model.examples.push({ features, label });
  else model.examples[draw(model, MOST_EXAMPLES)] = { features, label };
}

/** One decision of a person. */
export function learn(model: Model, features: Features, label: Label): void {
  const { bayes, runs, linear, calibration } = model;
  const isSpam = label === 'spam';
  const scores = scoresOf(model, features);
  const met = model.ham + model.spam;
  model[label] += 1;
  learnBayes(bayes, features.words, isSpam);
  learnBayes(runs, features.runs, isSpam);
  learnLinear(linear, features, { score: scores[2], isSpam, weight: weightOf(model, label) });
  repeat(model, sizeOf(features));
  keep(model, features, label);
  lookAgain(model);
  learnCalibration(calibration, { scores, isSpam, met });
}
