import type { IncomingMessage } from 'node:http';
import type { RawHeaders } from './reply.ts';

/** Whose pages may call a route: the site's, the dashboards', anybody's, nobody's. */
export type CorsMode = 'reader' | 'dashboard' | 'any' | 'none';

const EXPOSED = 'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Content-Language';
const PREFLIGHT_SECONDS = '86400';
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Gatehouse-Reader, If-None-Match, X-Requested-With';

/** `scheme://host[:port]` in the form browsers send, or null. The host of a pattern may begin with `*.`. */
function normalizeOrigin(text: string): string | null {
  const wildcard = text.includes('://*.');
  const plain = wildcard ? text.replace('://*.', '://wildcard.') : text;
  if (!URL.canParse(plain)) return null;
  const { protocol, host } = new URL(plain);
  if (host === '') return null;
  const origin = `${protocol}//${host}`;
  return wildcard ? origin.replace('://wildcard.', '://*.') : origin;
}

function matches(pattern: string, origin: string): boolean {
  const wanted = normalizeOrigin(pattern);
  if (wanted === null) return false;
  if (wanted === origin) return true;
  const [scheme, suffix] = wanted.split('://*');
  if (scheme === undefined || suffix === undefined) return false;
  return origin.startsWith(`${scheme}://`) && origin.endsWith(suffix) && origin.length > scheme.length + 3 + suffix.length;
}

/** Whether pages of `origin` (as a browser sends it) belong to one of the patterns. */
export function isOriginAmong(patterns: readonly string[], origin: string): boolean {
  return patterns.some((pattern) => matches(pattern, origin));
}

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

/** The request's Origin; null where it has none. */
export function originOf(request: IncomingMessage): string | null {
  return request.headers.origin ?? null;
}
