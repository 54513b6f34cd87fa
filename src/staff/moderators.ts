import type { EmailAddress } from '../authors/email.ts';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { returnUnseen } from '../moderation/return-claims.ts';
import { accountEntry, actOf } from './account-acts.ts';
import { emailKeyOf, keepEmail } from './address.ts';
import { linkFor } from './links.ts';
import type { Moderator, ModeratorState, Session } from './moderator.ts';
import { forgetModeratorNames } from './moderator-names.ts';
import { passwordErrors } from './passwords.ts';
import type { Principal } from './principal.ts';
import { actorOf, coversSites, scopeOf, seesSite } from './principal.ts';
import type { ModeratorOutcome, ModeratorValues } from './staff-store.ts';
import type { Role } from './token.ts';

export interface NewModerator {
  id: string;
  name: string;
  email: EmailAddress;
  role: Role;
  sites: string[];
  /** With it the account is active at once; else it is invited by the link that `linkSecret` opens. */
  password: string | null;
  linkSecret: string;
}

export interface ModeratorPatch {
  name?: string;
  email?: EmailAddress;
  role?: Role;
  sites?: string[];
  /** `disabled`, or either of the others to enable it again. */
  state?: ModeratorState;
  version?: number;
}

/** A whole account out of what was given. Throws `validation-failed` naming `/password`. */
async function accountOf(deps: Deps, by: Actor, given: NewModerator): Promise<Moderator> {
  const { id, name, email, role, sites, linkSecret } = given;
  const wrong = given.password === null ? [] : passwordErrors(given.password, '/password');
  if (wrong.length > 0) throw validationFailed(wrong);
  const password = given.password === null ? null : await deps.passwords.hash(given.password);
  const now = deps.clock.now();
  return {
    id,
    name,
    ...keepEmail(deps.keys, id, email),
    role,
    sites,
    state: password === null ? 'invited' : 'active',
    locale: null,
    password,
    totp: null,
    totpOffer: null,
    link: password === null ? linkFor('invitation', linkSecret, now) : null,
    createdBy: by,
    createdAt: now,
    lastSeenAt: null,
    version: 1,
  };
}

/** Makes an account. Throws `forbidden` beyond the caller's own sites, `already-exists`, `validation-failed`. */
export async function createModerator(
  deps: Deps,
  principal: Principal,
  given: NewModerator,
): Promise<Moderator> {
  if (!coversSites(principal, given.sites)) throw new AppError('forbidden');
  // Before the slow hash; the store looks again.
  if (await deps.staff.findModeratorByEmail(emailKeyOf(deps.keys, given.email)))
    throw new AppError('already-exists');
  const moderator = await accountOf(deps, actorOf(principal), given);
  const act = accountEntry(deps, moderator, { by: moderator.createdBy, action: 'created' });
  if (!(await deps.staff.createModerator(moderator, { act }))) throw new AppError('already-exists');
  forgetModeratorNames(deps);
  return moderator;
}

/** Makes the first account of an installation, an admin who is signed in; null where there is one already. */
export async function createFirstAdmin(
  deps: Deps,
  by: Actor,
  given: Pick<NewModerator, 'name' | 'email'> & { password: string; session: Session },
): Promise<Moderator | null> {
  const { session, ...rest } = given;
  const id = deps.ids.next(deps.clock.now());
  const admin = await accountOf(deps, by, { ...rest, id, role: 'admin', sites: ['*'], linkSecret: '' });
  const first: Moderator = { ...admin, lastSeenAt: session.seenAt };
  const act = accountEntry(deps, first, { by, action: 'created' });
  if (!(await deps.staff.createModerator(first, { session, first: true, act }))) return null;
  forgetModeratorNames(deps);
  return first;
}

/** One account whose sites the caller has all. Throws `not-found`. */
export async function findModerator(
  deps: Pick<Deps, 'staff'>,
  principal: Principal,
  id: string,
): Promise<Moderator> {
  const moderator = await deps.staff.findModerator(id);
  if (!moderator || !coversSites(principal, moderator.sites)) throw new AppError('not-found');
  return moderator;
}

export function listModerators(
  deps: Pick<Deps, 'staff'>,
  principal: Principal,
  page: { before?: string; limit: number },
): Promise<{ items: Moderator[]; total: number }> {
  return deps.staff.listModerators({ scope: scopeOf(principal), ...page });
}

const lastAdmin = (): AppError => new AppError('conflict', { extra: { reason: 'last-admin' } });

/** What became of a step in the store; null where another was faster and it may be tried again. */
export function settled(outcome: ModeratorOutcome): Moderator | null {
  switch (outcome.kind) {
    case 'done':
      return outcome.moderator;
    case 'stale':
      return null;
    case 'taken':
      throw new AppError('already-exists');
    case 'last-admin':
      throw lastAdmin();
    case 'gone':
      throw new AppError('not-found');
  }
}

/** The state that a patch leads to. Throws `validation-failed` naming `/state`. */
function nextState({ state, password }: Moderator, asked: ModeratorState | undefined): ModeratorState {
  if (asked === undefined || asked === 'disabled') return asked ?? state;
  if (asked === 'invited' && password !== null)
    throw validationFailed([{ pointer: '/state', code: 'invalid' }]);
  return password === null ? 'invited' : 'active';
}

function valuesOf(deps: Deps, current: Moderator, patch: ModeratorPatch): ModeratorValues {
  const { email, version: _, state: asked, ...plain } = patch;
  const state = nextState(current, asked);
  const kept = email && keepEmail(deps.keys, current.id, email);
  const moved = kept !== undefined && kept.emailKey !== current.emailKey;
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...kept,
    state,
    // A link that waits must not bring a disabled account back, nor be opened by whoever the old address belongs to.
    ...((state === 'disabled' || moved) && { link: null }),
  };
}

/**
 * Changes an account; disabling it ends its sessions, and its claims where it no longer sees them. With a `version`
 * that no longer stands: `conflict`; without one it applies to what is current.
 *
 * @throws AppError `not-found`, `forbidden` beyond the caller's own sites, `already-exists`, `conflict` (with
 *   `reason: "last-admin"` where no active admin would be left), `validation-failed`.
 */
export async function updateModerator(
  deps: Deps,
  principal: Principal,
  { id, patch }: { id: string; patch: ModeratorPatch },
): Promise<Moderator> {
  for (;;) {
    const current = await findModerator(deps, principal, id);
    if (patch.sites && !coversSites(principal, patch.sites)) throw new AppError('forbidden');
    const expected = patch.version ?? current.version;
    const set = valuesOf(deps, current, patch);
    const sessions = set.state === 'disabled' ? [] : 'all';
    const next = { ...current, ...set };
    const act = accountEntry(deps, next, { by: actorOf(principal), ...actOf(current, patch) });
    const outcome = await deps.staff.changeModerator({ id, expected, set, sessions, act });
    forgetModeratorNames(deps);
    const changed = settled(outcome);
    if (changed) {
      const sees = (site: string): boolean => changed.state === 'active' && seesSite(changed, site);
      await returnUnseen(deps, id, sees);
      return changed;
    }
    if (patch.version !== undefined && outcome.kind === 'stale')
      throw new AppError('conflict', { extra: { current: { version: outcome.version } } });
  }
}

/** Takes an account away; its sessions and link with it. Throws `not-found`, `conflict` for the last active admin. */
export async function removeModerator(deps: Deps, principal: Principal, id: string): Promise<void> {
  for (;;) {
    const current = await findModerator(deps, principal, id);
    const act = accountEntry(deps, current, { by: actorOf(principal), action: 'deleted' });
    const removed = settled(await deps.staff.removeModerator(id, current.version, { act }));
    if (!removed) continue;
    forgetModeratorNames(deps);
    await returnUnseen(deps, id, () => false);
    return;
  }
}

/**
 * Gives a new link for an account, in place of any earlier one: `invitation` where it has no password yet,
 * `reset` where it has.
 *
 * @throws AppError `not-found`; `conflict` where its state is another.
 */
export async function issueLink(
  deps: Deps,
  principal: Principal,
  { id, kind, secret }: { id: string; kind: 'invitation' | 'reset'; secret: string },
): Promise<Moderator> {
  const wanted: ModeratorState = kind === 'invitation' ? 'invited' : 'active';
  for (;;) {
    const current = await findModerator(deps, principal, id);
    if (current.state !== wanted) throw new AppError('conflict', { extra: { reason: 'state' } });
    const link = linkFor(kind, secret, deps.clock.now());
    const action = kind === 'invitation' ? 'invited' : 'reset';
    const act = accountEntry(deps, current, { by: actorOf(principal), action });
    const change = { id, expected: current.version, set: { link }, sessions: 'all', act } as const;
    const changed = settled(await deps.staff.changeModerator(change));
    if (changed) return changed;
  }
}
