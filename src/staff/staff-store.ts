import type { Audited } from '../moderation/audit.ts';
import type { Moderator, Session } from './moderator.ts';

/** What a change sets. What is not named stays as the store has it. */
export type ModeratorValues = Partial<
  Pick<
    Moderator,
    | 'name'
    | 'email'
    | 'emailKey'
    | 'role'
    | 'sites'
    | 'state'
    | 'locale'
    | 'notices'
    | 'password'
    | 'totp'
    | 'totpOffer'
    | 'link'
  >
>;

export interface ModeratorChange extends Audited {
  id: string;
  /** The version it was decided on. */
  expected: number;
  set: ModeratorValues;
  /** Which sessions go on: all, or those with these hashes only. */
  sessions: 'all' | string[];
}

export type ModeratorOutcome =
  | { kind: 'done'; moderator: Moderator }
  /** The account has another version by now. */
  | { kind: 'stale'; version: number }
  /** The address belongs to another account. */
  | { kind: 'taken' }
  /** It would leave no active admin. */
  | { kind: 'last-admin' }
  | { kind: 'gone' };

export interface SignIn {
  id: string;
  session: Session;
  /** The hash that the given password was compared with. */
  password: string;
  /** The step of the given code; null where the account asks for none. */
  totpStep: number | null;
}

export interface Redemption {
  id: string;
  /** Hash of the link's token. */
  hash: string;
  /** The new password's hash. */
  password: string;
  session: Session;
}

/** Where accounts and their sessions are kept. Each method that writes is one atomic, durable step. */
export interface StaffStore {
  /**
   * Keeps a new account, with a session where it begins with one. `first`: only where there is none yet.
   * False where the address has an account, or where it would not be the first.
   */
  createModerator(
    moderator: Moderator,
    options?: { session?: Session; first?: boolean } & Audited,
  ): Promise<boolean>;
  hasModerators(): Promise<boolean>;
  findModerator(id: string): Promise<Moderator | null>;
  findModeratorByEmail(emailKey: string): Promise<Moderator | null>;
  /** By the hash of a link's token, whether the link is still good or not. */
  findModeratorByLink(hash: string): Promise<Moderator | null>;
  /** Newest first; only accounts whose sites, one at least, all lie in `scope` (null: all). */
  listModerators(query: {
    scope: string[] | null;
    before?: string;
    limit: number;
  }): Promise<{ items: Moderator[]; total: number }>;

  /**
   * Changes the account where `expected` still stands, raises its version, and ends the sessions that don't
   * go on. Of any number of changes at once that would take the last active admins away, one is refused; so is
   * what would leave no active admin of all sites where there is one.
   */
  changeModerator(change: ModeratorChange): Promise<ModeratorOutcome>;
  /** Takes the account away with its sessions and link. Refused for the last active admin, of all sites or at all. */
  removeModerator(id: string, expected: number, audited?: Audited): Promise<ModeratorOutcome>;

  /**
   * Begins a session where the account is active and its password is still the one compared with, and the
   * code is not used (`isUsedStep`); else false. Ends the oldest session beyond MOST_SESSIONS.
   */
  signIn(signIn: SignIn): Promise<boolean>;
  /**
   * Uses a link up: sets the password, makes the account active, takes its second factor and every other
   * session away, begins this one. Null where the link was used, replaced, or its account disabled meanwhile.
   */
  redeemLink(redemption: Redemption): Promise<Moderator | null>;
  /** The session and its account as they stand at this moment, through whichever instance they changed. */
  findSession(hash: string): Promise<{ session: Session; moderator: Moderator } | null>;
  /** Best effort; never delays an answer. */
  touchSession(seen: { id: string; hash: string; at: number }): void;
  endSession(seen: { id: string; hash: string }): Promise<void>;
}
