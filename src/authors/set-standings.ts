import type { Deps } from '../deps.ts';
import type { Held, SetStanding } from './standing.ts';
import { heldAt } from './standing.ts';

type Ports = Pick<Deps, 'authors' | 'clock'>;

/** Every standing that a person set on an author of the sites and that holds now. From memory. */
export async function heldOf(deps: Ports, sites: string[]): Promise<Held[]> {
  const now = deps.clock.now();
  const records = await Promise.all(sites.map((site) => deps.authors.standings(site)));
  return records.flatMap((ofSite) => [...ofSite.values()].flatMap((one) => heldAt(one, now) ?? []));
}

/** The authors of the sites on whom that was said. */
export async function setAuthorKeys(deps: Ports, sites: string[], standing: SetStanding): Promise<string[]> {
  const held = await heldOf(deps, sites);
  return held.filter((one) => one.standing === standing).map(({ key }) => key);
}
