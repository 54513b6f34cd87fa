import type { Table } from './table.ts';
import { COUNTS_A_PLACE } from './table.ts';

/** Multinomial naive Bayes: quick to learn, and right early. */
export interface Bayes {
  /** Shared: this one's counts in it are of ham at `first` of a place, and of spam behind. */
  counts: Table['counts'];
  first: number;
  /** Whether how long a text is counts, too: nothing else that is asked of it says so. */
  byLength: boolean;
  /** Features of all comments of a class, places that were ever in one, comments of a class, features met before. */
  totals: Float64Array;
}

const HAM = 0;
const SPAM = 1;
const PLACES = 2;
/** Of ham; of spam behind. */
const COMMENTS = 3;
const KNOWN = 5;
const MOST = 0xffff;
const SMOOTHING = 0.2;
/** A text of more than so many times the usual is no longer than that: what is unheard of says little. */
const LONGEST = 2;

export function createBayes(
  { counts }: Table,
  { first, byLength }: Pick<Bayes, 'first' | 'byLength'>,
): Bayes {
  fillLogs();
  return { counts, first, byLength, totals: new Float64Array(6) };
}

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
const LOGS = new Float32Array(MOST + 1);
const logOf = (count: number): number => LOGS[count] as number;

/** With the first model of the process: it takes milliseconds, and no start waits for it. */
function fillLogs(): void {
  if (LOGS[0] !== 0) return;
  for (let count = 0; count <= MOST; count++) LOGS[count] = Math.log(count + SMOOTHING);
}

/** Of the text under way, the places that were ever met. */
let known = 0;

/** Adds up what the places say, of classes of one size; counts the known ones. */
function addUp({ counts, first }: Bayes, places: Int32Array, leftOut: LeftOut): number {
  const { ham: lessHam, spam: lessSpam } = leftOut;
  let sum = 0;
  let met = 0;
  // No branch: whether a place was met is anybody's guess, and a wrong one waits for the table each time.
  for (let i = 0; i < places.length; i++) {
    const at = COUNTS_A_PLACE * (places[i] as number) + first;
    const ham = (counts[at] as number) - lessHam;
    const spam = (counts[at + 1] as number) - lessSpam;
    met += ((ham | spam) + MOST) >>> 16;
    sum += logOf(spam) - logOf(ham);
  }
  known = met;
  return sum;
}

/**
 * How much longer spam is than ham, as a logarithm. To either class a comment of the usual length is added: of one
 * that has none yet nothing is said.
 */
function lengthOf(totals: Float64Array, { ham, spam }: LeftOut, size: number): number {
  const [hams, spams] = [(totals[COMMENTS] as number) - ham, (totals[COMMENTS + 1] as number) - spam];
  const [ofHam, ofSpam] = [(totals[HAM] as number) - ham * size, (totals[SPAM] as number) - spam * size];
  const usual = (ofHam + ofSpam) / (hams + spams);
  return Math.log((ofSpam + usual) / (spams + 1)) - Math.log((ofHam + usual) / (hams + 1));
}

/**
 * What is added where length counts. The multinomial asks what share of a class's features each one is; how many of
 * a class's comments have it would say the logarithm of the lengths more, for each known one. That is added as far
 * as the text has more of them than usual, and taken off as far as it has fewer.
 */
function sayLength({ totals }: Bayes, leftOut: LeftOut, { size, root }: { size: number; root: number }) {
  const comments = (totals[COMMENTS] as number) + (totals[COMMENTS + 1] as number);
  const usual = Math.sqrt((totals[KNOWN] as number) / comments);
  return lengthOf(totals, leftOut, size) * (Math.min(root, LONGEST * usual) - usual);
}

/** Evidence of spam, > 0, or of ham. Words are not independent: the sum is tempered by its length. */
export function bayesScore(bayes: Bayes, places: Int32Array, leftOut: LeftOut = NOTHING): number {
  const sum = addUp(bayes, places, leftOut);
  if (known === 0) return 0;
  const root = Math.sqrt(known);
  const score = (sum + known * balanceOf(bayes.totals, leftOut, places.length)) / root;
  return bayes.byLength ? score + sayLength(bayes, leftOut, { size: places.length, root }) : score;
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
  totals[COMMENTS + own] = (totals[COMMENTS + own] as number) + 1;
  totals[KNOWN] = (totals[KNOWN] as number) + places.length - unmet;
}
