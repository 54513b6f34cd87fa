import type { Database } from 'better-sqlite3';
import type { PlannedChange } from '../../../comments/changes/plan.ts';
import type { Comment, CommentStatus, HistoryEntry, Report } from '../../../comments/comment.ts';
import { type Marked, marksOf } from '../../../moderation/marks.ts';
import { createHistoryReader } from '../history-rows.ts';
import type { Grounds } from './change-grounds.ts';
import { createReports } from './reports.ts';

/** The history and reports after a change, as far as marks are told from them. */
function after({ next, entry, undone, reports }: PlannedChange, before: Before): Marked {
  const history = before.history.map((one) => (one.decisionId === undone ? { ...one, undone: true } : one));
  return {
    screening: next.screening,
    history: entry ? [...history, entry] : history,
    reports: reports?.kind === 'add' ? [...before.reports, reports.report] : before.reports,
  };
}

interface Before {
  history: HistoryEntry[];
  reports: Pick<Report, 'reason'>[];
}

interface Posted {
  id: string;
  site: string;
  status: CommentStatus;
  screening: string;
  n: number;
}

/** A comment's place in the lists, told from the comment itself, its history and its reports. */
interface DueMarks {
  site: string;
  status: CommentStatus;
  n: number;
  marks: string[];
}

/** null where it is in none: it is gone, or deleted. */
export function createDueMarks(db: Database): (id: string) => DueMarks | null {
  const rowOf = db.prepare<[string], Omit<DueMarks, 'marks'> & { screening: string }>(
    'SELECT site, status, n, screening FROM comments WHERE id = ? AND deleted_at IS NULL',
  );
  const historyOf = createHistoryReader(db);
  const reports = createReports(db);
  return (id) => {
    const row = rowOf.get(id);
    if (!row) return null;
    const { screening, ...place } = row;
    const history = historyOf(id);
    const outcomes = JSON.parse(screening) as Comment['screening'];
    return { ...place, marks: marksOf({ screening: outcomes, history, reports: reports.of(id) }) };
  };
}

/** Keeps the lists of what `phase=` and `reason=` ask for, in the step that changes a comment. */
export function createMarks(db: Database) {
  const insert = db.prepare<[string, string, CommentStatus, string, number]>(
    'INSERT INTO marks (site, mark, status, id, n) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[string, string, CommentStatus, string]>(
    'DELETE FROM marks WHERE site = ? AND mark = ? AND status = ? AND id = ?',
  );
  const put = db.prepare<[string, string, CommentStatus, string, number]>(
    'INSERT OR REPLACE INTO marks (site, mark, status, id, n) VALUES (?, ?, ?, ?, ?)',
  );
  const dueOf = createDueMarks(db);

  return {
    /** `screening` as it is stored. */
    posted({ id, site, status, screening, n }: Posted): void {
      const outcomes = JSON.parse(screening) as Comment['screening'];
      for (const mark of marksOf({ screening: outcomes, history: [], reports: [] })) {
        insert.run(site, mark, status, id, n);
      }
    },

    /** A comment that comes with its past stands in these lists. */
    brought({ id, site, status, n }: Omit<Posted, 'screening'>, marks: readonly string[]): void {
      for (const mark of marks) insert.run(site, mark, status, id, n);
    },

    /** The comment stands in that list or not, as it belongs now. */
    mend({ site, mark, status, id }: Omit<Posted, 'screening' | 'n'> & { mark: string }): void {
      const due = dueOf(id);
      const belongs = due?.site === site && due.status === status && due.marks.includes(mark);
      if (belongs) put.run(site, mark, status, id, due.n);
      else remove.run(site, mark, status, id);
    },

    /** `comment` and `history` as they were, and all of its reports. */
    changed(
      { comment, history, n }: Pick<Grounds, 'comment' | 'history' | 'n'>,
      planned: PlannedChange,
      reports: Before['reports'],
    ): void {
      const { id, site, status } = comment;
      const before: Before = { history, reports };
      const { next } = planned;
      const had = marksOf({ screening: comment.screening, ...before });
      const has = next.deletedAt === null ? marksOf(after(planned, before)) : [];
      const moved = status !== next.status;
      for (const mark of had) if (moved || !has.includes(mark)) remove.run(site, mark, status, id);
      const come = moved ? has : has.filter((mark) => !had.includes(mark));
      for (const mark of come) insert.run(site, mark, next.status, id, n);
    },
  };
}
