import { featuresOf } from '../../src/screening/learner/features.ts';
import { createModel, learn, oddsOfSpam } from '../../src/screening/learner/model.ts';
import { createRandom } from '../random.ts';
import { makeText } from '../seed/words.ts';
import type { Corpus, Judged } from './corpora.ts';
import { HASH_SEED, interleave, readCorpora } from './corpora.ts';
import type { Answer } from './figures.ts';
import {
  accuracy,
  aloneAt,
  answersOf,
  beyondDefaults,
  calibrationError,
  errorByChance,
  falsePositives,
  stepsOf,
  taught,
} from './figures.ts';

const PASSES = 20;
/** Of orders for what is known after some decisions: of 20 the mean is off by half a point. */
const ORDERS = 160;
const LOOKS = [50, 100];
const LONG_TEXT = 10_000;
/** Of eight the mean of a calibration error is off by 0.002. */
const KEYS = Array.from({ length: 40 }, (_, i) => 7919 * (i + 1));
const LESSONS_TIMED = 800;

const line = (text: string): void => void process.stdout.write(`${text}\n`);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function shuffled(rows: Judged[], seed: number): Judged[] {
  const random = createRandom(seed);
  const left = [...rows];
  for (let i = left.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [left[i], left[other]] = [left[other] as Judged, left[i] as Judged];
  }
  return left;
}

function describe(name: string, answers: Answer[]): void {
  const beyond = beyondDefaults(answers);
  const chance = errorByChance(answers, createRandom(HASH_SEED));
  const figures = [
    `accuracy ${percent(accuracy(answers))}`,
    `false positives ${percent(falsePositives(answers))}`,
    `calibration error ${calibrationError(answers).toFixed(3)}, of exact promises ${chance.mean.toFixed(3)} and seldom over ${chance.seldom.toFixed(3)}`,
    `alone at 1 % error ${percent(aloneAt(answers, 0.01))}`,
    `beyond 0.03 and 0.97 ${percent(beyond.share)}, wrong ${percent(beyond.wrong)}`,
  ];
  line(`  ${name} (${answers.length}): ${figures.join(' · ')}`);
}

/** Comments, mean promise and share of spam, by tenths of the promise. */
function describeSteps(answers: Answer[]): void {
  const steps = stepsOf(answers).map(({ comments, promised, came }) =>
    comments === 0 ? '0' : `${comments}: ${(promised / comments).toFixed(2)} ${(came / comments).toFixed(2)}`,
  );
  line(`  comments, spam promised and come, by tenths: ${steps.join(' · ')}`);
}

function onTestParts(language: string, corpora: Corpus[]): void {
  line(`\n${language}: learnt from the first 70 % of each file, tested on the rest`);
  const model = taught(interleave(corpora.map(({ training }) => training)));
  const perFile = corpora.map(({ name, test }) => ({ name, answers: answersOf(model, test) }));
  for (const { name, answers } of perFile) describe(name, answers);
  const pooled = perFile.flatMap(({ answers }) => answers);
  if (corpora.length > 1) describe('pooled', pooled);
  describeSteps(pooled);
}

const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const spanOf = (values: number[], write: (value: number) => string): string =>
  `${write(meanOf(values))} (${write(Math.min(...values))} to ${write(Math.max(...values))})`;

/** The same with other keys of hashing: how much of a figure is chance. */
function byKeys(language: string, folder: string): void {
  const pooled = KEYS.map((key) => {
    const corpora = readCorpora(folder, key).filter((corpus) => corpus.language === language);
    const model = taught(interleave(corpora.map(({ training }) => training)));
    return corpora.flatMap(({ test }) => answersOf(model, test));
  });
  const chance = pooled.map((answers, i) => errorByChance(answers, createRandom(KEYS[i] ?? 0)));
  const figures = [
    `accuracy ${spanOf(pooled.map(accuracy), percent)}`,
    `false positives ${spanOf(pooled.map(falsePositives), percent)}`,
    `calibration error ${spanOf(pooled.map(calibrationError), (error) => error.toFixed(4))}`,
    `of exact promises ${meanOf(chance.map(({ mean }) => mean)).toFixed(4)} and seldom over ${meanOf(chance.map(({ seldom }) => seldom)).toFixed(4)}`,
    `alone at 1 % error ${spanOf(
      pooled.map((answers) => aloneAt(answers, 0.01)),
      percent,
    )}`,
  ];
  line(`  ${KEYS.length} keys of hashing, mean (least to greatest): ${figures.join(' · ')}`);
}

/** Of a pass in random order, what was said of each before it was learnt from. */
function onOnePass(order: Judged[]): Answer[] {
  const model = createModel();
  return order.flatMap((row) => {
    const answers = answersOf(model, [row]);
    learn(model, row.features, row.label);
    return answers;
  });
}

/** How much is right after so many decisions: of all that is still to come, and learning on. */
function inRandomOrder(language: string, rows: Judged[], seed: number): void {
  const from = (orders: number): string => `${orders} (seeds ${seed} to ${seed + orders - 1})`;
  line(`\n${language}: in random order, mean of ${from(ORDERS)}, learning on of ${from(PASSES)}`);
  const orders = Array.from({ length: ORDERS }, (_, n) => shuffled(rows, seed + n));
  const passes = orders.slice(0, PASSES).map(onOnePass);
  for (const look of LOOKS) {
    const rest = orders.map((order) => accuracy(answersOf(taught(order.slice(0, look)), order.slice(look))));
    const onwards = passes.map((answers) => accuracy(answers.slice(look)));
    line(
      `  after ${look} decisions: ${percent(meanOf(rest))} of the rest without learning on, ${percent(meanOf(onwards))} learning on`,
    );
  }
}

/** Calls that are measured together: the system counts processor time in steps. */
const TOGETHER = 20;

/** Microseconds of processor time of a call: of pieces of some calls the median, the first half left out. */
function cost(times: number, call: (i: number) => void): number {
  const took: number[] = [];
  for (let from = 0; from + TOGETHER <= times; from += TOGETHER) {
    const begun = process.cpuUsage();
    for (let i = from; i < from + TOGETHER; i++) call(i);
    const { user, system } = process.cpuUsage(begun);
    took.push((user + system) / TOGETHER);
  }
  const warm = took.slice(took.length / 2).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] ?? 0;
}

function onTheClock(rows: Judged[], seed: number): void {
  const random = createRandom(seed);
  const longText = (): string => {
    let text = '';
    while (text.length < LONG_TEXT) text += `${makeText(random)} `;
    return text.slice(0, LONG_TEXT);
  };
  const longs = Array.from({ length: LESSONS_TIMED }, longText);
  line('\ncost, features included, microseconds of processor time');
  for (const [name, texts] of [
    ['a comment of the files', rows.slice(0, LESSONS_TIMED).map(({ text }) => text)],
    [`a comment of ${LONG_TEXT} characters among such`, longs],
  ] as const) {
    const model = createModel();
    const features = (i: number) => featuresOf({ text: texts[i] ?? '', url: null }, HASH_SEED);
    const lesson = cost(texts.length, (i) => learn(model, features(i), i % 2 === 0 ? 'ham' : 'spam'));
    const score = cost(texts.length, (i) => void oddsOfSpam(model, features(i)));
    line(`  ${name}: a score ${score.toFixed(0)}, a lesson ${lesson.toFixed(0)}`);
  }
}

export function main({ args, folder }: { args: string[]; folder: string }): number {
  const at = args.indexOf('--seed');
  const seed = at < 0 ? 1 : Number(args[at + 1]);
  const given = args.find((arg, i) => !arg.startsWith('--') && (at < 0 || i !== at + 1));
  const corpora = readCorpora(given ?? folder);
  line(`${corpora.map(({ name }) => name).join(', ')}; seed ${seed}; Node ${process.version}`);
  for (const language of ['english', 'persian'] as const) {
    const ofLanguage = corpora.filter((corpus) => corpus.language === language);
    if (ofLanguage.length === 0) continue;
    onTestParts(language, ofLanguage);
    byKeys(language, given ?? folder);
    inRandomOrder(
      language,
      ofLanguage.flatMap(({ training, test }) => [...training, ...test]),
      seed,
    );
  }
  onTheClock(
    corpora.flatMap(({ training }) => training),
    seed,
  );
  return 0;
}
