import { randomBytes } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { type AppError, validationFailed } from '../errors.ts';
import { hashToken } from '../keys.ts';
import { findMailedReset, isMailedReset } from './mailed-reset.ts';
import type { AccountLink, Moderator } from './moderator.ts';
import { passwordErrors } from './passwords.ts';
import type { SignedIn } from './sessions.ts';
import { beginSession, principalOfSession } from './sessions.ts';

/** Milliseconds that a link is good for. */
export const LINK_LIFE = 72 * 60 * 60 * 1000;

/** A fresh token for a link, 256 random bits. */
export const createLinkSecret = (): string => randomBytes(32).toString('base64url');

export const linkFor = (kind: AccountLink['kind'], secret: string, now: number): AccountLink => ({
  kind,
  hash: hashToken(secret),
  expiresAt: now + LINK_LIFE,
});

/** The page under which a link is used; its path is the link's kind. */
export const linkUrl = (publicUrl: string, kind: AccountLink['kind'], secret: string): string =>
  `${publicUrl}/${kind}?token=${secret}`;

/** The account whose link of that kind this is; null where it is over, used, replaced or never was. */
export async function findByLink(
  deps: Pick<Deps, 'staff' | 'clock' | 'keys'>,
  kind: AccountLink['kind'],
  secret: string,
): Promise<Moderator | null> {
  if (kind === 'reset' && isMailedReset(secret)) return findMailedReset(deps, secret);
  const moderator = await deps.staff.findModeratorByLink(hashToken(secret));
  const link = moderator?.link;
  if (!moderator || !link || link.kind !== kind) return null;
  return link.expiresAt > deps.clock.now() && moderator.state !== 'disabled' ? moderator : null;
}

export const deadLink = (): AppError => validationFailed([{ pointer: '/token', code: 'invalid' }]);

/**
 * Sets a password by a link and signs in. What is wrong with the password does not use the link up.
 *
 * @throws AppError `validation-failed` naming `/token` (over, used, replaced, never was) and `/password`.
 */
export async function redeemLink(
  deps: Deps,
  kind: AccountLink['kind'],
  given: { token: string; password: string },
): Promise<SignedIn> {
  const wrong = passwordErrors(given.password, '/password');
  const found = await findByLink(deps, kind, given.token);
  if (!found) throw validationFailed([{ pointer: '/token', code: 'invalid' }, ...wrong]);
  if (wrong.length > 0) throw validationFailed(wrong);
  const password = await deps.passwords.hash(given.password);
  const { secret, session } = beginSession(deps.clock.now());
  const hash = hashToken(given.token);
  const moderator = await deps.staff.redeemLink({ id: found.id, hash, password, session });
  if (!moderator) throw deadLink();
  return { secret, principal: principalOfSession(moderator, session) };
}
