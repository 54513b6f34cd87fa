import type { Bayes } from '../../../../src/screening/learner/bayes.ts';
import { bayesScore, createBayes, learnBayes } from '../../../../src/screening/learner/bayes.ts';
import { weighWords } from '../../../../src/screening/learner/explain.ts';
import type { LearntText } from '../../../../src/screening/learner/features.ts';
import { featuresOf } from '../../../../src/screening/learner/features.ts';
import { linearScore } from '../../../../src/screening/learner/linear.ts';
import { logistic } from '../../../../src/screening/learner/logistic.ts';
import type { Label, Model } from '../../../../src/screening/learner/model.ts';
import { createModel, learn, oddsOfSpam } from '../../../../src/screening/learner/model.ts';
import { modelFromBytes, modelToBytes } from '../../../../src/screening/learner/snapshot.ts';
import { createTable } from '../../../../src/screening/learner/table.ts';
import type { CorpusName } from '../../../support/corpora.ts';
import { readCorpus } from '../../../support/corpora.ts';

const SEED = 7;
const textOf = (text: string): LearntText => ({ text, url: null });
const score = (model: Model, text: string): number =>
  logistic(oddsOfSpam(model, featuresOf(textOf(text), SEED)));

function taught(lessons: { text: string; label: Label }[]): Model {
  const model = createModel();
  for (const { text, label } of lessons) learn(model, featuresOf(textOf(text), SEED), label);
  return model;
}

function taughtBayes(
  lessons: [places: Int32Array, isSpam: boolean][],
  kind: Parameters<typeof createBayes>[1],
): Bayes {
  const bayes = createBayes(createTable(), kind);
  for (const [places, isSpam] of lessons) learnBayes(bayes, places, isSpam);
  return bayes;
}

const trainingOf = (name: CorpusName) => {
  const rows = readCorpus(name);
  const end = Math.round(rows.length * 0.7);
  return { training: rows.slice(0, end), test: rows.slice(end) };
};

const rightOf = (model: Model, rows: { text: string; label: Label }[]): number =>
  rows.filter(({ text, label }) => score(model, text) >= 0.5 === (label === 'spam')).length / rows.length;

describe('the model', () => {
  it('knows nothing at first', () => {
    expect(score(createModel(), 'anything')).toBeCloseTo(0.5, 5);
  });

  it('tells most of what people will call spam from what they said before, in English and Persian', () => {
    const english = [trainingOf('youtube-01-psy'), trainingOf('youtube-02-katyperry')];
    const model = taught(english.flatMap(({ training }) => training));
    expect(
      rightOf(
        model,
        english.flatMap(({ test }) => test),
      ),
    ).toBeGreaterThan(0.93);
    const persian = trainingOf('persian-instagram');
    expect(rightOf(taught(persian.training), persian.test)).toBeGreaterThan(0.85);
  });

  it('is the same after the same lessons, and goes on alike from its bytes', () => {
    const { training } = trainingOf('youtube-01-psy');
    const half = taught(training.slice(0, 120));
    const read = modelFromBytes(modelToBytes(half));
    if (!read) throw new Error('it reads what it wrote');
    for (const { text, label } of training.slice(120)) {
      learn(half, featuresOf(textOf(text), SEED), label);
      learn(read, featuresOf(textOf(text), SEED), label);
    }
    const whole = taught(training);
    for (const { text } of training.slice(0, 20)) {
      expect(score(read, text)).toBe(score(half, text));
      expect(score(whole, text)).toBe(score(half, text));
    }
  });

  it('reads no bytes of another version, and none that were cut short', () => {
    const bytes = modelToBytes(createModel());
    expect(() => modelFromBytes(bytes.subarray(0, bytes.length - 3))).toThrow(RangeError);
    const other = modelToBytes(createModel());
    other[0] = 99;
    expect(modelFromBytes(other)).toBeNull();
    // The first version began with counts.
    const first = new Uint8Array(other.length);
    first.set(new Uint8Array(Float64Array.of(1024, 2048, 512).buffer));
    expect(modelFromBytes(first)).toBeNull();
  });

  it('compares words folded: digits, letters and half-spaces of all keyboards are one', () => {
    const model = taught(
      [...Array(12).keys()].flatMap(() => [
        { text: 'خرید فالوور ۱۲۳ می‌شود', label: 'spam' as const },
        { text: 'مقاله خوبی بود', label: 'ham' as const },
      ]),
    );
    expect(score(model, 'خريد فالوور 123 میشود')).toBeGreaterThan(0.9);
    expect(score(model, 'مقاله خوبي بود')).toBeLessThan(0.1);
  });

  it('asks Bayes about a comment it has learnt as if it had not', () => {
    const [one, other] = [Int32Array.of(3, 5, 9), Int32Array.of(3, 5)];
    const bayesOf = (lessons: [places: Int32Array, isSpam: boolean][]) =>
      taughtBayes(lessons, { first: 4, byLength: false });
    const without = bayesOf([
      [one, false],
      [other, true],
    ]);
    const leftOut = { ham: 0, spam: 1 } as const;
    const all = bayesOf([
      [one, false],
      [other, true],
      [one, true],
    ]);
    expect(bayesScore(all, one, leftOut)).toBeCloseTo(bayesScore(without, one), 12);
    expect(bayesScore(all, one)).toBeGreaterThan(bayesScore(without, one));
  });

  it('takes a text longer than usual for one of those that are longer, but only so far', () => {
    const upTo = (end: number): Int32Array => Int32Array.from({ length: end }, (_, place) => place);
    const lessons = [...Array(20).keys()].map((n): [Int32Array, boolean] =>
      n % 2 === 0 ? [upTo(30), false] : [upTo(60), true],
    );
    const [plain, byLength] = [false, true].map((counts) =>
      taughtBayes(lessons, { first: 6, byLength: counts }),
    ) as [Bayes, Bayes];
    const added = (end: number): number => bayesScore(byLength, upTo(end)) - bayesScore(plain, upTo(end));
    expect(added(10)).toBeLessThan(0);
    expect(added(60)).toBeGreaterThan(0);
    expect(added(10)).toBeLessThan(added(30));
    const usual = Math.sqrt(45 * 0.95);
    expect(added(60)).toBeLessThan(Math.log(2) * usual);
    const alike = taughtBayes([...lessons, ...lessons.map(([a, b]): [Int32Array, boolean] => [a, !b])], {
      first: 6,
      byLength: true,
    });
    expect(bayesScore(alike, upTo(60))).toBeCloseTo(0, 12);
  });

  it('weighs few lessons of a class as much as the others, and knows how common it is all the same', () => {
    const model = taught(
      [...Array(60).keys()].map((n) => ({ text: 'good day', label: n % 5 === 2 ? 'spam' : 'ham' })),
    );
    const evidence = linearScore(model.linear, featuresOf(textOf('good day'), SEED));
    expect(evidence).toBeGreaterThan(Math.log(12 / 48));
    expect(score(model, 'good day')).toBeLessThan(0.25);
  });

  it.each([
    ['see wzyx.org', true],
    ['see Wzyx . COM', true],
    ['see wzyx.com.', true],
    ['see wzyx.pl/now', true],
    ['see wzyx.comics', false],
    ['see wzyx. Or', false],
    ['see 3.50', false],
  ])('knows a host it never met by its ending: %s', (text, isHost) => {
    const wordsOf = (of: string) => featuresOf(textOf(of), SEED).words;
    const ofHosts = wordsOf('kobold.com').filter((place) => !wordsOf('kobold.con').includes(place));
    expect(wordsOf(text).some((place) => ofHosts.includes(place))).toBe(isHost);
  });

  it('is less sure of the same words where people were of two minds', () => {
    const lessons = (slips: number) =>
      [...Array(60).keys()].flatMap((n) => [
        { text: `cheap pills ${n}`, label: n % 30 < slips ? ('ham' as const) : ('spam' as const) },
        { text: `lovely article ${n}`, label: 'ham' as const },
      ]);
    const sure = score(taught(lessons(0)), 'cheap pills');
    expect(score(taught(lessons(4)), 'cheap pills')).toBeLessThan(sure);
    expect(sure).toBeLessThan(1 - 1 / 2000);
  });

  it('learns a flood of one kind and still knows the other', () => {
    const model = taught([
      ...[...Array(5).keys()].map((n) => ({ text: `lovely article number ${n}`, label: 'ham' as const })),
      ...[...Array(400).keys()].map((n) => ({ text: `cheap pills ${n} order now`, label: 'spam' as const })),
    ]);
    expect(score(model, 'what a lovely article')).toBeLessThan(0.5);
    expect(score(model, 'cheap pills, order')).toBeGreaterThan(0.95);
  });

  it.each([
    ['nothing', ''],
    ['lone surrogates', '\ud800\udc00\ud800 \udfff'],
    ['ten thousand marks', 'a\u0301'.repeat(5000)],
    ['ten thousand emoji', '😀'.repeat(5000)],
    ['a long word', 'x'.repeat(10_000)],
    ['nothing but spaces and NUL', ' \u0000\n\t'.repeat(2000)],
  ])('takes %s', (_, text) => {
    const model = taught([
      { text, label: 'spam' },
      { text: 'plain', label: 'ham' },
    ]);
    expect(score(model, text)).toBeGreaterThan(0);
    expect(weighWords(model, textOf(text), SEED)).toBeDefined();
  });

  it('shows the words that weighed most, where they stand in the text', () => {
    const model = taught(
      [...Array(12).keys()].flatMap((n) => [
        { text: `Subscribe to my channel ${n}`, label: 'spam' as const },
        { text: `A beautiful song ${n}`, label: 'ham' as const },
      ]),
    );
    const text = 'Beautiful! 😀 Now SUBSCRIBE to it';
    const words = weighWords(model, textOf(text), SEED);
    const shown = words.map(({ start, end, weight }) => [text.slice(start, end), Math.sign(weight)]);
    expect(shown).toContainEqual(['SUBSCRIBE', 1]);
    expect(shown).toContainEqual(['Beautiful', -1]);
    expect(words.length).toBeLessThanOrEqual(8);
  });
});
