import type { ScreeningInput } from '../../src/screening/phase.ts';
import type { Policy } from '../../src/sites/policy.ts';
import { DEFAULT_POLICY } from '../../src/sites/policy.ts';
import type { Site } from '../../src/sites/site.ts';
import { site } from './builders.ts';

export const siteWith = (policy: Partial<Policy>): Site =>
  site('news', { policy: { ...DEFAULT_POLICY, ...policy } });

/** What phases are given for a comment that none of them minds, on a site that holds nothing. */
export const inputOf = (rest: Partial<ScreeningInput> = {}): ScreeningInput => ({
  site: siteWith({ moderation: 'none' }),
  id: 'a',
  body: 'A quiet text',
  name: 'Mina',
  url: null,
  email: null,
  trusted: false,
  standing: 'new',
  nameOf: null,
  ownAddressShown: false,
  turnedLetters: false,
  trapFilled: false,
  elapsedMs: null,
  words: null,
  precedent: null,
  learnt: null,
  lookUps: {},
  edit: false,
  ...rest,
});
