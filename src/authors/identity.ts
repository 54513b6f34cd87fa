import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Deps } from '../deps.ts';
import { encodeBytes } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import type { Site } from '../sites/site.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { countCharacters, isBlank, normalizeLine } from '../text/normalize.ts';
import { type EmailAddress, normalizeAddress, parseEmail } from './email.ts';
import { identitySecretsOf } from './identity-secret.ts';

/** A reader whom the site has signed in. */
export interface SignedIn {
  /** The pseudonym on the site, made from `sub`. */
  key: string;
  name: string;
  email: EmailAddress | null;
  /** As the site says it; checked as a typed one is. */
  url: string | null;
  /** A word on who this is, such as `Subscriber`; null without one. */
  badge: string | null;
}

/** Seconds that a token may be good for, and by which the site's clock may be off. */
const LONGEST = 3600;
const SKEW = 60;
/** In characters. Nothing that long is a token, and the check is kept from hostile lengths. */
const MOST_TOKEN = 8192;
const MOST_SUB = 255;
export const MOST_BADGE = 40;
const HALF_CHARACTER = /\p{Surrogate}/u;
/** As that of an address; see email.ts. */
const KEY_LENGTH = 26;

/** The pseudonym of a signed-in reader: keyed, and under a key of its own, so that it is never that of an address. */
export const signedInKey = (keys: Keyring, site: string, sub: string): string =>
  encodeBytes(keys.mac('identity', site, sub), KEY_LENGTH);

/**
 * The pseudonym of a reader whom the site has signed in at another installation, where an export tells of one: by
 * the address, since their `sub` is kept nowhere, and another than whoever types that address has.
 */
export const movedIdentityKey = (email: EmailAddress, keys: Keyring, site: string): string =>
  encodeBytes(keys.mac('identity', site, 'moved', normalizeAddress(email)), KEY_LENGTH);

/** A line of text of a token; null where it is missing or nothing visible, undefined where it is none. */
function lineOf(value: unknown, most: number): string | null | undefined {
  if (value === undefined || value === null) return null;
  const line = typeof value === 'string' ? normalizeLine(value) : null;
  if (line === null) return undefined;
  if (isBlank(line)) return null;
  return countCharacters(line) > most ? undefined : line;
}

/** What the first of the secrets that fits has signed; null where none has, or the claims are not as they must be. */
async function payloadOf(token: string, secrets: string[], { site, now }: { site: string; now: number }) {
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, Buffer.from(secret), {
        algorithms: ['HS256'],
        audience: site,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: SKEW,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
  return null;
}

function readerOf(payload: JWTPayload, { keys, site }: { keys: Keyring; site: Site }): SignedIn | null {
  const { sub, name: given, email: address, url: link, badge: word } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > MOST_SUB || HALF_CHARACTER.test(sub)) return null;
  const name = lineOf(given, site.policy.limits.name);
  const badge = lineOf(word, MOST_BADGE);
  const url = lineOf(link, site.policy.limits.url);
  if (!name || parseEmail(name) || badge === undefined || url === undefined) return null;
  const text = lineOf(address, site.policy.limits.email);
  const email = text ? parseEmail(text) : null;
  if (text === undefined || (text !== null && email === null)) return null;
  // Name and link are looked through with whatever else the comment shows.
  const shown = badge && email ? maskOwnAddress(badge, email).text : badge;
  return { key: signedInKey(keys, site.id, sub), name, email, url, badge: shown };
}

/**
 * The reader whom a token names: a JWT (RFC 7519) signed by HS256 with the site's identity secret, for the site
 * (`aud`), good for an hour at most. Null where anything about it is wrong; which, is nobody's business.
 */
export async function readIdentity(
  deps: Pick<Deps, 'identities' | 'keys' | 'clock'>,
  site: Site,
  token: string,
): Promise<SignedIn | null> {
  if (token.length > MOST_TOKEN) return null;
  const now = deps.clock.now();
  const payload = await payloadOf(token, await identitySecretsOf(deps, site.id), { site: site.id, now });
  if (!payload || (payload.exp ?? 0) > now / 1000 + LONGEST + SKEW) return null;
  return readerOf(payload, { keys: deps.keys, site });
}
