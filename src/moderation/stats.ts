import type { Actor } from '../comments/comment.ts';
import type { PhaseTally, Volume } from '../comments/tallies.ts';
import { readTally } from '../comments/tallies.ts';
import type { Deps } from '../deps.ts';
import { PHASES } from '../screening/index.ts';
import type { Principal } from '../staff/principal.ts';
import { boundsOf, dayAfter, dayAt } from './days.ts';
import { sitesOf } from './queue.ts';
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
  /**
   * In the order they run in. `rate` is overturned / decided, 0 where nothing was decided. `p95Ms`: how long
   * nineteen of twenty answers of a filter took at most, about; null for a phase that asks nobody.
   */
  phases: ({ phase: string; rate: number; p95Ms: number | null } & Record<PhaseTally, number>)[];
}

export interface StatsRequest {
  /** One site, or undefined for all that the caller sees. */
  site?: string;
  /** Today and those before it. */
  days: number;
}

/** The value that so much of the weight is at or below (nearest rank); null without any. */
function percentile(sorted: [value: number, weight: number][], share: number): number | null {
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let seen = 0;
  for (const [value, weight] of sorted) {
    seen += weight;
    if (seen >= share * total) return value;
  }
  return null;
}

type Moderator = Stats['moderators'][number] & { last: number };
type Phase = Stats['phases'][number];

/** What the sums say, taken apart. */
function sorted(rest: TallySum[]): Omit<Stats, 'from' | 'to' | 'volume'> {
  const waits: [number, number][] = [];
  const moderators = new Map<string, Moderator>();
  const noPhase = (phase: string): Phase => ({
    phase,
    held: 0,
    spam: 0,
    rejected: 0,
    decided: 0,
    overturned: 0,
    rate: 0,
    p95Ms: null,
  });
  const times = new Map<string, [number, number][]>();
  const phases = new Map<string, Phase>(PHASES.map(({ name }) => [name, noPhase(name)]));
  for (const { what, n, last } of rest) {
    const tally = readTally(what);
    if (tally.kind === 'wait') waits.push([tally.seconds, n]);
    else if (tally.kind === 'took') {
      const known = times.get(tally.phase) ?? [];
      times.set(tally.phase, [...known, [tally.ms, n]]);
      if (!phases.has(tally.phase)) phases.set(tally.phase, noPhase(tally.phase));
    } else if (tally.kind === 'phase') {
      const phase = phases.get(tally.phase) ?? noPhase(tally.phase);
      phases.set(tally.phase, phase);
      phase[tally.tally] += n;
    } else {
      const key = `${tally.by.kind}/${tally.by.id}`;
      const one = moderators.get(key) ?? { by: tally.by, decisions: 0, overturned: 0, last };
      moderators.set(key, one);
      one[tally.kind] += n;
      // The name that they went by last.
      if (last > one.last) Object.assign(one, { by: tally.by, last });
    }
  }
  waits.sort(([one], [other]) => one - other);
  const rated = ({ decided, overturned, ...phase }: Phase): Phase => ({
    ...phase,
    decided,
    overturned,
    rate: decided === 0 ? 0 : overturned / decided,
    p95Ms: percentile(
      (times.get(phase.phase) ?? []).sort(([one], [other]) => one - other),
      0.95,
    ),
  });
  return {
    timeToDecision: { p50Seconds: percentile(waits, 0.5), p90Seconds: percentile(waits, 0.9) },
    moderators: [...moderators.values()]
      .filter(({ decisions }) => decisions > 0)
      .sort((a, b) => b.decisions - a.decisions || (a.by.id < b.by.id ? -1 : 1))
      .map(({ by, decisions, overturned }) => ({ by, decisions, overturned })),
    phases: [...phases.values()].map(rated),
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
  const boundsIn = new Map<string, number[]>();
  for (const { id, timeZone } of sites) {
    const bounds = boundsIn.get(timeZone) ?? boundsOf(timeZone, from, days);
    boundsIn.set(timeZone, bounds);
    const found = await deps.stats.tallies({ site: id, bounds });
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
  return { from, to, volume, ...sorted([...rest.values()]) };
}
