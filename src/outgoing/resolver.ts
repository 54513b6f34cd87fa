import { lookup as systemLookup } from 'node:dns/promises';
import { isPublicAddress } from './addresses.ts';
import type { Lookup } from './outgoing.ts';
import type { Target } from './target.ts';

/** As the system resolves names, its hosts file included. */
export const lookupBySystem: Lookup = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** The addresses that a call to the target may connect to. Rejects where the name has none. */
export type Resolver = (target: Target) => Promise<string[] | 'private-address'>;

/**
 * Looks a name up once for a call and checks every address: one private one among public ones refuses them all,
 * since which of them is connected to is chance. Questions about one name at one time share the answer, so that
 * a name whose servers are silent holds one of the few threads the system looks names up in, not all of them.
 */
export function createResolver(lookup: Lookup, allowPrivate: boolean): Resolver {
  const underWay = new Map<string, Promise<string[]>>();
  const ask = (hostname: string): Promise<string[]> => {
    const asked = underWay.get(hostname);
    if (asked) return asked;
    const answer = lookup(hostname).finally(() => underWay.delete(hostname));
    underWay.set(hostname, answer);
    return answer;
  };
  return async ({ url, address }) => {
    const found = address === null ? await ask(url.hostname) : [address];
    if (found.length === 0) throw new Error('the name has no address');
    return allowPrivate || found.every(isPublicAddress) ? found : 'private-address';
  };
}
