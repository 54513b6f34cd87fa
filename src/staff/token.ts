import type { Actor } from '../comments/comment.ts';
import type { Audited } from '../moderation/audit.ts';

export const ROLES = ['moderator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A bearer token as kept: the secret itself only as its SHA-256. */
export interface Token {
  id: string;
  name: string;
  role: Role;
  /** Site ids, or ["*"]. */
  sites: string[];
  /** Hex SHA-256 of the token. */
  hash: string;
  /** The last four characters, to tell tokens apart. */
  hint: string;
  createdBy: Actor;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Where tokens are kept. */
export interface TokenStore {
  create(token: Token, audited?: Audited): Promise<void>;
  /** By hash; null where there is none. A removal through any instance shows within 1 s. */
  findByHash(hash: string): Promise<Token | null>;
  find(id: string): Promise<Token | null>;
  /** Newest first; only tokens whose sites all lie in `scope` (null: all). */
  list(query: {
    scope: string[] | null;
    before?: string;
    limit: number;
  }): Promise<{ items: Token[]; total: number }>;
  remove(id: string, audited?: Audited): Promise<boolean>;
  /** Best effort; never delays an answer. */
  touch(id: string, at: number): void;
}
