import type { Learner } from './learner/learner.ts';
import type { Precedents } from './precedents/precedents.ts';

/** What the store tells of that no line of the log of lessons does. */
interface LogChange {
  kind: string;
  site?: string;
}

/** Keeps what is in memory of people's decisions to what the store has of them. */
export function followStore(
  store: { onInvalidation(listener: (change: LogChange) => void): void },
  { learner, precedents }: { learner: Learner; precedents: Precedents },
): void {
  store.onInvalidation(({ kind, site }) => {
    if (site === undefined) return;
    if (kind === 'site') learner.forget(site);
    if (kind === 'lessons') learner.unlearn(site);
    if (kind === 'site' || kind === 'lessons') precedents.forget(site);
  });
}
