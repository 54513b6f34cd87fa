import type { Database, Statement } from 'better-sqlite3';
import { planChange } from '../../../comments/changes.ts';
import { type CommentCommand, newDuplicateKey } from '../../../comments/commands.ts';
import type { Comment } from '../../../comments/comment.ts';
import type { ChangeResult, ManyChange, ManyResult } from '../../../comments/comment-store.ts';
import { manyResult } from '../../../comments/comment-store.ts';
import { countChangesOf } from '../../../comments/counts.ts';
import { duplicateHash } from '../duplicate-hash.ts';
import {
  type Bound,
  COMMENT_COLUMNS,
  type CommentRow,
  commentOf,
  DECIDED_COLUMNS,
  type HistoryRow,
  historyEntryOf,
  historyRowOf,
  isShown,
  rowOf,
} from '../rows.ts';
import type { BatchContext } from './batch-context.ts';
import { createDirectoryTodo } from './directory.ts';
import { createEventWriter } from './events.ts';
import { createLessonWriter } from './lessons.ts';
import { createMarks } from './marks.ts';
import type { OperationParts } from './parts.ts';
import { createReports } from './reports.ts';
import { createTraces } from './traces.ts';
import { createVisibility } from './visibility.ts';

/** The operations behind CommentStore.change and changeMany. */
export function createChange(db: Database, { search }: Pick<OperationParts, 'search'>) {
  const byId = db.prepare<[string], CommentRow>(`SELECT ${COMMENT_COLUMNS} FROM comments WHERE id = ?`);
  const toDecide = db.prepare<[string], CommentRow>(`SELECT ${DECIDED_COLUMNS} FROM comments WHERE id = ?`);
  const openOf = db.prepare<[string], number>('SELECT open FROM comments WHERE id = ?').pluck();
  const historyOf = db.prepare<[string], HistoryRow>(
    'SELECT * FROM history WHERE comment_id = ? ORDER BY seq',
  );
  const append = db.prepare<[HistoryRow]>(
    `INSERT INTO history VALUES (@comment_id, @seq, @decision_id, @at, @actor, @action, @from_status,
       @to_status, @reason, @note, @batch_id, @version, @closed_reports, @undone, @undoes, @previous_actor,
       @revision)`,
  );
  const markUndone = db.prepare<[string, string]>(
    'UPDATE history SET undone = 1 WHERE comment_id = ? AND decision_id = ?',
  );
  const write = createWriter(db);
  const reports = createReports(db);
  const marks = createMarks(db);
  const events = createEventWriter(db);
  const lessons = createLessonWriter(db);
  const forgetAuthor = db.prepare<[string]>(
    "UPDATE authors SET name = NULL, url = NULL, email = NULL, names = '[]', words = '' WHERE key = ?",
  );
  const todo = createDirectoryTodo(db);
  const visibility = createVisibility(db);
  const traces = createTraces(db);

  function apply(context: BatchContext, { id, command }: ManyChange, rows: typeof byId): ChangeResult {
    const row = rows.get(id);
    if (!row) return { refused: 'not-found' };
    row.reply_count += context.ledger.repliesDue(id);
    const current = commentOf(row);
    const history = historyOf.all(id).map(historyEntryOf);
    const parentOpen = current.parentId === null || openOf.get(current.parentId) === 1;
    const planned = planChange(current, command, { history, parentOpen, reports: () => reports.of(id) });
    if (planned.refused !== undefined) return planned;
    const { next, entry, undone } = planned;
    marks.changed(current, planned, { history, reports: reports.of(id) });
    search.changes(row, next);
    if (entry) append.run(historyRowOf(id, history.length + 1, entry));
    if (undone !== null) markUndone.run(id, undone);
    if (planned.reports) reports.apply(id, planned.reports);
    const number = events.append(planned.event);
    lessons.changed(context, planned, { current, history, number });
    context.ledger.tally(next.site, planned.tallies);
    write({ row, current, next, command });
    if (command.kind === 'erase') traces.forget(context, current);
    if (command.kind === 'expire' && current.author.key !== null) lessons.outlives(id, current.author.key);
    const isErased = current.text !== null && next.text === null;
    if (isErased || (current.author.email !== null && next.author.email === null)) context.erased();
    // What is erased must not outlive it in the directory, which is filled anew behind.
    if (next.author.key !== null && next.author !== current.author) forgetAuthor.run(next.author.key);
    // Its event leads to nobody any more.
    if (current.author.key !== null && next.author.key !== current.author.key)
      todo.author(current.site, current.author.key);
    for (const counted of countChangesOf(current, next)) context.ledger.add(counted);
    if (next.open !== current.open) {
      const before = context.ledger.repliesDue(id);
      visibility.carry(next, context);
      next.replyCount += context.ledger.repliesDue(id) - before;
    }
    if (current.open || next.open)
      context.invalidate({ kind: 'page', site: next.site, pageKey: next.pageKey });
    return planned;
  }

  return {
    change: (context: BatchContext, one: ManyChange): ChangeResult => apply(context, one, byId),
    /** One message and one commit; a refused one has written nothing. */
    changeMany: (context: BatchContext, changes: ManyChange[]): ManyResult[] =>
      changes.map((one) => manyResult(apply(context, one, isDecision(one) ? toDecide : byId))),
  };
}

const isDecision = ({ command }: ManyChange): boolean => command.kind === 'decide' || command.kind === 'undo';

interface Written {
  row: CommentRow;
  current: Comment;
  next: Comment;
  command: CommentCommand;
}

/**
 * Writes the columns that changed and no others: a decision leaves alone the indexes that it does not
 * concern. Reply counts are the ledger's.
 */
function createWriter(db: Database): (written: Written) => void {
  const statements = new Map<string, Statement<Bound[]>>();
  return ({ row, current, next, command }) => {
    const before: Record<string, Bound> = { ...row };
    const changed: [string, Bound][] = [];
    for (const [column, value] of Object.entries(rowOf(next)) as [string, Bound][]) {
      if (column !== 'reply_count' && value !== before[column]) changed.push([column, value]);
    }
    const shown = isShown(next);
    if (shown !== isShown(current)) changed.push(['shown', Number(shown)]);
    const duplicateKey = newDuplicateKey(command);
    if (duplicateKey !== null) {
      changed.push(['duplicate_key', duplicateKey], ['duplicate_hash', duplicateHash(duplicateKey)]);
    }
    if (changed.length === 0) return;
    const sql = `UPDATE comments SET ${changed.map(([column]) => `${column} = ?`).join(', ')} WHERE id = ?`;
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare<Bound[]>(sql);
      statements.set(sql, statement);
    }
    statement.run(...changed.map(([, value]) => value), next.id);
  };
}
