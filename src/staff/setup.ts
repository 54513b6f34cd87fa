import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { EmailAddress } from '../authors/email.ts';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { hashToken } from '../keys.ts';
import { createFirstAdmin } from './moderators.ts';
import { passwordErrors } from './passwords.ts';
import type { SignedIn } from './sessions.ts';
import { beginSession, principalOfSession } from './sessions.ts';
import { createToken, createTokenSecret } from './tokens.ts';

const SETUP: Actor = { kind: 'system', id: 'setup', name: 'setup' };

export interface FirstAdmin {
  /** The word of the start log. */
  token: string;
  name: string;
  email: EmailAddress;
  password: string;
}

/** The first admin's way in: a word of the start log that is good for one account or one token. */
export interface Setup {
  /** What the start log's `setupUrl` carries. */
  token: string;
  /** Whether the word is the right one and still good. */
  isOpen(given: string): Promise<boolean>;
  /** A new admin token for the right word, the first time it is said; else null. */
  redeem(given: string): Promise<string | null>;
  /**
   * Makes the first admin and signs them in. Throws `validation-failed` naming `/token` (wrong, used, or there
   * is a moderator already) and `/password`; neither uses the word up.
   */
  makeAdmin(given: FirstAdmin): Promise<SignedIn>;
}

/** A one-time setup. It is kept in memory only: with the process, the word goes. */
export function createSetup(deps: Deps, random: (size: number) => Buffer = randomBytes): Setup {
  const token = random(32).toString('base64url');
  const expected = Buffer.from(hashToken(token));
  let used = false;

  async function isOpen(given: string): Promise<boolean> {
    // Hashes are compared: equal in length whatever was given, so that the time tells nothing.
    const isRight = timingSafeEqual(Buffer.from(hashToken(given)), expected);
    return isRight && !used && !(await deps.staff.hasModerators());
  }

  /** Runs `make` for the right word, the first time it is said; else null. */
  async function once<T>(given: string, make: () => Promise<T>): Promise<T | null> {
    // Taken in the same breath as it is looked at: of two at once one goes on.
    if (!(await isOpen(given)) || used) return null;
    used = true;
    try {
      return await make();
    } catch (error) {
      // Nothing was made, so nothing was used up.
      used = false;
      throw error;
    }
  }

  async function makeToken(): Promise<string> {
    const secret = createTokenSecret();
    const id = deps.ids.next(deps.clock.now());
    const rest = { name: 'setup', role: 'admin', sites: ['*'], expiresAt: null } as const;
    await createToken(deps, SETUP, { id, secret, ...rest, sites: ['*'] });
    return secret;
  }

  return {
    token,
    isOpen,
    redeem: (given) => once(given, makeToken),
    async makeAdmin({ token: given, name, email, password }) {
      const wrong = passwordErrors(password, '/password');
      const { secret, session } = beginSession(deps.clock.now());
      const make = () => createFirstAdmin(deps, SETUP, { name, email, password, session });
      const admin = wrong.length === 0 ? await once(given, make) : null;
      if (admin) return { secret, principal: principalOfSession(admin, session) };
      const isDead = wrong.length === 0 || !(await isOpen(given));
      throw validationFailed([
        ...(isDead ? [{ pointer: '/token', code: 'invalid' } as const] : []),
        ...wrong,
      ]);
    },
  };
}
