import type { HistoryEntry, PhaseOutcome, Report } from '../comments/comment.ts';

/**
 * What `phase=` and `reason=` find a comment by. Both are told from the comment alone, so that a store may
 * keep them beside it and write them in the step that changes it.
 */

/** Outcomes that `phase=` lists: what the phase held, rejected, called spam or failed on. */
export const MARKED: ReadonlySet<PhaseOutcome['outcome']> = new Set<PhaseOutcome['outcome']>([
  'hold',
  'spam',
  'reject',
  'error',
]);

export interface Marked {
  screening: readonly PhaseOutcome[];
  history: readonly Pick<HistoryEntry, 'reason' | 'undone'>[];
  reports: readonly Pick<Report, 'reason'>[];
}

/** The phases that stopped it, each once. */
export function phasesOf({ screening }: Pick<Marked, 'screening'>): string[] {
  return [...new Set(screening.filter(({ outcome }) => MARKED.has(outcome)).map(({ phase }) => phase))];
}

/** The reasons it was decided with, but where that was taken back, or reported with, open or not; each once. */
export function reasonsOf({ history, reports }: Pick<Marked, 'history' | 'reports'>): string[] {
  const decided = history.flatMap(({ reason, undone }) => (reason === null || undone ? [] : [reason]));
  return [...new Set([...decided, ...reports.map(({ reason }) => reason)])];
}
