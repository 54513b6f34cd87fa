import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { searchWords } from '../../../moderation/search.ts';
import { COMMENT_COLUMNS, type CommentRow } from '../rows.ts';

/** A comment that the index does not have as it is, with the words that it is found by now. */
export interface WaitingComment {
  n: number;
  row: CommentRow;
  words: string[];
}

/** Words of waiting comments that are kept: while they wait, several searches may ask for them. */
const KEPT = 2000;

const QUALIFIED = COMMENT_COLUMNS.split(', ')
  .map((column) => `c.${column}`)
  .join(', ');

/** Reads what waits to be filled in; null where that is more than `most`. */
export function createWaiting(db: Database): (most: number) => WaitingComment[] | null {
  const numbers = db.prepare<[number], number>('SELECT n FROM search_todo LIMIT ?').pluck();
  const byNumber = db.prepare<[number], CommentRow & { title: string | null }>(
    `SELECT ${QUALIFIED}, pages.title FROM comments AS c
     LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key WHERE n = ?`,
  );
  const kept = new LRUCache<string, string[]>({ max: KEPT });

  function wordsOf(row: CommentRow & { title: string | null }): string[] {
    const name = `${row.id} ${row.version} ${row.title ?? ''}`;
    let words = kept.get(name);
    if (!words) {
      const { text, author_name: author, author_url: url, title } = row;
      words = searchWords({ text, author: { name: author, url } }, title);
      kept.set(name, words);
    }
    return words;
  }

  return (most) => {
    const found = numbers.all(most + 1);
    if (found.length > most) return null;
    return found.flatMap((n) => {
      const row = byNumber.get(n);
      return row ? [{ n, row, words: wordsOf(row) }] : [];
    });
  };
}
