import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { type Act, entryOf } from '../moderation/record.ts';
import type { Notices } from '../sites/policy.ts';
import { showEmail } from './address.ts';
import type { Moderator } from './moderator.ts';
import { forgetModeratorNames } from './moderator-names.ts';
import { settled } from './moderators.ts';
import { passwordErrors } from './passwords.ts';
import type { Principal } from './principal.ts';
import { actorOf } from './principal.ts';
import type { CountLogin } from './sessions.ts';
import type { ModeratorChange, ModeratorValues } from './staff-store.ts';
import type { Role } from './token.ts';
import { offerTotp, totpStep } from './totp.ts';

/** A caller as they see themselves. */
export interface Me {
  id: string;
  kind: 'moderator' | 'token' | 'root';
  name: string;
  /** A moderator's own address; null for tokens. */
  email: string | null;
  role: Role;
  sites: string[];
  /** BCP 47; null: as the browser says. */
  locale: string | null;
  /** How often they want mail about what waits; null: as each site says. */
  notices: Notices | null;
  /** When these credentials end by themselves; null: never. */
  expiresAt: string | null;
  /** Whether a log-in asks for a code. */
  totp: boolean;
}

export interface MePatch {
  name?: string;
  locale?: string | null;
  notices?: Notices | null;
  password?: { current: string; next: string };
}

function presentMe({ keys }: Pick<Deps, 'keys'>, principal: Principal, moderator: Moderator | null): Me {
  const { kind, id, role, sites, expiresAt } = principal;
  return {
    id,
    kind: kind === 'operator' ? 'root' : kind,
    name: moderator?.name ?? principal.name,
    email: moderator && showEmail(keys, moderator),
    role,
    sites,
    locale: moderator?.locale ?? null,
    notices: moderator?.notices ?? null,
    expiresAt: expiresAt === null ? null : timestamp(expiresAt),
    totp: Boolean(moderator?.totp),
  };
}

/** The caller's account. Throws `forbidden` for a token, `unauthenticated` where it is gone meanwhile. */
async function ownAccount(deps: Pick<Deps, 'staff'>, { kind, id }: Principal): Promise<Moderator> {
  if (kind !== 'moderator') throw new AppError('forbidden');
  const moderator = await deps.staff.findModerator(id);
  if (!moderator) throw new AppError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
  return moderator;
}

export async function showMe(deps: Pick<Deps, 'staff' | 'keys'>, principal: Principal): Promise<Me> {
  const moderator = principal.kind === 'moderator' ? await ownAccount(deps, principal) : null;
  return presentMe(deps, principal, moderator);
}

interface PasswordProof {
  moderator: Moderator;
  password: string;
  pointer: string;
  countLogin: CountLogin;
}

/** Asks for the account's present password once more. Throws `rate-limited`, `validation-failed` at `pointer`. */
async function provePassword(deps: Deps, proof: PasswordProof): Promise<void> {
  const { moderator, password, pointer, countLogin } = proof;
  await countLogin(moderator.emailKey);
  if (!(await deps.passwords.verify(password, moderator.password)))
    throw validationFailed([{ pointer, code: 'invalid' }]);
}

interface OwnChange {
  /** As it was read. */
  moderator: Moderator;
  set: ModeratorValues;
  /** Which sessions go on: all where it is missing, else those with these hashes only. */
  sessions?: ModeratorChange['sessions'];
  /** With it the change is in the audit. */
  action?: Act['action'];
}

/** One change of the caller's own account; null where another was faster. */
async function tryOwn(
  deps: Deps,
  principal: Principal,
  { moderator, set, sessions = 'all', action }: OwnChange,
): Promise<Moderator | null> {
  const outcome = await deps.staff.changeModerator({
    id: principal.id,
    expected: moderator.version,
    set,
    sessions,
    ...(action && { act: entryOf(deps, { by: actorOf(principal), action, site: null, note: null }) }),
  });
  forgetModeratorNames(deps);
  return settled(outcome);
}

/** The same for what was worked out from the account as it was read. Throws `conflict` where another was faster. */
async function changeOwn(deps: Deps, principal: Principal, change: OwnChange): Promise<Moderator> {
  const changed = await tryOwn(deps, principal, change);
  if (!changed) throw new AppError('conflict');
  return changed;
}

/** Whether the account is still entered as it was: a password that was proved for the one counts for the other. */
const isEnteredAlike = (one: Moderator, other: Moderator): boolean =>
  one.state === other.state && one.password === other.password && one.link?.hash === other.link?.hash;

interface PasswordChange extends Pick<PasswordProof, 'moderator' | 'countLogin'> {
  password: { current: string; next: string };
}

/** What a new password changes. Throws `rate-limited`, `validation-failed`. */
async function passwordChange(
  deps: Deps,
  { session }: Principal,
  { moderator, password, countLogin }: PasswordChange,
): Promise<Omit<OwnChange, 'moderator'>> {
  const wrong = passwordErrors(password.next, '/password/next');
  if (wrong.length > 0) throw validationFailed(wrong);
  const pointer = '/password/current';
  await provePassword(deps, { moderator, password: password.current, pointer, countLogin });
  const hash = await deps.passwords.hash(password.next);
  return {
    set: { password: hash, link: null },
    sessions: session === null ? [] : [session],
    action: 'password-changed',
  };
}

/**
 * Changes the caller's own name, locale, mail about what waits, and password. A new password ends the account's other
 * sessions, and a link for one that an admin gave before.
 *
 * @throws AppError `forbidden` for a token, `rate-limited`, `conflict`, `validation-failed`.
 */
export async function updateMe(
  deps: Deps,
  principal: Principal,
  { patch, countLogin }: { patch: MePatch; countLogin: CountLogin },
): Promise<Me> {
  const first = await ownAccount(deps, principal);
  const { name, locale, notices, password } = patch;
  const plain: ModeratorValues = {
    ...(name !== undefined && { name }),
    ...(locale !== undefined && { locale }),
    ...(notices !== undefined && { notices }),
  };
  const change =
    password && (await passwordChange(deps, principal, { moderator: first, password, countLogin }));
  for (let moderator = first; ; moderator = await ownAccount(deps, principal)) {
    if (password && !isEnteredAlike(first, moderator)) throw new AppError('conflict');
    const set = { ...plain, ...change?.set };
    const changed = await tryOwn(deps, principal, { ...change, moderator, set });
    if (changed) return presentMe(deps, principal, changed);
  }
}

/** A new secret for the caller's authenticator; `enableTotp` switches it on. Throws `conflict` where one is on. */
export async function beginTotp(
  deps: Deps,
  principal: Principal,
): Promise<{ secret: string; otpauthUrl: string }> {
  const moderator = await ownAccount(deps, principal);
  if (moderator.totp) throw new AppError('conflict', { extra: { reason: 'totp-on' } });
  const offer = offerTotp(deps.keys, moderator.id, showEmail(deps.keys, moderator));
  await changeOwn(deps, principal, { moderator, set: { totpOffer: offer.sealed } });
  return { secret: offer.secret, otpauthUrl: offer.otpauthUrl };
}

/** Switches the offered secret on by its first code. Throws `conflict` with none on offer, `validation-failed`. */
export async function enableTotp(deps: Deps, principal: Principal, code: string): Promise<Me> {
  const moderator = await ownAccount(deps, principal);
  const { totpOffer, id } = moderator;
  if (totpOffer === null) throw new AppError('conflict', { extra: { reason: 'totp-not-offered' } });
  const now = deps.clock.now();
  const step = totpStep({ keys: deps.keys, moderatorId: id, sealed: totpOffer, code, now });
  if (step === null) throw validationFailed([{ pointer: '/code', code: 'invalid' }]);
  const set: ModeratorValues = { totp: { secret: totpOffer, lastStep: step }, totpOffer: null };
  const changed = await changeOwn(deps, principal, { moderator, set, action: 'totp-enabled' });
  return presentMe(deps, principal, changed);
}

/** Switches the second factor off by the password. Throws `rate-limited`, `validation-failed` naming `/password`. */
export async function disableTotp(
  deps: Deps,
  principal: Principal,
  { password, countLogin }: { password: string; countLogin: CountLogin },
): Promise<void> {
  const moderator = await ownAccount(deps, principal);
  await provePassword(deps, { moderator, password, pointer: '/password', countLogin });
  const set: ModeratorValues = { totp: null, totpOffer: null };
  await changeOwn(deps, principal, { moderator, set, action: 'totp-disabled' });
}
