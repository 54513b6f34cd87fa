import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/**
 * The site's word on who needs a person. `first` and `unsure` let through whom the site trusts or what the
 * learner is sure of; while nobody is trusted yet and nothing learns, they hold everything.
 */
export const moderation: Phase = {
  name: 'moderation',
  judge({ site }: Pick<ScreeningInput, 'site'>) {
    const mode = site.policy.moderation;
    if (mode === 'none') return PASS;
    return {
      outcome: 'hold',
      code: `moderation-${mode}`,
      detail: 'The site holds comments for a person.',
      score: null,
    };
  },
};
