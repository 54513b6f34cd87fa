import type { Counts } from '../comments/counts.ts';
import { authorScope, NO_COUNTS } from '../comments/counts.ts';
import type { Deps } from '../deps.ts';
import type { Site } from '../sites/site.ts';
import type { Spoken, Standing } from './standing.ts';
import { countName, heldAt, mayBeKnown, NAMES_LOOKED_AT } from './standing.ts';

/** The author of a comment, as far as a standing depends on it. */
export interface Who {
  /** Null without an address: such an author is `new` for ever. */
  key: string | null;
  name: string | null;
}

type Ports = Pick<Deps, 'authors' | 'comments' | 'clock'>;
type Measured = Pick<Site, 'id'> & { policy: Pick<Site['policy'], 'trust'> };

/** Names asked for where the newest that could do it do not. */
const SECOND_LOOK = 10;

/** What a person has said of the author and still holds; null where nobody has. From memory. */
export async function setStandingOf(deps: Ports, site: string, key: string | null): Promise<Standing | null> {
  if (key === null) return null;
  const records = await deps.authors.standings(site);
  return heldAt(records.get(key), deps.clock.now())?.standing ?? null;
}

/** Which of these authors have enough approved comments under the name they go by. Keyed as `nameOf` says. */
async function findKnown(deps: Ports, site: Measured, whos: Who[], limit: number): Promise<Who[]> {
  const keys = [...new Set(whos.flatMap(({ key }) => key ?? []))];
  if (keys.length === 0) return [];
  const { approvals } = site.policy.trust;
  const names = await deps.authors.approvedNames({ site: site.id, keys, limit });
  const named = ({ key }: Who): (string | null)[] => names.get(key ?? '') ?? [];
  const known = whos.filter((who) => countName(named(who), who.name) >= approvals);
  const unclear = whos.filter((who) => !known.includes(who) && named(who).length === limit);
  if (limit >= NAMES_LOOKED_AT || unclear.length === 0) return known;
  const further = limit < SECOND_LOOK ? SECOND_LOOK : NAMES_LOOKED_AT;
  return [...known, ...(await findKnown(deps, site, unclear, further))];
}

export interface StandingsQuery {
  site: Measured;
  whos: Who[];
  /** The authors' counters by their scope, where they are at hand. */
  counts?: Map<string, Counts>;
}

/** The standing of each author, in order. A few queries, however many they are. */
export async function standingsOf(deps: Ports, { site, whos, counts }: StandingsQuery): Promise<Standing[]> {
  const records = await deps.authors.standings(site.id);
  const now = deps.clock.now();
  const held = whos.map(({ key }) => (key === null ? null : heldAt(records.get(key), now)));
  const { trust } = site.policy;
  const scopeOf = ({ key }: Who): string => authorScope(site.id, key ?? '');
  const open = whos.filter((who, i) => who.key !== null && held[i] === null);
  const counted = counts ?? (await deps.comments.counts([...new Set(open.map(scopeOf))]));
  const likely = open.filter((who) => mayBeKnown(trust, counted.get(scopeOf(who)) ?? NO_COUNTS));
  // Most people go by one name: as many of the newest as have to bear it tell that they do.
  const known = new Set(await findKnown(deps, site, likely, Math.max(1, trust.approvals)));
  return whos.map((who, i) => held[i]?.standing ?? (known.has(who) ? 'known' : 'new'));
}

/** What their comments say of an author, whatever a person has said. */
export async function spokenOf(deps: Ports, site: Measured, who: Who): Promise<Spoken> {
  const unjudged = { ...deps, authors: { ...deps.authors, standings: async () => new Map() } };
  const standing = await standingOf(unjudged, site, who);
  return standing === 'known' ? 'known' : 'new';
}

/** One author's standing. */
export async function standingOf(deps: Ports, site: Measured, who: Who): Promise<Standing> {
  const [standing = 'new'] = await standingsOf(deps, { site, whos: [who] });
  return standing;
}
