import { type PhaseTally, readTally, slotOf } from '../comments/tallies.ts';
import type { Deps } from '../deps.ts';
import { PHASES } from '../screening/index.ts';
import type { PhaseTimes } from '../screening/phase-times.ts';
import { percentile } from './percentile.ts';
import type { TallySum } from './stats-store.ts';

/** How well a phase or a filter does: what it said of comments, and what people made of that. */
export interface Scorecard extends Record<PhaseTally, number> {
  phase: string;
  /** Overturned / decided, 0 where nothing was decided. */
  rate: number;
  /**
   * Milliseconds that nineteen of twenty runs took at most: of a filter its answers while comments were posted, about,
   * on all instances; of a phase its last runs in this process. Null where there was none.
   */
  p95Ms: number | null;
}

const blank = (phase: string): Scorecard => ({
  phase,
  held: 0,
  spam: 0,
  rejected: 0,
  decided: 0,
  overturned: 0,
  rate: 0,
  p95Ms: null,
});

/** The phases in the order they run in, then whatever else has said something, by name. */
export function scorecardsOf(sums: Iterable<TallySum>, phaseTimes: PhaseTimes): Scorecard[] {
  const cards = new Map<string, Scorecard>(PHASES.map(({ name }) => [name, blank(name)]));
  const times = new Map<string, [ms: number, n: number][]>();
  const cardOf = (phase: string): Scorecard => {
    const card = cards.get(phase) ?? blank(phase);
    cards.set(phase, card);
    return card;
  };
  for (const { what, n } of sums) {
    const tally = readTally(what);
    if (tally.kind === 'phase') cardOf(tally.phase)[tally.tally] += n;
    if (tally.kind !== 'took') continue;
    times.set(cardOf(tally.phase).phase, [...(times.get(tally.phase) ?? []), [tally.ms, n]]);
  }
  const all = [...cards.values()];
  // A store gives its sums in an order of its own.
  const others = all.splice(PHASES.length).sort((a, b) => (a.phase < b.phase ? -1 : 1));
  return [...all, ...others].map((card) => ({
    ...card,
    rate: card.decided === 0 ? 0 : card.overturned / card.decided,
    p95Ms: percentile(times.get(card.phase) ?? [], 0.95) ?? phaseTimes.p95Ms(card.phase),
  }));
}

const SLOTS_OF_A_DAY = 96;

/** Of the comments posted in the last 24 hours on all sites, whichever instance took them. */
export async function recentScorecards(
  deps: Pick<Deps, 'sites' | 'stats' | 'clock' | 'phaseTimes'>,
): Promise<Scorecard[]> {
  const end = slotOf(deps.clock.now()) + 1;
  const bounds = [end - SLOTS_OF_A_DAY, end];
  const { rest } = await deps.stats.tallies({ sites: await deps.sites.ids(), bounds });
  return scorecardsOf(rest, deps.phaseTimes);
}
