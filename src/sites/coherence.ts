import type { FieldError } from '../errors.ts';
import { validationFailed } from '../errors.ts';
import type { Policy, PolicyPatch } from './policy.ts';

/** Two members that are each as they may be, and together leave nothing to be done right. */
interface Pair {
  fits(policy: Policy): boolean;
  /** Where each stands, and what a patch says of it. */
  members: readonly [pointer: string, named: (patch: PolicyPatch) => unknown][];
}

const PAIRS: readonly Pair[] = [
  {
    // What is sure to be spam can't be sure to be ham, too.
    fits: ({ learner }) => learner.approve < learner.spam,
    members: [
      ['/policy/learner/approve', ({ learner }) => (learner === null ? null : learner?.approve)],
      ['/policy/learner/spam', ({ learner }) => (learner === null ? null : learner?.spam)],
    ],
  },
  {
    // Every text would be too short, or too long.
    fits: ({ bodyMin, limits }) => bodyMin <= limits.body,
    members: [
      ['/policy/bodyMin', ({ bodyMin }) => bodyMin],
      ['/policy/limits/body', ({ limits }) => (limits === null ? null : limits?.body)],
    ],
  },
];

/** Of a rate limit both are needed; a patch may name one where the other stands. */
const HALVES = ['limit', 'windowSeconds'] as const;

const missingHalves = ({ rateLimits }: Policy): FieldError[] =>
  Object.entries(rateLimits).flatMap(([name, rule]) =>
    HALVES.filter((half) => rule && typeof rule[half] !== 'number').map((half) => ({
      pointer: `/policy/rateLimits/${name}/${half}`,
      code: 'required' as const,
    })),
  );

/** Whether nothing in a policy contradicts itself. */
export const isCoherent = (policy: Policy): boolean => PAIRS.every(({ fits }) => fits(policy));

/**
 * Looks at the policy that a patch would make. What was there before and is not named is left alone. Throws
 * `validation-failed` with `out-of-range` at what the patch names, and `required` at what it leaves out of a rate limit.
 */
export function assertCoherent(policy: Policy, patch: PolicyPatch | null | undefined): void {
  if (!patch) return;
  const errors = missingHalves(policy);
  for (const { fits, members } of PAIRS) {
    const named = members.find(([, said]) => said(patch) !== undefined);
    if (named && !fits(policy)) errors.push({ pointer: named[0], code: 'out-of-range' });
  }
  if (errors.length > 0) throw validationFailed(errors);
}
