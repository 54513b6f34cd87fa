import type { EmailAddress } from '../authors/email.ts';
import { normalizeAddress, openEmail, revealEmail, sealEmail } from '../authors/email.ts';
import type { Keyring } from '../keys.ts';
import type { Moderator } from './moderator.ts';

/** What a seal is bound to in place of a site: no site's id holds a slash. */
const placeOf = (moderatorId: string): string => `staff/${moderatorId}`;

/** What an account is found by, and log-ins are counted by: nobody can compute it from the address. */
export function emailKeyOf(keys: Keyring, email: EmailAddress): string {
  return keys.mac('staff', normalizeAddress(email)).toString('base64url');
}

/** Both forms in which an account keeps its address. */
export function keepEmail(
  keys: Keyring,
  moderatorId: string,
  email: EmailAddress,
): Pick<Moderator, 'email' | 'emailKey'> {
  return { email: sealEmail(email, keys, placeOf(moderatorId)), emailKey: emailKeyOf(keys, email) };
}

/** The letters of an account's address: for admins and for its owner, nobody else. */
export function showEmail(keys: Keyring, { id, email }: Pick<Moderator, 'id' | 'email'>): string {
  const opened = openEmail(email, keys, placeOf(id));
  if (!opened) throw new Error('the seal of a moderator’s address is broken');
  return revealEmail(opened);
}
