import type { Comment, FilterWord, HistoryEntry, PhaseOutcome, Report } from '../comments/comment.ts';
import { idToTell } from '../comments/elsewhere.ts';
import { isoMoment } from './export-site.ts';
import { namedActor } from './export-standings.ts';
import type { LeavingPast } from './export-store.ts';
import { MOST_ENTRIES } from './legacy.ts';

/** Takes what must not be shown out of a text that people wrote. */
export type Mask = (text: string) => string;

function wordLine(word: FilterWord): object {
  const { verdict, labels, reason, signedAt, onFailure } = word;
  return { id: idToTell(word), verdict, labels, reason, signedAt, onFailure };
}

/** Its members in one order: rules, filters and imports write them down in orders of their own. */
function outcomeLine({ phase, outcome, code, detail, score, ms, matches, filter }: PhaseOutcome): object {
  const places = matches?.map(({ field, start, end, weight }) => ({ field, start, end, weight }));
  const told = { phase, outcome, code, detail, score, ms };
  return { ...told, ...(places && { matches: places }), ...(filter && { filter: wordLine(filter) }) };
}

/** The place of a decision in the list, from 1; 0 where it does not stand in it. */
const placeOf = (history: readonly HistoryEntry[], decisionId: string): number =>
  history.findIndex((entry) => entry.decisionId === decisionId) + 1;

function entryLine(entry: HistoryEntry, history: readonly HistoryEntry[], mask: Mask): object {
  const { at, by, action, from, to, reason, note, version, undone, undoes, previousBy, revision } = entry;
  return {
    at: isoMoment(at),
    by: namedActor(by),
    action,
    from,
    to,
    ...(reason !== null && { reason }),
    ...(note !== null && { note: mask(note) }),
    version,
    ...(undone && { undone }),
    ...(undoes !== null && { undoes: placeOf(history, undoes) }),
    ...(previousBy !== null && { previousBy: namedActor(previousBy) }),
    // Entries of the first release have none.
    ...(revision != null && { revision }),
  };
}

function reportLine({ reason, note, at, closedBy }: Report, history: readonly HistoryEntry[], mask: Mask) {
  const by = closedBy === null ? null : placeOf(history, closedBy);
  return { reason, note: note === null ? null : mask(note), at: isoMoment(at), closedBy: by };
}

/** In an order that the reports themselves give: that of stores is by hashes of readers. */
const inOrder = <Line extends { at: string | null }>(lines: Line[]): Line[] => {
  const keyOf = (line: Line): string => `${line.at} ${JSON.stringify(line)}`;
  return lines.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

/**
 * The members of a comment's line that tell what became of it; none where nothing did. Readers who reported are
 * left out, batches too; decisions are told by their places in the list.
 */
export function pastMembers(comment: Comment, { history, reports }: LeavingPast, mask: Mask): object {
  const { version, revision, screening } = comment;
  const told = history.slice(-MOST_ENTRIES);
  const lines = reports.slice(0, MOST_ENTRIES).map((report) => reportLine(report, told, mask));
  return {
    ...(version > 1 && { version }),
    ...(revision > 1 && { revision }),
    ...(screening.length > 0 && { screening: screening.map(outcomeLine) }),
    ...(told.length > 0 && { history: told.map((entry) => entryLine(entry, told, mask)) }),
    ...(lines.length > 0 && { reports: inOrder(lines) }),
  };
}
