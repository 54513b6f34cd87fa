import type { PhaseOutcome } from '../../comments/comment.ts';
import { foldText } from '../../text/fold.ts';
import { bayesWeight } from './bayes.ts';
import type { LearntText } from './features.ts';
import { placesOfWord } from './features.ts';
import { linearWeight } from './linear.ts';
import type { Model } from './model.ts';

/** Places of words in a field as an outcome carries them; a weight > 0 speaks for spam, < 0 against it. */
type WeighedWords = NonNullable<PhaseOutcome['matches']>;

const WORD = /[\p{L}\p{M}\p{N}_\p{Default_Ignorable_Code_Point}]+/gu;
/** Words shown: more, and nobody reads them. */
const MOST_SHOWN = 8;
/** What says so little is chance. */
const LEAST = 0.4;
/** Words looked at of a very long text. */
const MOST_LOOKED_AT = 2000;

function weightOf({ bayes, linear }: Model, places: number[]): number {
  const [whole = 0] = places;
  const evidence = bayesWeight(bayes, whole);
  const linearly = places.reduce((sum, place) => sum + linearWeight(linear, place), 0);
  return evidence === 0 ? 0 : (evidence + linearly) / 2;
}

const rounded = (weight: number): number => Math.round(weight * 100) / 100;

/**
 * The words that weighed most in a score, heaviest first, each where it first stands. UTF-16 offsets into the
 * body as stored; weights in log-odds.
 */
export function weighWords(model: Model, { text }: Pick<LearntText, 'text'>, seed: number): WeighedWords {
  const found = new Map<string, WeighedWords[number]>();
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (found.size >= MOST_LOOKED_AT) break;
    const folded = foldText(word);
    if (folded === '' || found.has(folded)) continue;
    const weight = rounded(weightOf(model, placesOfWord(folded, seed)));
    found.set(folded, { field: 'body', start: index, end: index + word.length, weight });
  }
  const heavy = [...found.values()].filter(({ weight }) => Math.abs(weight) >= LEAST);
  return heavy.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MOST_SHOWN);
}
