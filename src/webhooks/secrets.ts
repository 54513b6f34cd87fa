import type { Keyring } from '../keys.ts';
import type { Webhook } from './webhook.ts';

/** How long both secrets sign after a rotation, in milliseconds. */
export const ROTATION_MS = 24 * 3_600_000;

const contextOf = (id: string): string => `webhook/${id}`;

/** A secret as it is stored: sealed, and good for that subscriber or filter only. */
export function sealSecret(keys: Keyring, id: string, secret: string): string {
  return keys.seal(secret, contextOf(id));
}

export function openSecret(keys: Keyring, id: string, sealed: string): string {
  const secret = keys.open(sealed, contextOf(id));
  if (secret === null) throw new Error('a webhook’s secret is sealed under another key');
  return secret;
}

/** The secrets that sign now, the newest first. */
export function secretsOf(
  keys: Keyring,
  { id, secret, previous }: Pick<Webhook, 'id' | 'secret' | 'previous'>,
  now: number,
): string[] {
  const sealed = previous && previous.until > now ? [secret, previous.secret] : [secret];
  return sealed.map((one) => openSecret(keys, id, one));
}
