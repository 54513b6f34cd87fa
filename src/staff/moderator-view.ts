import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { showEmail } from './address.ts';
import type { Moderator, ModeratorState } from './moderator.ts';
import type { Role } from './token.ts';

/** An account as admins see it. */
export interface ModeratorView {
  id: string;
  name: string;
  email: string;
  role: Role;
  sites: string[];
  state: ModeratorState;
  /** Whether a log-in asks for a code. */
  totp: boolean;
  createdAt: string;
  lastSeenAt: string | null;
  version: number;
}

export function presentModerator({ keys }: Pick<Deps, 'keys'>, moderator: Moderator): ModeratorView {
  const { id, name, role, sites, state, totp, createdAt, lastSeenAt, version } = moderator;
  return {
    id,
    name,
    email: showEmail(keys, moderator),
    role,
    sites,
    state,
    totp: totp !== null,
    createdAt: timestamp(createdAt),
    lastSeenAt: lastSeenAt === null ? null : timestamp(lastSeenAt),
    version,
  };
}
