import type { Volume } from '../comments/tallies.ts';

/** What was tallied of sites' comments; see comments/tallies.ts. Written with the comments, by the store itself. */
export interface StatsStore {
  /**
   * The tallies of these sites, summed up, from the first of `bounds` to before the last, true at this moment.
   * `bounds` are slots, rising, two or more. Others have their turn while many are read.
   */
  tallies(query: TallyQuery): Promise<TallySums>;
}

export interface TallyQuery {
  /** Each once. */
  sites: string[];
  bounds: number[];
}

export interface TallySums {
  /** One for each stretch between two bounds. */
  volumes: Record<Volume, number>[];
  /** Everything else, summed over all stretches; what came to nothing is left out. */
  rest: TallySum[];
}

export interface TallySum {
  what: string;
  n: number;
  /** The last slot it was tallied in. */
  last: number;
}

export const noVolume = (): Record<Volume, number> => ({ created: 0, approved: 0, rejected: 0, spam: 0 });

/** Adds what was tallied to what was summed so far. */
export function addToRest(rest: Map<string, TallySum>, { what, n, last }: TallySum): void {
  const sum = rest.get(what);
  if (sum) {
    sum.n += n;
    sum.last = Math.max(sum.last, last);
  } else rest.set(what, { what, n, last });
}

/** The stretch that a slot is in, by halving; -1 for a slot before the first bound or from the last on. */
export function stretchOf(bounds: number[], slot: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) <= slot) low = middle + 1;
    else high = middle;
  }
  return low === bounds.length ? -1 : low - 1;
}
