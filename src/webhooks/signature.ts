import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Standard Webhooks 1.0.0, symmetric: HMAC-SHA-256 over `{id}.{timestamp}.{body}`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** How far a sender's clock may be from ours. */
const TOLERANCE_SECONDS = 300;
/** During rotation there are two; more than a handful is somebody trying. */
const MOST_SIGNATURES = 16;

/** A message as it goes over the wire. */
export interface SignedMessage {
  /** The same on every try. Without a dot, which parts it from the timestamp. */
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string | Buffer;
}

/** A new secret, `whsec_…`: 32 random bytes. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

function macOf(secret: string, id: string, timestamp: number | string, body: string | Buffer): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The three headers of a message: one signature by each secret, so that during a rotation both receivers' hold. */
export function signedHeaders(message: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const { id, timestamp, body } = message;
  const signatures = secrets.map((secret) => `v1,${macOf(secret, id, timestamp, body).toString('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/** What of a received message is to be proved. Headers by their names in lower case. */
export interface ReceivedMessage {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came, before anything has read it. */
  body: Buffer;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The message's id and timestamp (seconds) where one of the secrets has signed it and its timestamp is within
 * five minutes of now, else null. Every secret is tried on every signature, in constant time each.
 */
export function verifiedMessage(
  { headers, body, now }: ReceivedMessage,
  secrets: readonly string[],
): { id: string; timestamp: number } | null {
  const id = headers['webhook-id'];
  const stamp = headers['webhook-timestamp'];
  const given = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof stamp !== 'string' || typeof given !== 'string') return null;
  if (id === '' || !/^\d{1,12}$/.test(stamp)) return null;
  if (Math.abs(now / 1000 - Number(stamp)) > TOLERANCE_SECONDS) return null;
  const signatures = given
    .split(' ', MOST_SIGNATURES)
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'));
  let right = false;
  for (const secret of secrets) {
    const expected = macOf(secret, id, stamp, body);
    for (const signature of signatures)
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) right = true;
  }
  return right ? { id, timestamp: Number(stamp) } : null;
}
