import type { Phase, PhaseVerdict, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

const hold = (code: string, detail: string): PhaseVerdict => ({ outcome: 'hold', code, detail, score: null });

/** A person's word on the author goes first; then a name that readers would take for somebody else's. */
export const author: Phase = {
  name: 'author',
  judge({ standing, nameOf }: Pick<ScreeningInput, 'standing' | 'nameOf'>) {
    if (standing === 'banned') {
      return { outcome: 'reject', code: 'author-banned', detail: 'The author is banned.', score: null };
    }
    if (standing === 'held') return hold('author-held', 'Everything of this author waits for a person.');
    if (nameOf === 'moderator') return hold('name-of-moderator', 'The name looks like a moderator’s.');
    if (nameOf === 'reserved')
      return hold('name-reserved', 'The name looks like one that the site reserves.');
    return PASS;
  },
};
