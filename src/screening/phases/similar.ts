import type { Phase, PhaseVerdict, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';
import type { Precedent } from '../precedents/precedents.ts';

/** Of as many copies that people called spam, and none that they let through, the next needs no person. */
const BEFORE_SPAM = 3;
/** Of short texts as many: people who have nothing to do with each other say them. */
const BEFORE_SHORT = 3;

/** Decisions of either kind that are taken to be there before the first: one copy alone is not sure. */
const BEFORE_ALL = 0.1;

/** What was rejected may be spam or not: it is half of each. */
const OF_REJECTED = 0.5;

type Counts = Pick<Precedent, 'ham' | 'spam' | 'rejected'>;

function scoreOf({ ham, spam, rejected }: Counts): number {
  const score = (spam + OF_REJECTED * rejected + BEFORE_ALL) / (spam + ham + rejected + 2 * BEFORE_ALL);
  return Math.round(score * 10_000) / 10_000;
}

/** What people decided on near copies over all pages of the site. */
export const similar: Phase = {
  name: 'similar',
  judge({ precedent }: Pick<ScreeningInput, 'precedent'>): PhaseVerdict {
    if (!precedent) return { ...PASS, detail: 'Nobody decided yet on anything like it.' };
    const { ham, spam, rejected, isShort } = precedent;
    const detail = `Of near copies people called ${spam} spam, rejected ${rejected} and approved ${ham}.`;
    // A thank-you that a spammer wrote, too, says nothing of the next one.
    if (isShort && ham + spam + rejected < BEFORE_SHORT) return { ...PASS, detail };
    const told = { detail, score: scoreOf(precedent) };
    if (spam + rejected <= ham) return { ...PASS, ...told };
    if (spam < rejected) return { outcome: 'hold', code: 'similar-to-rejected', ...told };
    const isSure = ham === 0 && spam >= BEFORE_SPAM && !isShort;
    return { outcome: isSure ? 'spam' : 'hold', code: 'similar-to-spam', ...told };
  },
};
