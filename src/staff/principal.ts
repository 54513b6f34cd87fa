import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { hashToken } from '../keys.ts';
import type { Role } from './token.ts';

/** Whoever made a call with credentials. `operator` is who sits at the machine itself, with the command line. */
export interface Principal {
  kind: 'root' | 'token' | 'moderator' | 'operator';
  id: string;
  name: string;
  role: Role;
  /** Site ids, or ["*"]. */
  sites: string[];
  /** When these credentials end by themselves; null: never. */
  expiresAt: number | null;
  /** Hash of a moderator's session; null for everyone else. */
  session: string | null;
}

const EVERYTHING = { role: 'admin', sites: ['*'], expiresAt: null, session: null } as const;

/** The installation's own token, from GATEHOUSE_ADMIN_TOKEN. */
export const ROOT: Principal = { kind: 'root', id: 'root', name: 'root', ...EVERYTHING, sites: ['*'] };

export const OPERATOR: Principal = {
  kind: 'operator',
  id: 'operator',
  name: 'operator',
  ...EVERYTHING,
  sites: ['*'],
};

/** What a caller may do, by role. One table: a permission that is not here can't be asked for. */
const MAY = {
  moderate: ['moderator', 'admin'],
  administer: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof MAY;

export function may(principal: Principal, permission: Permission): boolean {
  return (MAY[permission] as readonly Role[]).includes(principal.role);
}

export function seesSite(principal: Pick<Principal, 'sites'>, site: string): boolean {
  return principal.sites.includes('*') || principal.sites.includes(site);
}

/** Whether `principal` has every site of `sites`: nobody grants more than they have. None at all is for who sees every site. */
export function coversSites(principal: Pick<Principal, 'sites'>, sites: string[]): boolean {
  return (
    principal.sites.includes('*') ||
    (sites.length > 0 && sites.every((site) => site !== '*' && principal.sites.includes(site)))
  );
}

/** The principal's scope as stores take it: null for all sites. */
export function scopeOf(principal: Principal): string[] | null {
  return principal.sites.includes('*') ? null : principal.sites;
}

const ACTOR_KINDS = {
  root: 'token',
  token: 'token',
  moderator: 'moderator',
  operator: 'system',
} as const satisfies Record<Principal['kind'], Actor['kind']>;

/** The principal as histories name it: never by an e-mail address. */
export function actorOf({ kind, id, name }: Principal): Actor {
  return { kind: ACTOR_KINDS[kind], id, name };
}

/** Who holds this bearer token; null for nobody. `rootToken` is GATEHOUSE_ADMIN_TOKEN, where set. */
export async function authenticate(
  deps: Pick<Deps, 'tokens' | 'clock'>,
  bearer: string,
  rootToken: string | null,
): Promise<Principal | null> {
  const hash = hashToken(bearer);
  if (rootToken !== null && timingSafeEqual(Buffer.from(hash), Buffer.from(hashToken(rootToken))))
    return ROOT;
  const token = await deps.tokens.findByHash(hash);
  const now = deps.clock.now();
  if (!token || (token.expiresAt !== null && token.expiresAt <= now)) return null;
  deps.tokens.touch(token.id, now);
  const { id, name, role, sites, expiresAt } = token;
  return { kind: 'token', id, name, role, sites, expiresAt, session: null };
}
