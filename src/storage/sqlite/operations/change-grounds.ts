import type { Database, Statement } from 'better-sqlite3';
import type { Comment, HistoryEntry } from '../../../comments/comment.ts';
import { createHistoriesReader } from '../history-rows.ts';
import { LISTED_COLUMNS, type ListedRow, listedOf } from '../reads/listed-rows.ts';

/** A comment with what a change of it is planned on. */
export interface Grounds {
  comment: Comment;
  /** Its number. */
  n: number;
  /** Oldest first. */
  history: HistoryEntry[];
  hasReports: boolean;
  hasReplies: boolean;
  /** The number of the lesson that stands of it; null where none does. */
  lesson: number | null;
}

/** Each is given once: after a change of it, it is read anew. */
export interface GroundsOfMany {
  /** Undefined where it is not there. */
  take(id: string): Grounds | undefined;
  /** It is no longer as it was read. */
  forget(id: string): void;
}

export interface GroundsReader {
  one(id: string): Grounds | undefined;
  /**
   * Of all of them by two statements; for decisions, which neither read nor change what is said and by whom:
   * most of a row's bytes, and left out here.
   */
  many(ids: string[]): GroundsOfMany;
}

type GroundsRow = [...ListedRow, n: number, hasReports: number, hasReplies: number, lesson: number | null];
const BESIDE = LISTED_COLUMNS.split(', ').length;
const SAID = ['text', 'html', 'author_name', 'author_url', 'author_email'];
const DECIDED_COLUMNS = LISTED_COLUMNS.split(', ')
  .map((column) => (SAID.includes(column.replace('comments.', '')) ? 'NULL' : column))
  .join(', ');

/** Binds the ids as a JSON list, and gives what is there of them in that order. */
export function groundsSql(columns: string): string {
  return `SELECT ${columns}, comments.n,
      EXISTS (SELECT 1 FROM reports WHERE comment_id = comments.id),
      EXISTS (SELECT 1 FROM comments AS below INDEXED BY replies WHERE below.parent_id = comments.id),
      (SELECT number FROM lessons INDEXED BY lessons_that_stand
        WHERE comment_id = comments.id AND label IS NOT NULL)
    FROM json_each(?) AS wanted CROSS JOIN comments ON comments.id = wanted.value`;
}

export function createGroundsReader(db: Database): GroundsReader {
  const whole: Statement<[string], GroundsRow> = db.prepare(groundsSql(LISTED_COLUMNS));
  const decided: Statement<[string], GroundsRow> = db.prepare(groundsSql(DECIDED_COLUMNS));
  for (const statement of [whole, decided]) statement.raw();
  const histories = createHistoriesReader(db);

  function read(statement: typeof whole, ids: string[]): Map<string, Grounds> {
    const wanted = JSON.stringify(ids);
    const found = new Map<string, Grounds>();
    for (const row of statement.all(wanted)) {
      const comment = listedOf(row as unknown as ListedRow);
      const [n, hasReports, hasReplies, lesson] = row.slice(BESIDE) as [
        number,
        number,
        number,
        number | null,
      ];
      found.set(comment.id, {
        comment,
        n,
        history: [],
        hasReports: hasReports === 1,
        hasReplies: hasReplies === 1,
        lesson,
      });
    }
    for (const { commentId, entry } of histories(wanted)) found.get(commentId)?.history.push(entry);
    return found;
  }

  return {
    one: (id) => read(whole, [id]).get(id),
    many(ids) {
      const found = read(decided, [...new Set(ids)]);
      const again = (id: string): Grounds | undefined => read(decided, [id]).get(id);
      return {
        take(id) {
          const grounds = found.get(id) ?? again(id);
          found.delete(id);
          return grounds;
        },
        forget: (id) => void found.delete(id),
      };
    },
  };
}
