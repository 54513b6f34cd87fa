import type { Database } from 'better-sqlite3';
import { planChange } from '../../../comments/changes.ts';
import type { ChangeResult, ManyChange, ManyResult } from '../../../comments/comment-store.ts';
import { manyResult } from '../../../comments/comment-store.ts';
import { countChangesOf } from '../../../comments/counts.ts';
import { createHistoryWriter } from '../history-rows.ts';
import type { BatchContext } from './batch-context.ts';
import { createGroundsReader, type Grounds, type GroundsOfMany } from './change-grounds.ts';
import { createCommentUpdate } from './comment-update.ts';
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
  const grounds = createGroundsReader(db);
  const openOf = db.prepare<[string], number>('SELECT open FROM comments WHERE id = ?').pluck();
  const append = createHistoryWriter(db);
  const markUndone = db.prepare<[string, string]>(
    'UPDATE history SET undone = 1 WHERE comment_id = ? AND decision_id = ?',
  );
  const write = createCommentUpdate(db);
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

  /** `others` have been read before it, and are to be read anew where it changes them. */
  function apply(
    context: BatchContext,
    { id, command }: ManyChange,
    { read, others }: { read: Grounds | undefined; others?: GroundsOfMany },
  ): ChangeResult {
    if (!read) return { refused: 'not-found' };
    const { comment: current, history } = read;
    current.replyCount += context.ledger.repliesDue(id);
    const parentOpen = current.parentId === null || openOf.get(current.parentId) === 1;
    const planned = planChange(current, command, { history, parentOpen, reports: () => reports.of(id) });
    if (planned.refused !== undefined) return planned;
    const { next, entry, undone } = planned;
    marks.changed(read, planned, read.hasReports ? reports.of(id) : []);
    search.changes(current, next);
    if (entry) append(id, history.length + 1, entry);
    if (undone !== null) markUndone.run(id, undone);
    if (planned.reports) reports.apply(id, planned.reports);
    const number = events.append(planned.event);
    lessons.changed(context, planned, { ...read, number });
    context.ledger.tally(next.site, planned.tallies);
    write({ current, next, command });
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
    if (next.open !== current.open && read.hasReplies) {
      const before = context.ledger.repliesDue(id);
      for (const below of visibility.carry(next, context)) others?.forget(below);
      next.replyCount += context.ledger.repliesDue(id) - before;
    }
    if (current.open || next.open)
      context.invalidate({ kind: 'page', site: next.site, pageKey: next.pageKey });
    return planned;
  }

  return {
    change: (context: BatchContext, one: ManyChange): ChangeResult =>
      apply(context, one, { read: grounds.one(one.id) }),
    /** One message and one commit; a refused one has written nothing. */
    changeMany(context: BatchContext, changes: ManyChange[]): ManyResult[] {
      const others = grounds.many(changes.filter(isDecision).map(({ id }) => id));
      return changes.map((one) => {
        const read = isDecision(one) ? others.take(one.id) : grounds.one(one.id);
        return manyResult(apply(context, one, { read, others }));
      });
    },
  };
}

const isDecision = ({ command }: ManyChange): boolean => command.kind === 'decide' || command.kind === 'undo';
