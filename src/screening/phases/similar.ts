import type { Phase, PhaseVerdict, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/** Of as many copies that people called spam, and none that they let through, the next needs no person. */
const BEFORE_SPAM = 3;
/** Of short texts as many: people who have nothing to do with each other say them. */
const BEFORE_SHORT = 3;

/** Decisions of either kind that are taken to be there before the first: one copy alone is not sure. */
const BEFORE_ALL = 0.1;

const scoreOf = (spam: number, ham: number): number =>
  Math.round(((spam + BEFORE_ALL) / (spam + ham + 2 * BEFORE_ALL)) * 10_000) / 10_000;

/** What people decided on near copies over all pages of the site. */
export const similar: Phase = {
  name: 'similar',
  judge({ precedent }: Pick<ScreeningInput, 'precedent'>): PhaseVerdict {
    if (!precedent) return { ...PASS, detail: 'Nobody decided yet on anything like it.' };
    const { ham, spam, isShort } = precedent;
    const detail = `Of near copies people called ${spam} spam and approved ${ham}.`;
    // A thank-you that a spammer wrote, too, says nothing of the next one.
    if (isShort && ham + spam < BEFORE_SHORT) return { ...PASS, detail };
    const told = { detail, score: scoreOf(spam, ham) };
    if (spam <= ham) return { ...PASS, ...told };
    const isSure = ham === 0 && spam >= BEFORE_SPAM && !isShort;
    return isSure
      ? { outcome: 'spam', code: 'similar-to-spam', ...told }
      : { outcome: 'hold', code: 'similar-to-spam', ...told };
  },
};
