import type { RawHeaders } from './raw-headers.ts';

/** Whose pages may call a route: the site's, the dashboards', anybody's, nobody's. */
export type CorsMode = 'reader' | 'dashboard' | 'any' | 'none';

const EXPOSED =
  'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Content-Language';
const PREFLIGHT_SECONDS = '86400';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, Gatehouse-Reader, If-None-Match, Last-Event-ID, X-Requested-With';

/** The headers of an answer that a page of `origin` may read; nothing for an origin that is not served. */
export function corsHeaders(mode: CorsMode, servedOrigin: string | null): RawHeaders {
  if (mode === 'any') return ['Access-Control-Allow-Origin', '*'];
  if (servedOrigin === null) return [];
  return ['Access-Control-Allow-Origin', servedOrigin, 'Access-Control-Expose-Headers', EXPOSED];
}

/** What a preflight is told beyond `corsHeaders`. */
export function preflightHeaders(methods: string, served: boolean): RawHeaders {
  if (!served) return [];
  return [
    'Access-Control-Allow-Methods',
    methods,
    'Access-Control-Allow-Headers',
    REQUEST_HEADERS,
    'Access-Control-Max-Age',
    PREFLIGHT_SECONDS,
  ];
}
