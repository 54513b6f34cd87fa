import type { RateLimit, RateLimitClass } from '../sites/policy.ts';
import { RATE_LIMIT_CLASSES } from '../sites/policy.ts';

/** What RATE_LIMITS says: everything off, or a rule (or `false`) for each class. */
export type RateLimitSettings = 'off' | Record<RateLimitClass, RateLimit | false>;

const perMinute = (limit: number): RateLimit => ({ limit, windowSeconds: 60 });

export const DEFAULT_RATE_LIMITS: Record<RateLimitClass, RateLimit | false> = {
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

const ENTRY = /^([a-z]+)=(?:(off)|([1-9]\d{0,8})\/([1-9]\d{0,6}))$/;

const isClass = (name: string): name is RateLimitClass => (RATE_LIMIT_CLASSES as readonly string[]).includes(name);

/**
 * Reads RATE_LIMITS: `default`, `off`, or a list such as `comments=200/60,login=off`, in which classes that
 * are not named keep their default. Gives the settings, or what is wrong with the text, in English.
 */
export function parseRateLimits(text: string): { settings: RateLimitSettings } | { problem: string } {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'default') return { settings: { ...DEFAULT_RATE_LIMITS } };
  if (trimmed === 'off') return { settings: 'off' };
  const settings = { ...DEFAULT_RATE_LIMITS };
  const named = new Set<string>();
  for (const part of trimmed.split(',')) {
    const [, name = '', off, limit, seconds] = ENTRY.exec(part.trim()) ?? [];
    if (!isClass(name)) return { problem: `"${part.trim()}" is not {class}={limit}/{seconds} or {class}=off` };
    if (named.has(name)) return { problem: `"${name}" is named twice` };
    named.add(name);
    settings[name] = off ? false : { limit: Number(limit), windowSeconds: Number(seconds) };
  }
  return { settings };
}

/** The rule that holds for a class on a site; false where nothing is counted. `off` wins over all. */
export function ruleFor(
  settings: RateLimitSettings,
  name: RateLimitClass,
  ofSite: Partial<Record<RateLimitClass, RateLimit | false>> | undefined,
): RateLimit | false {
  if (settings === 'off') return false;
  return ofSite?.[name] ?? settings[name];
}
