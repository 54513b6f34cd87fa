import { randomBytes } from 'node:crypto';
import { createIdSource } from '../../src/ids.ts';
import type { Moderator, Session } from '../../src/staff/moderator.ts';
import { MODERATOR, tick } from './builders.ts';

/** Accounts and sessions for tests of the stores, as builders.ts makes comments. */

const ids = createIdSource();

/** An active moderator of no site that another test uses, with a password that nobody knows. */
export function moderator(rest: Partial<Moderator> = {}): Moderator {
  const createdAt = rest.createdAt ?? tick();
  return {
    id: ids.next(createdAt),
    name: `Moderator ${createdAt}`,
    email: `sealed ${createdAt}`,
    emailKey: randomBytes(12).toString('hex'),
    role: 'moderator',
    sites: ['*'],
    state: 'active',
    locale: null,
    password: `hash ${randomBytes(6).toString('hex')}`,
    totp: null,
    totpOffer: null,
    link: null,
    createdBy: MODERATOR,
    createdAt,
    lastSeenAt: null,
    version: 1,
    ...rest,
  };
}

export function session(rest: Partial<Session> = {}): Session {
  const createdAt = rest.createdAt ?? tick();
  return { hash: randomBytes(32).toString('hex'), createdAt, seenAt: createdAt, ...rest };
}
