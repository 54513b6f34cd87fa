import { TABLE_SIZE } from './features.ts';

/** Multinomial naive Bayes over words, pairs of words and orthography: quick to learn, and right early. */
export interface Bayes {
  /** Per place, in how many comments of the class it was; at most 65,535. */
  ham: Uint16Array;
  spam: Uint16Array;
  /** Features of all comments of the class, and places that were ever in one. */
  totals: Float64Array;
}

const HAM = 0;
const SPAM = 1;
const PLACES = 2;
const MOST = 0xffff;
const SMOOTHING = 0.2;

export const createBayes = (): Bayes => ({
  ham: new Uint16Array(TABLE_SIZE),
  spam: new Uint16Array(TABLE_SIZE),
  totals: new Float64Array(3),
});

/** How much more of spam than of ham there would be if every word were as common in both. */
function balanceOf(totals: Float64Array): number {
  const spread = SMOOTHING * ((totals[PLACES] as number) + 1);
  return Math.log(((totals[HAM] as number) + spread) / ((totals[SPAM] as number) + spread));
}

/** Logarithms of smoothed counts: nearly all counts are small, and a long text asks for thousands. */
const LOGS = Float64Array.from({ length: 1024 }, (_, count) => Math.log(count + SMOOTHING));
const logOf = (count: number): number => LOGS[count] ?? Math.log(count + SMOOTHING);

const weightAt = ({ ham, spam }: Bayes, place: number): number =>
  logOf(spam[place] as number) - logOf(ham[place] as number);

/** Evidence of spam, > 0, or of ham. Words are not independent: the sum is tempered by its length. */
export function bayesScore(bayes: Bayes, places: Int32Array): number {
  const { ham, spam, totals } = bayes;
  const balance = balanceOf(totals);
  let sum = 0;
  let known = 0;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    if (ham[place] === 0 && spam[place] === 0) continue;
    known += 1;
    sum += weightAt(bayes, place) + balance;
  }
  return known === 0 ? 0 : sum / Math.sqrt(known);
}

/** What one place says, > 0 for spam; 0 where it was never met. */
export function bayesWeight(bayes: Bayes, place: number): number {
  if (bayes.ham[place] === 0 && bayes.spam[place] === 0) return 0;
  return weightAt(bayes, place) + balanceOf(bayes.totals);
}

export function learnBayes({ ham, spam, totals }: Bayes, places: Int32Array, isSpam: boolean): void {
  const table = isSpam ? spam : ham;
  const total = isSpam ? SPAM : HAM;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    if (ham[place] === 0 && spam[place] === 0) totals[PLACES] = (totals[PLACES] as number) + 1;
    if ((table[place] as number) < MOST) table[place] = (table[place] as number) + 1;
  }
  totals[total] = (totals[total] as number) + places.length;
}
