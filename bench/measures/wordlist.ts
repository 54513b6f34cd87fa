import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { screen } from '../../src/screening/index.ts';
import type { ScreeningInput } from '../../src/screening/phase.ts';
import { buildMatcher } from '../../src/screening/wordlist/matcher.ts';
import { DEFAULT_POLICY } from '../../src/sites/policy.ts';
import type { BenchContext } from '../bench-context.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { megabytes, milliseconds } from '../report.ts';
import { makeText } from '../seed/words.ts';

const TERMS = 10_000;
const LONG_TERM = 200;
const LONG_TEXT = 10_000;
const WARM_RUNS = 1000;
const BATCHES = 50;
const BATCH = 5;
const BUILDS = 3;
const MOST_MATCHES = 20;
const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz', 'ابپتثجچحخدذرزسشصضطعغفقکگلمنوهی'] as const;
const GROUP = 'Screening';

/** A word that no text holds, in one of two scripts; every tenth may begin, and every tenth end, inside a word. */
function makeTerm(random: Random, number: number, length: number): string {
  const letters = ALPHABETS[number % 2] ?? '';
  let word = '';
  while (word.length < length - 2) word += letters.charAt(random.below(letters.length));
  return `${number % 10 === 0 ? '*' : ''}${word}${number % 10 === 1 ? '*' : ''}`;
}

function makeLongText(random: Random): string {
  let text = '';
  while (text.length < LONG_TEXT) text += `${makeText(random)} `;
  return text.slice(0, LONG_TEXT);
}

/** Milliseconds of a call in the fastest of many short batches: what else the machine does is not in it. */
function cost(call: () => void): number {
  for (let run = 0; run < WARM_RUNS; run++) call();
  const batches = Array.from({ length: BATCHES }, () => {
    const begun = performance.now();
    for (let run = 0; run < BATCH; run++) call();
    return (performance.now() - begun) / BATCH;
  });
  return Math.min(...batches);
}

/** Collects what nothing holds any more, so that memory is what is kept. Buffers go a turn after their owners. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  for (let time = 0; time < 3; time++) {
    runInNewContext('gc')();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The longest that others waited for their turn while the work went on, in milliseconds. */
async function longestWait(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  return longest;
}

const listsOf = (terms: string[]) => ({ hold: terms.slice(TERMS / 2), reject: terms.slice(0, TERMS / 2) });

function usualInput(body: string): ScreeningInput {
  const site = { id: 'a', name: 'a', origins: [], locale: 'fa', timeZone: 'UTC', version: 1 };
  return {
    site: { ...site, policy: DEFAULT_POLICY, createdAt: 0, updatedAt: 0 },
    id: 'a',
    body,
    name: 'مریم Smith',
    url: null,
    email: null,
    trusted: false,
    standing: 'new',
    nameOf: null,
    ownAddressShown: false,
    turnedLetters: false,
    trapFilled: false,
    elapsedMs: 40_000,
    words: null,
    precedent: null,
    learnt: null,
    lookUps: {},
    edit: false,
  };
}

/** What word lists and the other phases cost a post: in this process, no server between. */
export async function measureWordlist(context: BenchContext): Promise<void> {
  const random = createRandom(context.options.seed);
  const add = (figure: string, value: number, goal: number, how: string): void =>
    context.add({
      group: GROUP,
      figure,
      gatehouse: milliseconds(value),
      bare: '',
      ratio: '',
      goal: `< ${goal} ms`,
      met: value < goal,
      how,
    });

  const terms = Array.from({ length: TERMS }, (_, at) => makeTerm(random, at, 7 + random.below(9)));
  const matcher = await buildMatcher(listsOf(terms));
  const text = makeLongText(random);
  add(
    '10,000 terms against 10,000 characters',
    cost(() => matcher.find(text, MOST_MATCHES)),
    0.5,
    'terms of 5 to 13 letters, one in five with a `*`; everything beyond having no list',
  );

  const texts = Array.from({ length: 100 }, () => makeText(random));
  let turn = 0;
  const next = (): string => texts[turn++ % texts.length] ?? '';
  add(
    'all phases, a usual comment',
    cost(() => screen(usualInput(next()))),
    0.3,
    '8 to 70 words, no list',
  );
  add(
    'all phases, with 10,000 terms',
    cost(() => screen({ ...usualInput(next()), words: matcher })),
    0.3,
    'the same comments',
  );

  const long = Array.from({ length: TERMS }, (_, at) => makeTerm(random, at, LONG_TERM));
  const waits: number[] = [];
  for (let build = 1; build < BUILDS; build++)
    waits.push(await longestWait(async () => void (await buildMatcher(listsOf(long)))));
  await collectGarbage();
  const before = process.memoryUsage();
  let kept: unknown;
  waits.push(
    await longestWait(async () => {
      kept = await buildMatcher(listsOf(long));
    }),
  );
  await collectGarbage();
  const after = process.memoryUsage();
  const memory = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  add(
    'the longest pause while 10,000 terms of 200 are built',
    Math.min(...waits),
    50,
    'how long an event waited for its turn; the best of three builds',
  );
  context.add({
    group: GROUP,
    figure: 'memory of 10,000 terms of 200',
    gatehouse: kept === undefined ? '' : megabytes(memory),
    bare: '',
    ratio: '',
    goal: '≤ 30 MB',
    met: memory <= 30,
    how: 'heap and buffers, after a collection; the terms themselves not counted',
  });
}
