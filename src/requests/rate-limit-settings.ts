import type { RateLimit, RateLimitClass } from '../sites/policy.ts';

/** What RATE_LIMITS says: `off` wins over what sites set; classes that are not named keep their default. */
export type RateLimitSettings =
  | { off: true }
  | { off: false; classes: Partial<Record<RateLimitClass, RateLimit | false>> };

const perMinute = (limit: number): RateLimit => ({ limit, windowSeconds: 60 });

export const DEFAULT_RATE_LIMITS: Readonly<Record<RateLimitClass, RateLimit | false>> = {
  comments: perMinute(20),
  author: perMinute(4),
  edits: perMinute(30),
  votes: perMinute(60),
  reports: perMinute(20),
  reads: false,
  login: { limit: 5, windowSeconds: 900 },
  verdicts: perMinute(6000),
  moderation: perMinute(1200),
};

/** The rule that holds for a class on a site (its `policy.rateLimits`); false where nothing is counted. */
export function ruleFor(
  settings: RateLimitSettings,
  name: RateLimitClass,
  ofSite: Partial<Record<RateLimitClass, RateLimit | false>> | undefined,
): RateLimit | false {
  if (settings.off) return false;
  return ofSite?.[name] ?? settings.classes[name] ?? DEFAULT_RATE_LIMITS[name];
}
