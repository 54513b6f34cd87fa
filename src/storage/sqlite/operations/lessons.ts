import type { Database } from 'better-sqlite3';
import type { PlannedChange } from '../../../comments/changes/plan.ts';
import { lessonOf, type Said } from '../../../screening/learner/lesson.ts';
import { EVERY_SITE } from '../../../screening/learner/lesson-store.ts';
import { BOUND_LIMIT } from '../rows.ts';
import { createPrecedentIndex, type KeyedLesson } from '../search/precedent-index.ts';
import type { BatchContext } from './batch-context.ts';
import type { Grounds } from './change-grounds.ts';

/** Writes what a change of a comment teaches, in the transaction of the change. */
export interface LessonWriter {
  changed(
    context: BatchContext,
    planned: PlannedChange,
    before: Pick<Grounds, 'comment' | 'history' | 'lesson'> & { number: number },
  ): void;
  /** Its comment goes and the lesson stays: it is found by its author from now on. */
  outlives(commentId: string, authorKey: string): void;
}

interface Appended {
  number: number;
  label: string | null;
  before: number | null;
  id: string;
}

export function createLessonWriter(db: Database): LessonWriter {
  const precedents = createPrecedentIndex(db);
  const stood = db.prepare<[number], KeyedLesson & { label: Said }>(
    'SELECT number, site, text, label FROM lessons WHERE number = ?',
  );
  const takeBack = db.prepare<[number]>(
    'UPDATE lessons SET label = NULL, text = NULL, url = NULL WHERE number = ?',
  );
  const forget = db.prepare<[string, string, number]>(
    'DELETE FROM learnt WHERE site IN (?, ?) AND number >= ?',
  );
  // The text is the row's: a decision in bulk is planned without it.
  const append = db.prepare<[Appended]>(
    `INSERT INTO lessons (number, site, comment_id, label, supersedes, text, url)
     SELECT @number, site, id, @label, @before, iif(@label IS NULL, NULL, text),
       iif(@label IS NULL, NULL, author_url)
     FROM comments WHERE id = @id`,
  );

  /** Tells whether the learner had learnt from it. */
  function unsay(number: number): boolean {
    const lesson = stood.get(number);
    if (!lesson) return false;
    precedents.take(lesson);
    takeBack.run(number);
    if (lesson.label === 'rejected') return false;
    forget.run(lesson.site, EVERY_SITE, number);
    return true;
  }

  const outlive = db.prepare<[string, string]>(
    'UPDATE lessons SET author_key = ? WHERE comment_id = ? AND label IS NOT NULL',
  );

  return {
    outlives: (commentId, authorKey) => void outlive.run(authorKey, commentId),
    changed(context, planned, { comment, history, lesson: before, number }) {
      const lesson = lessonOf(comment, planned, history);
      if (!lesson) return;
      // A decision of before there were lessons left none to take back.
      if (before === null && lesson.label === null) return;
      const unlearns = before !== null && unsay(before);
      // Where its comment still says what it said, so may the log: an undo need not wait for a sweep.
      const isSaid = planned.next.text === comment.text && planned.next.author.url === comment.author.url;
      if (before !== null && !isSaid) context.erased();
      append.run({ number, label: lesson.label, before: unlearns ? before : null, id: comment.id });
    },
  };
}

/** Removes up to so many lessons of a site, with their keys; tells how many. */
export function createLessonRemoval(db: Database): (site: string, most: number) => number {
  const precedents = createPrecedentIndex(db);
  const some = db.prepare<[string, number], KeyedLesson>(
    `SELECT number, site, text FROM lessons INDEXED BY lessons_of_site WHERE site = ? LIMIT ${BOUND_LIMIT}`,
  );
  const remove = db.prepare<[number]>('DELETE FROM lessons WHERE number = ?');
  return (site, most) => {
    const lessons = some.all(site, most);
    for (const lesson of lessons) {
      precedents.take(lesson);
      remove.run(lesson.number);
    }
    return lessons.length;
  };
}

export interface KeepSnapshotArgs {
  site: string;
  number: number;
  bytes: Uint8Array;
}

/** The operation behind LessonStore.writeSnapshot. */
export function createLessons(db: Database) {
  const keep = db.prepare<[string, number, Uint8Array]>(
    `INSERT INTO learnt (site, number, bytes) VALUES (?, ?, ?)
     ON CONFLICT (site) DO UPDATE SET number = excluded.number, bytes = excluded.bytes
     WHERE excluded.number > learnt.number`,
  );
  return {
    keepSnapshot(_: BatchContext, { site, number, bytes }: KeepSnapshotArgs): void {
      keep.run(site, number, bytes);
    },
  };
}
