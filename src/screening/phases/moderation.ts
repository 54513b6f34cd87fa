import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';
import { isSureOfHam } from './learner.ts';

/**
 * The site's word on who needs a person. `first` lets known and trusted authors through, and so does `unsure`,
 * which also lets through what the learner is sure of.
 */
export const moderation: Phase = {
  name: 'moderation',
  judge(input: Pick<ScreeningInput, 'site' | 'standing' | 'learnt' | 'id'>) {
    const { site, standing } = input;
    const mode = site.policy.moderation;
    if (mode === 'none') return PASS;
    if (mode !== 'all' && (standing === 'known' || standing === 'trusted')) return PASS;
    if (mode === 'unsure' && isSureOfHam(input)) return PASS;
    return {
      outcome: 'hold',
      code: `moderation-${mode}`,
      detail: 'The site holds comments for a person.',
      score: null,
    };
  },
};
