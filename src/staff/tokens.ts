import { randomBytes } from 'node:crypto';
import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { hashToken } from '../keys.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import { entryOf } from '../moderation/record.ts';
import { returnUnseen } from '../moderation/return-claims.ts';
import type { Principal } from './principal.ts';
import { actorOf, coversSites, scopeOf } from './principal.ts';
import type { Role, Token } from './token.ts';

/** A token as answers show it; the secret only in the answer that made it. */
export interface TokenView {
  id: string;
  name: string;
  role: Role;
  sites: string[];
  hint: string;
  createdBy: Actor;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

export interface NewToken {
  name: string;
  role: Role;
  sites: string[];
  expiresAt: number | null;
}

/** A fresh secret, 256 random bits. */
export function createTokenSecret(): string {
  return `gh_${randomBytes(32).toString('base64url')}`;
}

const moment = (at: number | null): string | null => (at === null ? null : timestamp(at));

export function presentToken(token: Token): TokenView {
  const { id, name, role, sites, hint, createdBy } = token;
  return {
    id,
    name,
    role,
    sites,
    hint,
    createdBy,
    createdAt: timestamp(token.createdAt),
    expiresAt: moment(token.expiresAt),
    lastUsedAt: moment(token.lastUsedAt),
  };
}

/** Stores a token. `id` and `secret` are chosen by the caller so that a repeated request can name them again. */
export async function createToken(
  deps: Deps,
  by: Actor,
  given: NewToken & { id: string; secret: string },
): Promise<TokenView> {
  const { id, secret, name, role, sites, expiresAt } = given;
  const token: Token = {
    id,
    name,
    role,
    sites,
    hash: hashToken(secret),
    hint: secret.slice(-4),
    createdBy: by,
    createdAt: deps.clock.now(),
    expiresAt,
    lastUsedAt: null,
  };
  await deps.tokens.create(token, { act: tokenEntry(deps, 'token-created', { by, token }) });
  return presentToken(token);
}

/** Which token it was, in words; one of a single site is in that site's audit. */
function tokenEntry(
  deps: Deps,
  action: 'token-created' | 'token-deleted',
  { by, token }: { by: Actor; token: Token },
): AuditEntry {
  const { id, name, role, hint, sites } = token;
  const [only = '*', ...others] = sites;
  const site = others.length === 0 && only !== '*' ? only : null;
  const note = `${name} (${role}, …${hint})`;
  return entryOf(deps, { by, action, site, note, ...(action === 'token-created' && { id }) });
}

/** Whether a token would go on when the one that makes it has ended. A session's end is none of its owner's rights. */
const outlasts = ({ expiresAt }: NewToken, { kind, expiresAt: end }: Principal): boolean =>
  kind === 'token' && end !== null && (expiresAt === null || expiresAt > end);

/** As `createToken`, by a caller who may not grant more than they have, nor for longer. Throws `forbidden`. */
export async function grantToken(
  deps: Deps,
  principal: Principal,
  given: NewToken & { id: string; secret: string },
): Promise<TokenView> {
  if (!coversSites(principal, given.sites) || outlasts(given, principal)) throw new AppError('forbidden');
  return createToken(deps, actorOf(principal), given);
}

/** One token within the caller's scope. Throws `not-found`. */
export async function findToken(deps: Deps, principal: Principal, id: string): Promise<Token> {
  const token = await deps.tokens.find(id);
  if (!token || !coversSites(principal, token.sites)) throw new AppError('not-found');
  return token;
}

/** Takes a token away; from now on it opens nothing, and what was claimed by it is free. Throws `not-found`. */
export async function removeToken(deps: Deps, principal: Principal, id: string): Promise<void> {
  const token = await findToken(deps, principal, id);
  const act = tokenEntry(deps, 'token-deleted', { by: actorOf(principal), token });
  if (!(await deps.tokens.remove(token.id, { act }))) throw new AppError('not-found');
  await returnUnseen(deps, token.id, () => false);
}

export async function listTokens(
  deps: Deps,
  principal: Principal,
  page: { before?: string; limit: number },
): Promise<{ items: TokenView[]; total: number }> {
  const { items, total } = await deps.tokens.list({ scope: scopeOf(principal), ...page });
  return { items: items.map(presentToken), total };
}
