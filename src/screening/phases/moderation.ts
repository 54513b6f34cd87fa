import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/**
 * The site's word on who needs a person. `first` lets known and trusted authors through, and so does
 * `unsure`, which would also let through what a learner is sure of; there is none yet.
 */
export const moderation: Phase = {
  name: 'moderation',
  judge({ site, standing }: Pick<ScreeningInput, 'site' | 'standing'>) {
    const mode = site.policy.moderation;
    if (mode === 'none') return PASS;
    if (mode !== 'all' && (standing === 'known' || standing === 'trusted')) return PASS;
    return {
      outcome: 'hold',
      code: `moderation-${mode}`,
      detail: 'The site holds comments for a person.',
      score: null,
    };
  },
};
