import { timingSafeEqual } from 'node:crypto';
import { COMMENT_ID_LENGTH, isIdOf } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import type { Site } from '../sites/site.ts';

const DAY = 24 * 60 * 60 * 1000;

/** The token that lets a commenter come back to their comment: `{commentId}.{MAC}`. Nothing of it is stored. */
export function editTokenFor(keys: Keyring, commentId: string): string {
  return `${commentId}.${keys.mac('edit', commentId).toString('base64url')}`;
}

/** The comment a token is for, or null where it is none of ours. Constant in time over the MAC. */
export function commentOfToken(keys: Keyring, token: string): string | null {
  const dot = token.indexOf('.');
  const id = token.slice(0, dot);
  if (dot !== COMMENT_ID_LENGTH || !isIdOf(COMMENT_ID_LENGTH, id)) return null;
  const given = Buffer.from(token);
  const expected = Buffer.from(editTokenFor(keys, id));
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
}

/** Until when its author may edit or delete a comment, in milliseconds since 1970. */
export function editableUntil(site: Site, createdAt: number): number {
  return createdAt + site.policy.editWindowSeconds * 1000;
}

/** Until when its author may read it while it is hidden; never before the edit window closes. */
export function readableUntil(site: Site, createdAt: number): number {
  return Math.max(createdAt + site.policy.ownReadDays * DAY, editableUntil(site, createdAt));
}
