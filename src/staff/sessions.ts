import { randomBytes } from 'node:crypto';
import type { EmailAddress } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import { AppError, type FieldCode } from '../errors.ts';
import { hashToken } from '../keys.ts';
import { emailKeyOf } from './address.ts';
import { isUsedStep, LONGEST_SESSION, type Moderator, type Session } from './moderator.ts';
import type { Principal } from './principal.ts';
import { totpStep } from './totp.ts';

const MINUTE = 60_000;
/** Milliseconds without a call after which a session is over. */
const IDLE = 12 * 60 * MINUTE;
/** Milliseconds between two notes that it was used: a note is a write, and a call should not cost one. */
const NOTE_EVERY = MINUTE;

/** A session as it begins: `secret` goes into the cookie and is kept nowhere. */
export interface NewSession {
  secret: string;
  session: Session;
}

/** Somebody who has just signed in. */
export interface SignedIn {
  secret: string;
  principal: Principal;
}

export interface Credentials {
  email: EmailAddress;
  password: string;
  /** Six digits; null where none was given. */
  totp: string | null;
}

/** Counts a try against an account, known or not. Throws `rate-limited`. */
export type CountLogin = (accountKey: string) => Promise<void>;

export function beginSession(now: number): NewSession {
  const secret = randomBytes(32).toString('base64url');
  return { secret, session: { hash: hashToken(secret), createdAt: now, seenAt: now } };
}

const endOf = ({ createdAt, seenAt }: Session): number =>
  Math.min(seenAt + IDLE, createdAt + LONGEST_SESSION);

/** The caller that a session stands for. */
export function principalOfSession(moderator: Moderator, session: Session): Principal {
  const { id, name, role, sites } = moderator;
  return { kind: 'moderator', id, name, role, sites, expiresAt: endOf(session), session: session.hash };
}

/** Whose cookie this is; null for nobody's, a session that is over, and an account that is disabled. */
export async function authenticateSession(
  deps: Pick<Deps, 'staff' | 'clock'>,
  secret: string,
): Promise<Principal | null> {
  const found = await deps.staff.findSession(hashToken(secret));
  const now = deps.clock.now();
  if (found?.moderator.state !== 'active' || endOf(found.session) <= now) return null;
  const { moderator, session } = found;
  if (now - session.seenAt < NOTE_EVERY) return principalOfSession(moderator, session);
  deps.staff.touchSession({ id: moderator.id, hash: session.hash, at: now });
  return principalOfSession(moderator, { ...session, seenAt: now });
}

/** One answer for an unknown address, a wrong password, an invited and a disabled account. */
export const refused = (code?: FieldCode): AppError =>
  new AppError('unauthenticated', {
    headers: { 'WWW-Authenticate': 'Bearer' },
    ...(code && { errors: [{ pointer: '/totp', code }] }),
  });

/** The step of the given code, null where the account asks for none. Throws `unauthenticated` naming `/totp`. */
export function secondFactor(deps: Deps, moderator: Moderator, code: string | null): number | null {
  const { totp } = moderator;
  if (!totp) return null;
  if (code === null) throw refused('required');
  const { keys, clock } = deps;
  const step = totpStep({ keys, moderatorId: moderator.id, sealed: totp.secret, code, now: clock.now() });
  if (step === null || isUsedStep(step, totp.lastStep)) throw refused('invalid');
  return step;
}

/**
 * Signs a moderator in by address and password, and by code where the account has a second factor. A hash is
 * computed whether there is such an account or not, so that the time tells nothing either.
 *
 * @throws AppError `unauthenticated`, `rate-limited`.
 */
export async function signIn(deps: Deps, given: Credentials, countLogin: CountLogin): Promise<SignedIn> {
  const emailKey = emailKeyOf(deps.keys, given.email);
  await countLogin(emailKey);
  const found = await deps.staff.findModeratorByEmail(emailKey);
  const moderator = found?.state === 'active' ? found : null;
  const password = moderator?.password ?? null;
  const isRight = await deps.passwords.verify(given.password, password);
  if (!moderator || password === null || !isRight) throw refused();
  const step = secondFactor(deps, moderator, given.totp);
  const { secret, session } = beginSession(deps.clock.now());
  const begun = await deps.staff.signIn({ id: moderator.id, session, password, totpStep: step });
  // Meanwhile the code was used by another, or the account changed under the try.
  if (!begun) throw refused(step === null ? undefined : 'invalid');
  return { secret, principal: principalOfSession(moderator, session) };
}

/** Ends the caller's own session. Throws `forbidden` for a caller without one. */
export async function signOut(deps: Pick<Deps, 'staff'>, { id, session }: Principal): Promise<void> {
  if (session === null) throw new AppError('forbidden');
  await deps.staff.endSession({ id, hash: session });
}
