import type { Database } from 'better-sqlite3';
import type { ReportChange } from '../../../comments/changes/plan.ts';
import type { Report } from '../../../comments/comment.ts';

/** Readers' reports of a comment, as rows. */
export interface Reports {
  of(commentId: string): Report[];
  apply(commentId: string, change: ReportChange): void;
  /** Adds one that was made elsewhere, open or closed. */
  bring(commentId: string, report: Report): void;
}

/** Binds the comment; oldest first. */
export function reportsSql(): string {
  return `SELECT id, reader, address, reason, note, at, closed_by AS closedBy FROM reports
    WHERE comment_id = ? ORDER BY at, reader`;
}

/** As `reportsSql`, the open ones alone. */
export function openReportsSql(): string {
  return reportsSql().replace('ORDER BY', 'AND closed_by IS NULL ORDER BY');
}

export function createReports(db: Database): Reports {
  const all = db.prepare<[string], Report>(reportsSql());
  const add = db.prepare<(string | number | null)[]>(
    'INSERT INTO reports (comment_id, id, reader, address, reason, note, at, closed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const bring = (commentId: string, { id, reader, address, reason, note, at, closedBy }: Report): void =>
    void add.run(commentId, id, reader, address, reason, note, at, closedBy);
  const close = db.prepare<[string, string]>(
    'UPDATE reports SET closed_by = ? WHERE comment_id = ? AND closed_by IS NULL',
  );
  const reopen = db.prepare<[string, string]>(
    'UPDATE reports SET closed_by = NULL WHERE comment_id = ? AND closed_by = ?',
  );
  return {
    of: (commentId) => all.all(commentId),
    bring,
    apply(commentId, change) {
      switch (change.kind) {
        case 'add':
          bring(commentId, change.report);
          return;
        case 'close':
          close.run(change.decisionId, commentId);
          return;
        case 'reopen':
          reopen.run(commentId, change.decisionId);
      }
    },
  };
}
