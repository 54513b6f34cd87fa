import type { HistoryEntry } from './comment.ts';

/** A history after an act: the entry it adds, and the one it takes back marked as undone. */
export function historyAfter(
  history: HistoryEntry[],
  { entry, undone }: { entry: HistoryEntry; undone: string | null },
): HistoryEntry[] {
  return [...history.map((one) => (one.decisionId === undone ? { ...one, undone: true } : one)), entry];
}
