import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { EmailAddress } from '../authors/email.ts';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { hashToken } from '../keys.ts';
import { KEPT_FOR } from '../requests/idempotency-store.ts';
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

export interface SetupOptions {
  /** Other processes on the same store answer, too: each takes the words of all, and a word is good for a day. */
  isShared?: boolean;
  random?: (size: number) => Buffer;
}

/** Hashes are compared: equal in length whatever was given, so that the time tells nothing. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(one)), Buffer.from(hashToken(other)));

/** A one-time setup. Nothing is written for a word until it is used; one that is not shared goes with the process. */
export function createSetup(
  deps: Deps,
  { isShared = false, random = randomBytes }: SetupOptions = {},
): Setup {
  const { keys, clock, staff, idempotency } = deps;
  /** A word says until when it is good, and proves that one of the processes made it. */
  const wordOf = (until: string, nonce: string): string =>
    `${until}.${nonce}.${keys.mac('setup', 'word', until, nonce).toString('base64url')}`;
  const secret = random(32).toString('base64url');
  const token = isShared ? wordOf(String(clock.now() + KEPT_FOR), secret) : secret;
  const used = new Set<string>();

  function isRight(given: string): boolean {
    if (!isShared) return isSame(given, token);
    const [until = '', nonce = ''] = given.split('.');
    return isSame(given, wordOf(until, nonce)) && Number(until) > clock.now();
  }

  /** What is used up is kept where keys of requests are: for a day, known to all, taken by one. */
  const placeOf = (word: string): string => keys.mac('setup', 'used', word).toString('base64url');
  const isFree = async (word: string): Promise<boolean> =>
    !used.has(word) && !(isShared && (await idempotency.find(placeOf(word))));

  async function isOpen(given: string): Promise<boolean> {
    return isRight(given) && (await isFree(given)) && !(await staff.hasModerators());
  }

  /** Whether no other process was faster. */
  async function take(word: string): Promise<boolean> {
    if (!isShared) return true;
    const use = { fingerprint: '', plan: '', owner: 'setup', at: clock.now() };
    return (await idempotency.begin(placeOf(word), use)).begun;
  }

  /** Runs `make` for the right word, the first time it is said; else null. */
  async function once<T>(given: string, make: () => Promise<T>): Promise<T | null> {
    // Taken in the same breath as it is looked at: of two at once one goes on.
    if (!(await isOpen(given)) || used.has(given)) return null;
    used.add(given);
    let isTaken = false;
    try {
      isTaken = await take(given);
      return isTaken ? await make() : null;
    } catch (error) {
      // Nothing was made, so nothing was used up.
      used.delete(given);
      if (isTaken && isShared) await idempotency.forget(placeOf(given)).catch(() => undefined);
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
