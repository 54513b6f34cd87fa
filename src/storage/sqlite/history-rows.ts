import type { Database, Statement } from 'better-sqlite3';
import type { Actor, CommentStatus, HistoryAction, HistoryEntry } from '../../comments/comment.ts';
import type { Bound } from './rows.ts';

/** A row of `history`, in the order of HISTORY_COLUMNS: an array, which the driver makes in half the time of an object. */
export type HistoryRow = [
  commentId: string,
  /** From 1, in the order of the acts. */
  seq: number,
  decisionId: string,
  at: number,
  actor: string,
  action: HistoryAction,
  from: CommentStatus,
  to: CommentStatus,
  reason: string | null,
  note: string | null,
  batchId: string | null,
  version: number,
  closedReports: number,
  undone: number,
  undoes: string | null,
  previousActor: string | null,
  revision: number | null,
];

export const HISTORY_COLUMNS = `comment_id, seq, decision_id, at, actor, action, from_status, to_status, reason, note,
  batch_id, version, closed_reports, undone, undoes, previous_actor, revision`;

/** `seq`: its place in the comment's history. */
export function historyRowOf(commentId: string, seq: number, entry: HistoryEntry): HistoryRow {
  return [
    commentId,
    seq,
    entry.decisionId,
    entry.at,
    JSON.stringify(entry.by),
    entry.action,
    entry.from,
    entry.to,
    entry.reason,
    entry.note,
    entry.batchId,
    entry.version,
    entry.closedReports,
    Number(entry.undone),
    entry.undoes,
    entry.previousBy === null ? null : JSON.stringify(entry.previousBy),
    entry.revision,
  ];
}

export function historyEntryOf(row: HistoryRow): HistoryEntry {
  return {
    decisionId: row[2],
    at: row[3],
    by: JSON.parse(row[4]) as Actor,
    action: row[5],
    from: row[6],
    to: row[7],
    reason: row[8],
    note: row[9],
    batchId: row[10],
    version: row[11],
    closedReports: row[12],
    undone: row[13] === 1,
    undoes: row[14],
    previousBy: row[15] === null ? null : (JSON.parse(row[15]) as Actor),
    revision: row[16],
  };
}

/** Reads a comment's history, oldest first. */
export function createHistoryReader(db: Database): (commentId: string) => HistoryEntry[] {
  const rows: Statement<[string], HistoryRow> = db.prepare(
    `SELECT ${HISTORY_COLUMNS} FROM history WHERE comment_id = ? ORDER BY seq`,
  );
  rows.raw();
  return (commentId) => rows.all(commentId).map(historyEntryOf);
}

/** Of each comment oldest first; binds the ids as a JSON list. A cross join is carried out as it is written. */
export function historiesSql(): string {
  return `SELECT ${HISTORY_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN history ON comment_id = wanted.value`;
}

/** Reads the histories of many comments by one statement: row by row, those of a comment oldest first. */
export function createHistoriesReader(
  db: Database,
): (commentIds: string) => { commentId: string; entry: HistoryEntry }[] {
  const rows: Statement<[string], HistoryRow> = db.prepare(historiesSql());
  rows.raw();
  return (commentIds) =>
    rows.all(commentIds).map((row) => ({ commentId: row[0], entry: historyEntryOf(row) }));
}

/** Adds an entry. */
export function createHistoryWriter(db: Database): (...entry: Parameters<typeof historyRowOf>) => void {
  const insert = db.prepare<Bound[]>(
    `INSERT INTO history (${HISTORY_COLUMNS}) VALUES (${HISTORY_COLUMNS.replace(/\w+/g, '?')})`,
  );
  return (...entry) => void insert.run(...historyRowOf(...entry));
}
