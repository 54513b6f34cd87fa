import type { Actor, ModeratedComment, PhaseOutcome } from '../api/types.ts';
import { formatShare, language, t, tOr } from '../words/index.ts';

/** A phase by its name in words; outside filters are named by their admin. */
export function phaseName(phase: string): string {
  if (phase.startsWith('filter:')) return t('phase.filter', { name: phase.slice('filter:'.length) });
  return tOr(`phase.${phase}`, phase);
}

/** That two have to approve a comment, and who has; '' where one may publish it. */
export function secondReviewWords({ secondReview }: Pick<ModeratedComment, 'secondReview'>): string {
  if (secondReview === null) return '';
  const { first } = secondReview;
  return first === null ? t('second.needed') : t('second.by', { name: first.name });
}

/** Who did it: the service goes by no name, and those of authors stand in no history. */
export function actorName(by: Actor | null): string {
  if (by === null) return t('somebody');
  if (by.kind === 'system' || by.kind === 'author') return t(`actor.${by.kind}`);
  return by.name;
}

/** What somebody did, as histories and the audit tell it. */
export const actName = (action: string): string => tOr(`act.${action}`, action);

export const outcomeName = (outcome: PhaseOutcome['outcome']): string => t(`outcome.${outcome}`);

/** Codes that say the same to a moderator: the phase tells how many of each there were. */
const SENTENCES: Record<string, string> = { 'similar-to-rejected': 'similar-to-spam' };

/** By the outcome's code, but for a word that is marked nowhere: that one stands in the address. */
function sentenceOf({ phase, code, matches }: PhaseOutcome): string {
  // A text that a moderator has changed since has no marks at all.
  if (phase === 'wordlist' && matches?.length === 0) return 'word-in-address';
  return SENTENCES[code ?? ''] ?? code ?? '';
}

/** What the service's own phases say beside a code is English, and weighs nothing; a filter has words of its own. */
const isReadHere = ({ phase }: PhaseOutcome): boolean =>
  language.value === 'en' || phase.startsWith('filter:');

/** Why, in plain words: by the outcome's code, else what the service or the filter says itself. */
export function why(outcome: PhaseOutcome): string {
  const { code, detail, score } = outcome;
  const said = isReadHere(outcome) ? (detail ?? '') : '';
  const words = code === null ? said : tOr(`why.${sentenceOf(outcome)}`, detail ?? code);
  const sure = score === null ? '' : t('why.score', { share: formatShare(score) });
  return [words || said, sure].filter(Boolean).join(' · ');
}

const WEIGHT: Record<PhaseOutcome['outcome'], number> = {
  reject: 4,
  spam: 3,
  hold: 2,
  error: 2,
  waiting: 1,
  pass: 0,
  skipped: 0,
};

export const weighs = ({ outcome }: PhaseOutcome): boolean => WEIGHT[outcome] > 0;

/** What speaks against a comment, the heaviest first; that a site holds everything says the least. */
export function objections(screening: PhaseOutcome[]): PhaseOutcome[] {
  const rank = (one: PhaseOutcome) => WEIGHT[one.outcome] * 2 - (one.phase === 'moderation' ? 1 : 0);
  return screening.filter(weighs).sort((a, b) => rank(b) - rank(a));
}
