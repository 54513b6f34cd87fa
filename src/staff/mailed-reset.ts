import { timingSafeEqual } from 'node:crypto';
import type { Deps } from '../deps.ts';
import type { Keyring } from '../keys.ts';
import type { Moderator } from './moderator.ts';

/** Milliseconds that a mailed link for a new password is good for. */
export const MAILED_RESET_LIFE = 3 * 60 * 60 * 1000;

type Bound = Pick<Moderator, 'id' | 'emailKey' | 'password'>;

/**
 * Bound to the password that it replaces, which makes it good once, and to the address that it went to. Nothing is
 * written for it, so that whoever asks in somebody's name changes nothing of their account.
 */
function macOf(keys: Keyring, { id, emailKey, password }: Bound, until: number): Buffer {
  return keys.mac('mail', 'reset', id, String(until), emailKey, password ?? '');
}

/** No other link's token has a dot. */
export const isMailedReset = (token: string): boolean => token.includes('.');

export const mailedResetToken = (keys: Keyring, to: Bound, until: number): string =>
  `${to.id}.${until}.${macOf(keys, to, until).toString('base64url')}`;

/** The account whose password this token may replace; null where it is over, used, or not one of ours. */
export async function findMailedReset(
  { staff, keys, clock }: Pick<Deps, 'staff' | 'keys' | 'clock'>,
  token: string,
): Promise<Moderator | null> {
  const [id = '', end = '', mac = '', ...rest] = token.split('.');
  const until = Number(end);
  const moderator = await staff.findModerator(id);
  if (moderator?.state !== 'active' || rest.length > 0) return null;
  const [given, right] = [Buffer.from(mac, 'base64url'), macOf(keys, moderator, until)];
  const isOurs = given.length === right.length && timingSafeEqual(given, right);
  return isOurs && until > clock.now() ? moderator : null;
}
