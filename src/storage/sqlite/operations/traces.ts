import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import { AUTHOR_ACTS } from '../../../moderation/audit.ts';
import { EVERY_SITE } from '../../../screening/learner/lesson-store.ts';
import { createPrecedentIndex, type KeyedLesson } from '../search/precedent-index.ts';
import type { BatchContext } from './batch-context.ts';

/** Takes out what was written beside a comment about whoever wrote it, and what the directory tells of them. */
export function createTraces(db: Database): { forget(context: BatchContext, current: Comment): void } {
  // The note of a reply is the id of the comment that answers.
  const forgetHistory = db.prepare<[string]>(
    "UPDATE history SET note = NULL WHERE comment_id = ? AND action <> 'reply' AND note IS NOT NULL",
  );
  const forgetReports = db.prepare<[string]>('UPDATE reports SET note = NULL WHERE comment_id = ?');
  const forgetAudit = db.prepare<[string]>(
    "UPDATE audit SET note = NULL WHERE comment_id = ? AND action <> 'reply' AND note IS NOT NULL",
  );
  const forgetAuthor = db.prepare<[string]>('DELETE FROM authors WHERE key = ?');
  return {
    forget(context, { id, author }) {
      forgetHistory.run(id);
      forgetReports.run(id);
      forgetAudit.run(id);
      if (author.key !== null) forgetAuthor.run(author.key);
      context.erased();
    },
  };
}

/** The operation behind AuthorStore.forget. */
export function createForgetting(db: Database) {
  const forgetStanding = db.prepare<[string]>('DELETE FROM standings WHERE key = ?');
  const forgetAuthor = db.prepare<[string]>('DELETE FROM authors WHERE key = ?');
  const forgetActs = db.prepare<[string, string]>(forgetActsSql());
  const precedents = createPrecedentIndex(db);
  const outliving = db.prepare<[string], KeyedLesson>(
    'SELECT number, site, text FROM lessons INDEXED BY lessons_outliving WHERE author_key = ? ORDER BY number',
  );
  const unteach = db.prepare<[string]>(
    'UPDATE lessons SET label = NULL, text = NULL, url = NULL, author_key = NULL WHERE author_key = ?',
  );
  const unlearn = db.prepare<[string, string, number]>(
    'DELETE FROM learnt WHERE site IN (?, ?) AND number >= ?',
  );
  return {
    forgetAuthor(context: BatchContext, { site, key }: { site: string; key: string }): void {
      forgetStanding.run(key);
      forgetAuthor.run(key);
      forgetActs.run(site, key);
      const lessons = outliving.all(key);
      const [first] = lessons;
      if (first) {
        for (const lesson of lessons) precedents.take(lesson);
        unteach.run(key);
        unlearn.run(site, EVERY_SITE, first.number);
        context.invalidate({ kind: 'lessons', site });
      }
      context.invalidate({ kind: 'standings', site });
      context.erased();
    },
  };
}

/** Binds site and pseudonym: what was noted when something was said of that author. */
export function forgetActsSql(): string {
  const actions = AUTHOR_ACTS.map((action) => `'${action}'`).join(', ');
  return `UPDATE audit INDEXED BY audit_action SET note = NULL
    WHERE site = ? AND action IN (${actions}) AND subject = ? AND note IS NOT NULL`;
}
