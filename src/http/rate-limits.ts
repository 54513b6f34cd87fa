import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Keyring } from '../keys.ts';
import type { LimitStore } from '../requests/limit-store.ts';
import type { RateLimitSettings } from '../requests/rate-limit-settings.ts';
import { ruleFor } from '../requests/rate-limit-settings.ts';
import type { RateLimit, RateLimitClass } from '../sites/policy.ts';
import type { Site } from '../sites/site.ts';
import type { Hit, RateCounting } from './rate-counting.ts';
import type { RawHeaders } from './raw-headers.ts';

/** Where a caller stands in a class after this request. */
export interface RateState {
  name: RateLimitClass;
  rule: RateLimit;
  remaining: number;
  /** Until the window ends, at least 1. */
  seconds: number;
  refused: boolean;
}

export interface RateQuestion {
  name: RateLimitClass;
  /** Whose own rules hold, and within which counts are kept; null for calls of no site. */
  site: Site | null;
  /** Who is counted: an address, an author's key, a token's id. Only its keyed hash is kept. */
  subject: string;
}

export interface RateLimiter {
  /** Counts one request; null where the class is off. */
  hit(question: RateQuestion, request: IncomingMessage, response: ServerResponse): Promise<RateState | null>;
  /** Where the caller stood last, without counting: for requests that no limit may refuse. */
  peek(question: RateQuestion): RateState | null;
  /** Whether the class is counted on that site at all. */
  isOn(name: RateLimitClass, site: Site | null): boolean;
}

export interface RateLimiterParts {
  store: LimitStore;
  keys: Keyring;
  clock: Clock;
  settings: RateLimitSettings;
}

/** The limits of the contract's classes, counted by express-rate-limit; the headers are written by us. */
export function createRateLimiter({ store, keys, clock, settings }: RateLimiterParts): RateLimiter {
  let counting: RateCounting | undefined;

  /** What counts is loaded with the first request of a limited class. */
  async function countingNow(): Promise<RateCounting> {
    if (counting) return counting;
    const { createRateCounting } = await import('./rate-counting.ts');
    counting ??= createRateCounting(store, clock);
    return counting;
  }

  /** The last key of each connection, whose requests are mostly of one kind: hashing costs more than counting. */
  const keyOfSocket = new WeakMap<object, { of: string; key: string }>();

  function keyFor({ name, site, subject }: RateQuestion): string {
    // An author's key is a keyed hash already.
    if (name === 'author') return `author/${site?.id ?? ''}/${subject}`;
    return keys.mac('limit', name, site?.id ?? '', subject).toString('base64url');
  }

  function keyOnce(question: RateQuestion, { socket }: IncomingMessage): string {
    if (question.name === 'author') return keyFor(question);
    const of = `${question.name}/${question.site?.id ?? ''}/${question.subject}`;
    const last = keyOfSocket.get(socket);
    if (last?.of === of) return last.key;
    const key = keyFor(question);
    keyOfSocket.set(socket, { of, key });
    return key;
  }

  const stateOf = (name: RateLimitClass, rule: RateLimit, { hits, resetAt }: Hit): RateState => ({
    name,
    rule,
    remaining: Math.max(0, rule.limit - hits),
    seconds: Math.max(1, Math.ceil((resetAt - clock.now()) / 1000)),
    refused: hits > rule.limit,
  });

  const ruleOf = ({ name, site }: RateQuestion): RateLimit | false =>
    ruleFor(settings, name, site?.policy.rateLimits);

  return {
    async hit(question, request, response) {
      const rule = ruleOf(question);
      if (rule === false) return null;
      const key = keyOnce(question, request);
      const counted = (counting ?? (await countingNow())).count({ key, rule }, request, response);
      return stateOf(question.name, rule, await counted);
    },
    peek(question) {
      const rule = ruleOf(question);
      if (rule === false) return null;
      const known = counting?.last(keyFor(question));
      const now = clock.now();
      const fresh: Hit = { hits: 0, resetAt: now + rule.windowSeconds * 1000 };
      return stateOf(question.name, rule, known && known.resetAt > now ? known : fresh);
    },
    isOn: (name, site) => ruleOf({ name, site, subject: '' }) !== false,
  };
}

/** The headers that tell a caller where they stand, as structured field lists. */
export function rateHeaders(states: RateState[]): RawHeaders {
  if (states.length === 0) return [];
  const policy = states.map(({ name, rule }) => `"${name}";q=${rule.limit};w=${rule.windowSeconds}`);
  const state = states.map(({ name, remaining, seconds }) => `"${name}";r=${remaining};t=${seconds}`);
  return ['RateLimit-Policy', policy.join(', '), 'RateLimit', state.join(', ')];
}
