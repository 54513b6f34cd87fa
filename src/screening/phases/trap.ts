import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/** A field that no person sees was filled in: whoever did it fills in whatever a form has. */
export const trap: Phase = {
  name: 'trap',
  judge({ trapFilled }: Pick<ScreeningInput, 'trapFilled'>) {
    if (!trapFilled) return PASS;
    return {
      outcome: 'spam',
      code: 'trap-filled',
      detail: 'The field that people do not see was filled in.',
      score: null,
    };
  },
};
