import type { Phase, ScreeningInput } from '../phase.ts';
import { hold, PASS, skipped } from '../phase.ts';

const SECOND = 1000;

/**
 * Holds what was sent sooner after the form was shown than a person writes. Who does not say how long it took
 * is not held: themes' own forms and other programs do not know.
 */
export const tooSoon: Phase = {
  name: 'too-soon',
  judge({ site, elapsedMs, edit }: Pick<ScreeningInput, 'site' | 'elapsedMs' | 'edit'>) {
    const { tooSoonSeconds } = site.policy;
    if (tooSoonSeconds === 0) return PASS;
    if (edit) return skipped('An edit is not timed.');
    if (elapsedMs === null) return skipped('Nothing says how long the form was open.');
    if (elapsedMs >= tooSoonSeconds * SECOND) return PASS;
    // Never rounded up to what would have been enough.
    const took = Math.max(0, Math.floor(elapsedMs / 100) / 10);
    return hold('too-soon', `Sent ${took} s after the form was shown; ${tooSoonSeconds} s is the least.`);
  },
};
