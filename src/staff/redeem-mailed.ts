import type { Deps } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import { deadLink } from './links.ts';
import { findMailedReset } from './mailed-reset.ts';
import type { Moderator, Session } from './moderator.ts';
import { settled } from './moderators.ts';
import { passwordErrors } from './passwords.ts';
import { actorOf } from './principal.ts';
import type { CountLogin, SignedIn } from './sessions.ts';
import { beginSession, principalOfSession, refused, secondFactor } from './sessions.ts';

export interface MailedRedemption {
  token: string;
  password: string;
  /** Six digits; null where none was given. */
  totp: string | null;
}

/** Whoever reads somebody's mail has one factor of two: the other is asked for as at a sign-in. */
async function stepOf(
  deps: Deps,
  { moderator, totp }: { moderator: Moderator; totp: string | null },
  countLogin: CountLogin,
): Promise<number | null> {
  if (moderator.totp && totp !== null) await countLogin(moderator.emailKey);
  return secondFactor(deps, moderator, totp);
}

/** The new password in place of the one that the token is bound to. Throws `validation-failed` where that went meanwhile. */
async function replace(
  deps: Deps,
  { token, password, session }: { token: string; password: string; session: Session },
): Promise<Moderator> {
  for (;;) {
    const current = await findMailedReset(deps, token);
    if (!current) throw deadLink();
    const by = actorOf(principalOfSession(current, session));
    const changed = settled(
      await deps.staff.changeModerator({
        id: current.id,
        expected: current.version,
        set: { password, link: null },
        sessions: [session.hash],
        act: entryOf(deps, { by, action: 'password-changed', site: null, note: 'by mail' }),
      }),
    );
    if (changed) return changed;
  }
}

/**
 * Sets a password by a mailed link and signs in; every other session ends, a second factor stays. What is wrong with
 * password or code does not use the link up.
 *
 * @throws AppError `validation-failed` naming `/token` and `/password`; `unauthenticated` naming `/totp`; `rate-limited`.
 */
export async function redeemMailed(
  deps: Deps,
  { token, password, totp }: MailedRedemption,
  countLogin: CountLogin,
): Promise<SignedIn> {
  const wrong = passwordErrors(password, '/password');
  const found = await findMailedReset(deps, token);
  if (!found) throw validationFailed([{ pointer: '/token', code: 'invalid' }, ...wrong]);
  if (wrong.length > 0) throw validationFailed(wrong);
  const totpStep = await stepOf(deps, { moderator: found, totp }, countLogin);
  const next = await deps.passwords.hash(password);
  const { secret, session } = beginSession(deps.clock.now());
  // First of all, so that of two uses of one code one is refused. Cut off here, nobody has the session.
  const begun = await deps.staff.signIn({ id: found.id, session, password: found.password ?? '', totpStep });
  if (!begun) throw totpStep === null ? deadLink() : refused('invalid');
  try {
    const changed = await replace(deps, { token, password: next, session });
    return { secret, principal: principalOfSession(changed, session) };
  } catch (error) {
    await deps.staff.endSession({ id: found.id, hash: session.hash });
    throw error;
  }
}
