import type { RequestHeader, Route } from '../route.ts';

interface HeaderParameter {
  description: string;
  schema: object;
  required?: true;
}

const HEADERS: Record<
  RequestHeader | 'Idempotency-Key' | 'webhook-id' | 'webhook-timestamp',
  HeaderParameter
> = {
  'Idempotency-Key': {
    description: 'The same key and equal JSON give the first answer again, for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  'Gatehouse-Reader': {
    description:
      'A word that the client drew at random and keeps. Without it readers are told by their address.',
    schema: { type: 'string', minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9._~-]+$' },
  },
  'Last-Event-ID': {
    description: 'The id of the last event that came: what was missed comes first.',
    schema: { type: 'string' },
  },
  'webhook-id': {
    description: 'Of this message; the same again changes nothing and gives the first answer, for 24 hours.',
    schema: { type: 'string' },
    required: true,
  },
  'webhook-timestamp': {
    description: 'When it was signed, in seconds since 1970: at most five minutes away.',
    schema: { type: 'string', pattern: '^\\d+$' },
    required: true,
  },
};

/** The headers of a request that a route reads, but for credentials, which are its security. */
export function headerParametersOf({ caller, operation }: Route): Record<string, unknown>[] {
  const repeated = operation.prepare ? (['Idempotency-Key'] as const) : [];
  const implied = caller === 'filter' ? (['webhook-id', 'webhook-timestamp'] as const) : repeated;
  return [...(operation.headers ?? []), ...implied].map((name) => ({
    ...{ name, in: 'header', required: false },
    ...HEADERS[name],
  }));
}
