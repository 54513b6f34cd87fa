import type { Actor } from '../comments/comment.ts';
import type { Volume } from '../comments/tallies.ts';
import { readTally } from '../comments/tallies.ts';
import type { Deps } from '../deps.ts';
import { groupBy } from '../group-by.ts';
import type { PhaseTimes } from '../screening/phase-times.ts';
import type { Principal } from '../staff/principal.ts';
import { boundsOf, dayAfter, dayAt } from './days.ts';
import { percentile } from './percentile.ts';
import { sitesOf } from './queue.ts';
import { type Scorecard, scorecardsOf } from './scorecards.ts';
import type { TallySum } from './stats-store.ts';
import { addToRest, noVolume } from './stats-store.ts';

/** Shapes as in the contract, part 3. What is counted, and when, is in comments/tallies.ts. */
export interface Stats {
  /** The first and the last day. */
  from: string;
  to: string;
  volume: ({ day: string } & Record<Volume, number>)[];
  /** Of first decisions by a person, from the posting on; null where there was none. */
  timeToDecision: { p50Seconds: number | null; p90Seconds: number | null };
  /** Most decisions first. */
  moderators: { by: Actor; decisions: number; overturned: number }[];
  /** In the order they run in. */
  phases: Scorecard[];
}

export interface StatsRequest {
  /** One site, or undefined for all that the caller sees. */
  site?: string;
  /** Today and those before it. */
  days: number;
}

type Moderator = Stats['moderators'][number] & { last: number };

/** What the sums say, taken apart. */
function sorted(rest: TallySum[], phaseTimes: PhaseTimes): Omit<Stats, 'from' | 'to' | 'volume'> {
  const waits: [number, number][] = [];
  const moderators = new Map<string, Moderator>();
  for (const { what, n, last } of rest) {
    const tally = readTally(what);
    if (tally.kind === 'wait') waits.push([tally.seconds, n]);
    else if (tally.kind === 'decisions' || tally.kind === 'overturned') {
      const key = `${tally.by.kind}/${tally.by.id}`;
      const one = moderators.get(key) ?? { by: tally.by, decisions: 0, overturned: 0, last };
      moderators.set(key, one);
      one[tally.kind] += n;
      // The name that they went by last.
      if (last > one.last) Object.assign(one, { by: tally.by, last });
    }
  }
  return {
    timeToDecision: { p50Seconds: percentile(waits, 0.5), p90Seconds: percentile(waits, 0.9) },
    moderators: [...moderators.values()]
      .filter(({ decisions }) => decisions > 0)
      .sort((a, b) => b.decisions - a.decisions || (a.by.id < b.by.id ? -1 : 1))
      .map(({ by, decisions, overturned }) => ({ by, decisions, overturned })),
    phases: scorecardsOf(rest, phaseTimes),
  };
}

/**
 * What happened on the last days, today's included. The days are those of each site's own time zone; of
 * several sites the last day is the latest that it is on any of them. Throws `site-not-found`.
 */
export async function describeStats(
  deps: Deps,
  principal: Principal,
  { site, days }: StatsRequest,
): Promise<Stats> {
  const ids = await sitesOf(deps, principal, site);
  const sites = (await Promise.all(ids.map((id) => deps.sites.find(id)))).filter((one) => one !== null);
  const now = deps.clock.now();
  const today = sites.map(({ timeZone }) => dayAt(timeZone, now)).sort();
  const to = today.at(-1) ?? dayAt('UTC', now);
  const from = dayAfter(to, 1 - days);
  const volume = Array.from({ length: days }, (_, i) => ({ day: dayAfter(from, i), ...noVolume() }));
  const rest = new Map<string, TallySum>();
  for (const [timeZone, there] of groupBy(sites, (one) => one.timeZone)) {
    const bounds = boundsOf(timeZone, from, days);
    const found = await deps.stats.tallies({ sites: there.map(({ id }) => id), bounds });
    for (const [index, one] of found.volumes.entries()) {
      const day = volume[index];
      if (!day) continue;
      day.created += one.created;
      day.approved += one.approved;
      day.rejected += one.rejected;
      day.spam += one.spam;
    }
    for (const sum of found.rest) addToRest(rest, sum);
  }
  return { from, to, volume, ...sorted([...rest.values()], deps.phaseTimes) };
}
