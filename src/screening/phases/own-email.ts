import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/** Holds a comment that shows its author's own address: they may not know that it would be public. */
export const ownEmail: Phase = {
  name: 'own-email',
  judge({ ownAddressShown }: Pick<ScreeningInput, 'ownAddressShown'>) {
    if (!ownAddressShown) return PASS;
    return {
      outcome: 'hold',
      code: 'own-address',
      detail: 'The author’s own address was masked.',
      score: null,
    };
  },
};
