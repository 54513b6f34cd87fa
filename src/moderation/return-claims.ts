import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { Claim } from './claim-store.ts';

type Ports = Pick<Deps, 'claims' | 'clock' | 'events' | 'ids'>;

/** Tells whoever listens: one event for each site. */
export async function tellOfClaims(
  deps: Ports,
  claims: Claim[],
  what: { by: Actor; until: number } | { by: null; until: null },
): Promise<void> {
  const at = deps.clock.now();
  const sites = [...new Set(claims.map(({ site }) => site))];
  await Promise.all(
    sites.map((site) => {
      const ids = claims.filter((claim) => claim.site === site).map(({ commentId }) => commentId);
      return deps.events.append({ id: deps.ids.next(at), type: 'claim', at, site, ids, ...what });
    }),
  );
}

/** Gives claims of one person back, as far as they are still theirs. */
export async function giveBack(deps: Ports, actorId: string, claims: Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const ids = claims.map(({ commentId }) => commentId);
  const given = new Set(await deps.claims.release(actorId, ids, deps.clock.now()));
  const released = claims.filter(({ commentId }) => given.has(commentId));
  await tellOfClaims(deps, released, { by: null, until: null });
}

/**
 * Gives back what a person has on sites that they no longer see: nobody else could until the lease ends. After a
 * crash in between it is the lease that ends it.
 */
export async function returnUnseen(
  deps: Ports,
  actorId: string,
  sees: (site: string) => boolean,
): Promise<void> {
  const held = await deps.claims.heldBy(actorId, deps.clock.now());
  await giveBack(
    deps,
    actorId,
    held.filter(({ site }) => !sees(site)),
  );
}
