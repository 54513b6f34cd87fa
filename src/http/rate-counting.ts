import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { RateLimitRequestHandler, Store } from 'express-rate-limit';
import { rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { LimitStore } from '../requests/limit-store.ts';
import type { RateLimit } from '../sites/policy.ts';

/** Where a subject stands in its window. */
export interface Hit {
  hits: number;
  resetAt: number;
}

/** What express-rate-limit does for us, loaded when a request of a limited class comes. */
export interface RateCounting {
  /** Counts a request of a subject, whose keyed hash `key` is. */
  count(
    subject: { key: string; rule: RateLimit },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Hit>;
  /** Where a subject stood last. */
  last(key: string): Hit | undefined;
}

/** A store of express-rate-limit over our port: counts are then shared by whatever shares the port. */
function storeOver(port: LimitStore, clock: Clock, windowMs: number): Store {
  return {
    async increment(key) {
      const { hits, resetAt } = await port.hit(key, windowMs, clock.now());
      return { totalHits: hits, resetTime: new Date(resetAt) };
    },
    // The port counts up only: no class gives a request back.
    decrement: () => undefined,
    resetKey: () => undefined,
  };
}

const REMEMBERED_SUBJECTS = 20_000;

export function createRateCounting(store: LimitStore, clock: Clock): RateCounting {
  const limiters = new Map<string, RateLimitRequestHandler>();
  const keyOfRequest = new WeakMap<object, string>();
  const last = new LRUCache<string, Hit>({ max: REMEMBERED_SUBJECTS });

  function limiterFor(rule: RateLimit): RateLimitRequestHandler {
    const id = `${rule.limit}/${rule.windowSeconds}`;
    let limiter = limiters.get(id);
    if (!limiter) {
      limiter = rateLimit({
        windowMs: rule.windowSeconds * 1000,
        limit: rule.limit,
        store: storeOver(store, clock, rule.windowSeconds * 1000),
        keyGenerator: (request) => keyOfRequest.get(request) ?? '',
        // Its own headers would carry a hash of the client's key.
        standardHeaders: false,
        legacyHeaders: false,
        handler: (_request, _response, next) => next(),
        validate: false,
      });
      limiters.set(id, limiter);
    }
    return limiter;
  }

  return {
    async count({ key, rule }, request, response) {
      keyOfRequest.set(request, key);
      const counted = await count(limiterFor(rule), request, response);
      last.set(key, counted);
      return counted;
    },
    last: (key) => last.get(key),
  };
}

/** Runs the middleware outside Express: it only asks for a key and leaves what it counted on the request. */
async function count(
  limiter: RateLimitRequestHandler,
  request: IncomingMessage & { rateLimit?: { used: number; resetTime?: Date } },
  response: ServerResponse,
): Promise<Hit> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
    void limiter(request as Request, response as Response, next);
  });
  const { used = 0, resetTime } = request.rateLimit ?? {};
  return { hits: used, resetAt: resetTime?.getTime() ?? 0 };
}
