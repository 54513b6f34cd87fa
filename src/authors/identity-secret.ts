import { randomBytes } from 'node:crypto';
import type { Deps } from '../deps.ts';
import type { Keyring } from '../keys.ts';
import { entryOf } from '../moderation/record.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import type { IdentitySecret } from './identity-store.ts';

/** How long the secret before the current one counts too, in milliseconds. */
const ROTATION_MS = 24 * 3_600_000;
const BYTES = 32;

const contextOf = (site: string): string => `identity/${site}`;

/** 32 random bytes as text; the text itself, as UTF-8, is the key of HS256. */
export const newIdentitySecret = (): string => randomBytes(BYTES).toString('base64url');

function openSecret(keys: Keyring, site: string, sealed: string): string {
  const secret = keys.open(sealed, contextOf(site));
  if (secret === null) throw new Error('a site’s identity secret is sealed under another key');
  return secret;
}

/** The secrets that count now, the newest first; [] where the site has none. */
export async function identitySecretsOf(
  { identities, keys, clock }: Pick<Deps, 'identities' | 'keys' | 'clock'>,
  site: string,
): Promise<string[]> {
  const kept = await identities.secretOf(site);
  if (!kept) return [];
  const { secret, previous } = kept;
  const sealed = previous && previous.until > clock.now() ? [secret, previous.secret] : [secret];
  return sealed.map((one) => openSecret(keys, site, one));
}

/** A site's new secret, chosen by the caller; gives until when the one before counts too, null where there was none. */
export async function rotateIdentitySecret(
  deps: Deps,
  principal: Principal,
  { site, secret }: { site: string; secret: string },
): Promise<IdentitySecret> {
  const sealed = deps.keys.seal(secret, contextOf(site));
  for (;;) {
    const current = await deps.identities.secretOf(site);
    const until = deps.clock.now() + ROTATION_MS;
    const next = { secret: sealed, previous: current && { secret: current.secret, until } };
    const expected = current?.secret ?? null;
    const act = entryOf(deps, { by: actorOf(principal), action: 'identity-rotated', site, note: null });
    if (await deps.identities.keepSecret(site, next, { expected, act })) return next;
  }
}

/** The kept secret where it is this very one, for a request that is repeated; else null. */
export async function keptIdentitySecret(
  { identities, keys }: Pick<Deps, 'identities' | 'keys'>,
  { site, secret }: { site: string; secret: string },
): Promise<IdentitySecret | null> {
  const kept = await identities.secretOf(site);
  return kept && openSecret(keys, site, kept.secret) === secret ? kept : null;
}
