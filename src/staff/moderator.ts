import type { Actor } from '../comments/comment.ts';
import type { Notices } from '../sites/policy.ts';
import type { Role } from './token.ts';

export const MODERATOR_STATES = ['active', 'invited', 'disabled'] as const;
/** `invited` has no password yet; `disabled` opens nothing until it is enabled again. */
export type ModeratorState = (typeof MODERATOR_STATES)[number];

/** The second factor of an account, RFC 6238. */
export interface Totp {
  /** Sealed. */
  secret: string;
  /** The 30-second step of the last code that was taken: it and earlier ones are refused, see `isUsedStep`. */
  lastStep: number;
}

/** Steps before and after the present one that are taken: clocks differ, and people type slowly. */
export const TOTP_WINDOW = 1;

/** The newest step whose code can have been taken when one of `step` is right. */
export const newestBeside = (step: number): number => step + 2 * TOTP_WINDOW;

/** Whether the code of `step` has been used, or a later one. What can't have been yet was by a clock that was set back. */
export const isUsedStep = (step: number, lastStep: number): boolean =>
  step <= lastStep && lastStep <= newestBeside(step);

/** The one link by which an account is entered without its password: the newest counts, once. */
export interface AccountLink {
  kind: 'invitation' | 'reset';
  /** Hex SHA-256 of the link's token. */
  hash: string;
  expiresAt: number;
}

/** A person's account as kept. */
export interface Moderator {
  id: string;
  name: string;
  /** The address as its owner writes it, sealed for this account. */
  email: string;
  /** Keyed hash of the normalised address, by which it is found; no two accounts share one. */
  emailKey: string;
  role: Role;
  /** Site ids, or ["*"]. */
  sites: string[];
  state: ModeratorState;
  /** BCP 47; null: as the browser says. */
  locale: string | null;
  /** How often they want mail about what waits, where a site sends any; null or missing: as each site says. */
  notices?: Notices | null;
  /** Hash in PHC form; null until one is set. */
  password: string | null;
  totp: Totp | null;
  /** A secret that was offered and waits for its first code; sealed. */
  totpOffer: string | null;
  link: AccountLink | null;
  createdBy: Actor;
  createdAt: number;
  /** Noted at most once a minute. */
  lastSeenAt: number | null;
  /** From 1; rises with every change but a sign-in. */
  version: number;
}

/** Milliseconds a session lasts at most. */
export const LONGEST_SESSION = 7 * 24 * 60 * 60 * 1000;

/** One browser that is signed in. */
export interface Session {
  /** Hex SHA-256 of what the cookie carries. */
  hash: string;
  createdAt: number;
  /** Noted at most once a minute. */
  seenAt: number;
}

/** Sessions of one account at once; a further one ends the oldest. */
export const MOST_SESSIONS = 20;

type Standing = Pick<Moderator, 'role' | 'state' | 'sites'>;

/** `everywhere`: an active admin of all sites, who alone can make another; `somewhere`: one of some. */
export type AdminRank = 'everywhere' | 'somewhere';

function rankOf({ role, state, sites }: Standing): AdminRank | null {
  if (role !== 'admin' || state !== 'active') return null;
  return sites.includes('*') ? 'everywhere' : 'somewhere';
}

/** The rank that a change takes from an account, of which another must be left; null where it takes none. */
export function lostRank(current: Standing, next: Standing | null): AdminRank | null {
  const rank = rankOf(current);
  const left = next && rankOf(next);
  return left === rank || left === 'everywhere' ? null : rank;
}
