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

/** Held by it is nearly everything on a site where people look first: a list of it would be the queue once more. */
const UNLISTED: ReadonlySet<string> = new Set(['moderation']);

/** The name of the list that `phase=` asks for; null where none is kept. */
export const phaseMark = (phase: string): string | null => (UNLISTED.has(phase) ? null : `p:${phase}`);

/** The name of the list that `reason=` asks for. */
export const reasonMark = (reason: string): string => `r:${reason}`;

/** The lists that a comment stands in. */
export function marksOf(marked: Marked): string[] {
  return [
    ...phasesOf(marked).flatMap((phase) => phaseMark(phase) ?? []),
    ...reasonsOf(marked).map(reasonMark),
  ];
}
