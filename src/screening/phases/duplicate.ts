import type { Phase, ScreeningInput } from '../phase.ts';
import { PASS, skipped } from '../phase.ts';

/**
 * The same again, in the same place, by the same author. The store refuses it in the step that writes (409
 * `duplicate-comment`), so that of two at once one is told: whatever is stored has passed, or was not compared.
 */
export const duplicate: Phase = {
  name: 'duplicate',
  judge({ site, edit }: Pick<ScreeningInput, 'site' | 'edit'>) {
    if (site.policy.duplicateHours === 0) return skipped('The site takes the same comment twice.');
    return edit ? skipped('An edit is not compared.') : PASS;
  },
};
