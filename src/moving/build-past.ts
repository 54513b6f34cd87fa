import { emptyOutcome } from '../comments/changes/texts.ts';
import type { Comment, HistoryEntry, Report } from '../comments/comment.ts';
import { judge } from '../comments/judgement.ts';
import type { Deps } from '../deps.ts';
import { encodeBytes, idAt } from '../ids.ts';
import type { ImportedPast } from './import-store.ts';
import type { LegacyEntry, LegacyPast, LegacyReport } from './legacy.ts';
import { actorFrom, MOST_REASON } from './place-authors.ts';
import { lineOf, linesOf } from './stored-lines.ts';

/** Characters of a note, of a person's or a reader's. */
const MOST_NOTE = 1000;
/** As that of a reader: comments/report.ts. */
const HASH_LENGTH = 26;

export const NO_PAST: ImportedPast = { history: [], reports: [] };

/** The members of a comment that its past gives. */
type Shaped = Pick<Comment, 'version' | 'revision' | 'screening' | 'risk' | 'openReports'>;

/** Of a comment of which nothing is told. */
export const newcomer = (): Shaped => ({ version: 1, revision: 1, screening: [], risk: 0, openReports: 0 });

export function shapeOf({ version, revision, screening, reports }: LegacyPast, isDeleted: boolean): Shaped {
  return {
    version,
    revision,
    screening: isDeleted ? screening.map(emptyOutcome) : screening,
    risk: judge(screening).risk,
    openReports: reports.filter(({ closedBy }) => closedBy === null).length,
  };
}

/**
 * A comment's history and reports as they are kept: by people of elsewhere, whose ids mean nothing here, and by
 * readers who are nobody, each told from the others by a word made of the comment and the report's place. Acts have
 * new ids, since the same comment may stand on two sites of one installation; doing it again gives the same ones.
 */
export function buildPast(
  { keys }: Pick<Deps, 'keys'>,
  { id, createdAt }: Pick<Comment, 'id' | 'createdAt'>,
  { history, reports }: LegacyPast,
): ImportedPast {
  const actId = (what: 'act' | 'report', place: number, at: number): string =>
    idAt(at, keys.mac('import', what, id, String(place)).readUIntBE(0, 5) % 2 ** 39) + id;
  // The moment of an act that stands in no list is told by nothing.
  const decisionId = (place: number): string => actId('act', place, history[place - 1]?.at ?? createdAt);

  function entryOf(entry: LegacyEntry, place: number): HistoryEntry {
    const closed = reports.filter(({ closedBy }) => closedBy === place).length;
    return {
      decisionId: decisionId(place),
      at: entry.at ?? createdAt,
      by: actorFrom(entry.by),
      action: entry.action,
      from: entry.from,
      to: entry.to,
      reason: lineOf(entry.reason, MOST_REASON),
      note: linesOf(entry.note, MOST_NOTE),
      // A batch is undone as a whole where it was made.
      batchId: null,
      version: entry.version,
      closedReports: entry.undone ? 0 : closed,
      undone: entry.undone,
      undoes: entry.undoes === null ? null : decisionId(entry.undoes),
      previousBy: entry.previousBy && actorFrom(entry.previousBy),
      revision: entry.revision,
    };
  }

  function reportOf({ reason, note, at, closedBy }: LegacyReport, i: number): Report {
    const moment = at ?? createdAt;
    const reader = encodeBytes(keys.mac('import', 'reporter', id, String(i)), HASH_LENGTH);
    return {
      ...{ id: actId('report', i, moment), reader, address: reader },
      ...{ reason, note: linesOf(note, MOST_NOTE), at: moment },
      closedBy: closedBy === null ? null : decisionId(closedBy),
    };
  }

  return {
    history: history.flatMap((entry, i) => (entry === null ? [] : [entryOf(entry, i + 1)])),
    reports: reports.map(reportOf),
  };
}
