import type { ProblemCode } from '../../errors.ts';
import type { Route } from '../route.ts';

const TEXT = { type: 'string' };

/** The headers of answers that a client goes by, but for those that every answer has: the document's own words. */
export const RESPONSE_HEADERS = {
  Location: { description: 'Where it is.', schema: { type: 'string', format: 'uri-reference' } },
  ETag: { description: 'Of these bytes, for If-None-Match.', schema: TEXT },
  'Idempotent-Replayed': {
    description: '`true` where this is the first answer again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'RateLimit-Policy': { description: 'The limit: `"comments";q=20;w=60`.', schema: TEXT },
  RateLimit: { description: 'What is left of it, and for how long: `"comments";r=19;t=42`.', schema: TEXT },
  'Retry-After': {
    description: 'In how many seconds to ask again.',
    schema: { type: 'integer', minimum: 0 },
  },
  'WWW-Authenticate': { description: 'Which credentials are taken.', schema: TEXT },
} as const;

type HeaderName = keyof typeof RESPONSE_HEADERS;
type Headers = Record<string, { $ref: string }>;

const WITH_LOCATION: readonly number[] = [201, 303, 308];

/** As a response of the document has them; null for none. */
function referred(names: readonly (HeaderName | false)[]): Headers | null {
  const given = names.filter((name) => name !== false);
  if (given.length === 0) return null;
  return Object.fromEntries(given.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Of an answer that says yes, 304 included. */
export function headersOfAnswer({ caller, limit, body, operation }: Route, status: number): Headers | null {
  const isRepeated = operation.prepare !== undefined || caller === 'filter';
  return referred([
    (WITH_LOCATION.includes(status) || (status === 202 && body === 'file')) && 'Location',
    operation.conditional === true && status < 308 && 'ETag',
    isRepeated && 'Idempotent-Replayed',
    ...(limit === null ? [] : (['RateLimit-Policy', 'RateLimit'] as const)),
  ]);
}

/** Of the problems of one status. */
export function headersOfProblem({ limit }: Route, codes: readonly ProblemCode[]): Headers | null {
  const isLimited = limit !== null && codes.includes('rate-limited');
  const waits = (['rate-limited', 'idempotency-key-in-progress', 'store-unavailable'] as const).some((code) =>
    codes.includes(code),
  );
  return referred([
    waits && 'Retry-After',
    codes.includes('unauthenticated') && 'WWW-Authenticate',
    ...(isLimited ? (['RateLimit-Policy', 'RateLimit'] as const) : []),
  ]);
}
