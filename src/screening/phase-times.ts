import type { PhaseOutcome } from '../comments/comment.ts';
import { createRecentTimes, type RecentTimes } from './recent-times.ts';

/** How long the phases of this process took lately; those of filters have their health. */
export interface PhaseTimes {
  note(screening: readonly PhaseOutcome[]): void;
  /** What nineteen of twenty runs did not exceed, in milliseconds; null where it never ran. */
  p95Ms(phase: string): number | null;
}

export function createPhaseTimes(): PhaseTimes {
  const byPhase = new Map<string, RecentTimes>();
  return {
    note(screening) {
      for (const { phase, ms } of screening) {
        const times = byPhase.get(phase) ?? createRecentTimes();
        byPhase.set(phase, times);
        times.add(ms);
      }
    },
    p95Ms: (phase) => byPhase.get(phase)?.p95() ?? null,
  };
}
