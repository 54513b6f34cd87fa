import type { Table } from './table.ts';
import { COUNTS_A_PLACE } from './table.ts';

/** Multinomial naive Bayes: quick to learn, and right early. */
export interface Bayes {
  /** Shared: this one's counts in it are of ham at `first` of a place, and of spam behind. */
  counts: Table['counts'];
  first: number;
  /** Features of all comments of the class, and places that were ever in one. */
  totals: Float64Array;
}

const HAM = 0;
const SPAM = 1;
const PLACES = 2;
const MOST = 0xffff;
const SMOOTHING = 0.2;

export const createBayes = ({ counts }: Table, first: number): Bayes => ({
  counts,
  first,
  totals: new Float64Array(3),
});

/** Whether the comment asked about is left out of what was learnt: once, of its class. */
export type LeftOut = Readonly<{ ham: 0 | 1; spam: 0 | 1 }>;
const NOTHING: LeftOut = { ham: 0, spam: 0 };

/** How much more of spam than of ham there would be if every word were as common in both. */
function balanceOf(totals: Float64Array, { ham, spam }: LeftOut, size: number): number {
  const spread = SMOOTHING * ((totals[PLACES] as number) + 1);
  const ofHam = (totals[HAM] as number) - ham * size;
  return Math.log((ofHam + spread) / ((totals[SPAM] as number) - spam * size + spread));
}

/** Logarithms of smoothed counts, of all that there can be: a long text asks for thousands. */
const LOGS = Float32Array.from({ length: MOST + 1 }, (_, count) => Math.log(count + SMOOTHING));
const logOf = (count: number): number => LOGS[count] as number;

/** Evidence of spam, > 0, or of ham. Words are not independent: the sum is tempered by its length. */
export function bayesScore(
  { counts, first, totals }: Bayes,
  places: Int32Array,
  leftOut: LeftOut = NOTHING,
): number {
  const { ham: lessHam, spam: lessSpam } = leftOut;
  let sum = 0;
  let known = 0;
  // No branch: whether a place was met is anybody's guess, and a wrong one waits for the table each time.
  for (let i = 0; i < places.length; i++) {
    const at = COUNTS_A_PLACE * (places[i] as number) + first;
    const ham = (counts[at] as number) - lessHam;
    const spam = (counts[at + 1] as number) - lessSpam;
    known += ((ham | spam) + MOST) >>> 16;
    sum += logOf(spam) - logOf(ham);
  }
  return known === 0 ? 0 : (sum + known * balanceOf(totals, leftOut, places.length)) / Math.sqrt(known);
}

/** What one place says, > 0 for spam; 0 where it was never met. */
export function bayesWeight({ counts, first, totals }: Bayes, place: number): number {
  const at = COUNTS_A_PLACE * place + first;
  const [ham = 0, spam = 0] = counts.subarray(at, at + 2);
  return ham + spam === 0 ? 0 : logOf(spam) - logOf(ham) + balanceOf(totals, NOTHING, 0);
}

export function learnBayes({ counts, first, totals }: Bayes, places: Int32Array, isSpam: boolean): void {
  const own = isSpam ? SPAM : HAM;
  let unmet = 0;
  for (let i = 0; i < places.length; i++) {
    const at = COUNTS_A_PLACE * (places[i] as number) + first;
    const before = counts[at + own] as number;
    unmet += Number((before | (counts[at + 1 - own] as number)) === 0);
    counts[at + own] = before + Number(before < MOST);
  }
  totals[PLACES] = (totals[PLACES] as number) + unmet;
  totals[own] = (totals[own] as number) + places.length;
}
