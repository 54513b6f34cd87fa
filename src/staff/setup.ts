import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { hashToken } from '../keys.ts';
import { createToken, createTokenSecret } from './tokens.ts';

const SETUP: Actor = { kind: 'system', id: 'setup', name: 'setup' };

/** The first admin's way in: a word of the start log that is good for one token. */
export interface Setup {
  /** What the start log's `setupUrl` carries. */
  token: string;
  /** A new admin token for the right word, the first time it is said; else null. */
  redeem(given: string): Promise<string | null>;
}

/** A one-time setup. It is kept in memory only: with the process, the word goes. */
export function createSetup(deps: Deps, random: (size: number) => Buffer = randomBytes): Setup {
  const token = random(32).toString('base64url');
  const expected = Buffer.from(hashToken(token));
  let used = false;
  return {
    token,
    async redeem(given) {
      // Hashes are compared: equal in length whatever was given, so that the time tells nothing.
      if (!timingSafeEqual(Buffer.from(hashToken(given)), expected) || used) return null;
      // Taken before the store is asked: of two at once one gets a token.
      used = true;
      try {
        const secret = createTokenSecret();
        const id = deps.ids.next(deps.clock.now());
        await createToken(deps, SETUP, {
          id,
          secret,
          name: 'setup',
          role: 'admin',
          sites: ['*'],
          expiresAt: null,
        });
        return secret;
      } catch (error) {
        // Nothing was made, so nothing was used up.
        used = false;
        throw error;
      }
    },
  };
}
