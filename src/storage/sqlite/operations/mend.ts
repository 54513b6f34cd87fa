import type { Database } from 'better-sqlite3';
import { type CounterField, COUNTER_FIELDS as FIELDS } from '../../../comments/counts.ts';
import type { CommentCheck } from '../verify-sql.ts';
import type { BatchContext } from './batch-context.ts';
import { createMendBehind, type MendingBehind } from './mend-behind.ts';
import { createMendPages, type MendingPage } from './mend-pages.ts';
import type { OperationParts } from './parts.ts';

/** A difference as it was found, in the words of the tables. */
export type Mending =
  | { what: CommentCheck['what']; id: string; site: string; kept: number; due: number }
  | { what: 'counter'; scope: string; site: string; field: CounterField; by: number }
  | MendingPage
  | MendingBehind;

/** The operation that mends what verify.ts found. Counts move by what they were off: they may have moved since. */
export function createMend(db: Database, { pages, search }: OperationParts) {
  const behind = createMendBehind(db, search);
  const known = createMendPages(db, pages);
  const set = (column: string, value: string) =>
    db.prepare<{ id: string; kept: number; due: number }>(
      `UPDATE comments SET ${column} = ${value} WHERE id = @id`,
    );
  const columns = {
    ancestors: set(
      'ancestors',
      "ifnull((SELECT ltrim(p.ancestors || ' ' || p.id) FROM comments AS p WHERE p.id = comments.parent_id), '')",
    ),
    open: set('open', 'CASE open WHEN @kept THEN @due ELSE open END'),
    shown: set('shown', 'open = 1 AND (deleted_at IS NULL OR reply_count > 0)'),
    'reply-count': set('reply_count', 'reply_count + @due - @kept'),
    'open-reports': set('open_reports', 'open_reports + @due - @kept'),
    'votes-up': set('votes_up', 'votes_up + @due - @kept'),
    'votes-down': set('votes_down', 'votes_down + @due - @kept'),
  };
  const zeros = FIELDS.map(() => '0').join(', ');
  const ensure = db.prepare<[string]>(
    `INSERT INTO counters (scope, ${FIELDS.join(', ')}) VALUES (?, ${zeros}) ON CONFLICT DO NOTHING`,
  );
  const move = new Map(
    FIELDS.map((field) => [
      field,
      db.prepare<[number, string]>(`UPDATE counters SET ${field} = ${field} + ? WHERE scope = ?`),
    ]),
  );

  return {
    mend(context: BatchContext, mendings: Mending[]): void {
      for (const mending of mendings) {
        switch (mending.what) {
          case 'counter':
            ensure.run(mending.scope);
            move.get(mending.field)?.run(mending.by, mending.scope);
            break;
          case 'alias':
          case 'lost-page':
          case 'reference':
            known.mend(context, mending);
            break;
          case 'tally':
          case 'author':
          case 'page':
          case 'likeness':
          case 'precedent':
          case 'marks':
          case 'words':
            behind.mend(context, mending);
            break;
          default: {
            const { id, kept, due } = mending;
            columns[mending.what].run({ id, kept, due });
          }
        }
        context.invalidate({ kind: 'site', site: mending.site });
      }
    },
  };
}
