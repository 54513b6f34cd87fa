import {
  HISTORY_ACTIONS,
  type HistoryAction,
  REPORT_REASONS,
  type ReportReason,
} from '../../comments/comment.ts';
import {
  type LegacyActor,
  type LegacyEntry,
  type LegacyPast,
  type LegacyReport,
  MOST_ENTRIES,
} from '../legacy.ts';
import { createScreeningReader } from './generic-screening.ts';
import { actorOf, momentOf, oneOf, statusOf, wholeOf } from './generic-values.ts';
import { type Members, membersOf, textOf } from './values.ts';

/** What became of a comment, as an export of ours tells it: its version, what rules said, its history and reports. */

const NOBODY: LegacyActor = { kind: 'system', id: null, name: '' };
/** Characters of an entry beside its note. */
const ENTRY_SIZE = 300;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MOST_ENTRIES) : []);

const isAction = (value: unknown): value is HistoryAction =>
  (HISTORY_ACTIONS as readonly unknown[]).includes(value);

/** A place in the list before this one. */
const placeBefore = (value: unknown, place: number): number | null => {
  const found = wholeOf(value);
  return found !== null && found >= 1 && found < place ? found : null;
};

function entryOf(value: unknown, place: number): LegacyEntry | null {
  const line = membersOf(value);
  if (!line || !isAction(line.action)) return null;
  const to = statusOf(line.to);
  return {
    at: momentOf(line.at),
    by: actorOf(line.by) ?? NOBODY,
    action: line.action,
    from: statusOf(line.from),
    to,
    reason: textOf(line.reason),
    note: textOf(line.note),
    version: wholeOf(line.version) ?? 1,
    undone: line.undone === true,
    undoes: placeBefore(line.undoes, place),
    previousBy: actorOf(line.previousBy),
    revision: wholeOf(line.revision),
  };
}

function reportOf(value: unknown, entries: number): LegacyReport[] {
  const line = membersOf(value);
  if (!line) return [];
  const closedBy = wholeOf(line.closedBy);
  return [
    {
      reason: oneOf<ReportReason>(REPORT_REASONS, line.reason) ?? 'other',
      note: textOf(line.note),
      at: momentOf(line.at),
      closedBy: closedBy !== null && closedBy <= entries ? closedBy : null,
    },
  ];
}

const TOLD = ['version', 'revision', 'screening', 'history', 'reports'] as const;

export interface PastReader {
  /** Null where the line tells nothing of it. */
  read(line: Members): LegacyPast | null;
}

export function createPastReader(): PastReader {
  const screenings = createScreeningReader();
  return {
    read(line) {
      if (TOLD.every((name) => line[name] === undefined)) return null;
      const history = listOf(line.history).map((one, i) => entryOf(one, i + 1));
      const reports = listOf(line.reports).flatMap((one) => reportOf(one, history.length));
      const screening = screenings.read(line.screening);
      const notes = [...history, ...reports].map((one) => ENTRY_SIZE + (one?.note?.length ?? 0));
      return {
        version: Math.max(1, wholeOf(line.version) ?? 1),
        revision: Math.max(1, wholeOf(line.revision) ?? 1),
        screening,
        history,
        reports,
        size: notes.reduce((sum, size) => sum + size, screening.length * ENTRY_SIZE),
      };
    },
  };
}
