import type { Database } from 'better-sqlite3';
import type { Said } from '../../../screening/learner/lesson.ts';
import { likenessOf } from '../../../text/likeness.ts';
import { BOUND_LIMIT } from '../rows.ts';

/** A lesson as far as it has keys. */
export interface KeyedLesson {
  number: number;
  site: string;
  text: string | null;
}

type Standing = KeyedLesson & { label: Said | null };

/** Keeps the keys by which what people decided on near copies is found, on the writing connection. */
export interface PrecedentIndex {
  /** Brings in the next lessons, at most so many; false where none is left. */
  fill(most: number): boolean;
  /** Takes away what a lesson has, which is about to lose its text. */
  take(lesson: KeyedLesson): void;
  /** Gives a lesson that stands its keys, and takes away the one of a lesson that does not. */
  mend(number: number, stray: number | null): void;
}

/** Characters of text in one step of the filling: of long ones the keys take longest. */
const MOST_TEXT = 60_000;

/** What people say, by the number that the table has for it. */
export const SAID: readonly Said[] = ['ham', 'spam', 'rejected'];

/** The number of the last lesson that was brought in; see migrations/precedents.ts. */
export const FILLED_SQL = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'precedents'";

export function createPrecedentIndex(db: Database): PrecedentIndex {
  const filled = db.prepare<[], number>(FILLED_SQL).pluck();
  const next = db.prepare<[number, number], Standing>(
    `SELECT number, site, text, label FROM lessons WHERE number > ? ORDER BY number LIMIT ${BOUND_LIMIT}`,
  );
  const advance = db.prepare<[string]>("UPDATE meta SET value = ? WHERE name = 'precedents'");
  const insert = db.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO precedents (key, number, label) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[number, number]>('DELETE FROM precedents WHERE key = ? AND number = ?');

  const standing = db.prepare<[number], Standing>(
    'SELECT number, site, text, label FROM lessons WHERE number = ?',
  );

  function put({ number, site, text, label }: Standing): void {
    if (label === null || text === null) return;
    for (const key of likenessOf(site, text).keys) insert.run(key, number, SAID.indexOf(label));
  }

  return {
    fill(most) {
      const before = filled.get() ?? 0;
      let last = before;
      let length = 0;
      const lessons = next.all(before, most);
      for (const lesson of lessons) {
        put(lesson);
        last = lesson.number;
        length += lesson.text?.length ?? 0;
        if (length > MOST_TEXT) break;
      }
      if (last > before) advance.run(`${last}`);
      return lessons.length === most || (lessons.at(-1)?.number ?? last) !== last;
    },

    take({ number, site, text }) {
      if (text === null) return;
      for (const key of likenessOf(site, text).keys) remove.run(key, number);
    },

    mend(number, stray) {
      const lesson = standing.get(number);
      const stands = lesson !== undefined && lesson.label !== null;
      if (stray !== null && !stands) remove.run(stray, number);
      if (stray === null && stands) put(lesson);
    },
  };
}
