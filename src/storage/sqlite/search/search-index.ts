import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import type { SearchedComment } from '../../../moderation/search.ts';
import { BOUND_LIMIT } from '../rows.ts';
import { fingerprintOf } from './fingerprint.ts';
import { createLikenessIndex } from './likeness-index.ts';
import { tokensOf } from './tokens.ts';

/**
 * Keeps the index, and the keys of near copies with it, in step with the comments, on the writing connection. New
 * comments are only noted, and filled in behind (see fill). What a change takes out of a comment is out of the index
 * in the same transaction. FTS5 without content is told the words to remove: they are worked out from the row before
 * it changes.
 */
export interface SearchIndex {
  posted(n: number): void;
  /** The same of many; their pages may have got a title since. */
  postedMany(numbers: number[]): void;
  /** Called before the row is written. */
  changes(before: Comment, next: Comment): void;
  /** The comments of the page are about to get another title. */
  retitles(site: string, pageKey: string, before: string | null): void;
  /** These comments, none deleted, are about to go from a page of that title to one that may have another. */
  moves(numbers: number[], before: string | null): void;
  /** The comment's row is about to go. */
  goes(id: string): void;
  /**
   * Takes out the words that a comment is found by, which are not its own, and notes it to be filled in. Not where
   * it has changed since they were looked at: whatever it is found by was seen to then.
   */
  mend(wrong: { n: number; has: string[]; due: number | null }): void;
  /** Brings comments up to date, the newest first, and then takes out what is gone. */
  fill(most: number): Filled;
  /** What was written since the last commit did not happen. */
  rolledBack(): void;
}

export interface Filled {
  /** There is more to do. */
  isLeft: boolean;
  /** Nothing that is gone is in the index any more, and before it was. */
  wasLastGone: boolean;
}

/** Characters of text in one step of the filling: a few long comments are as much work as many short ones. */
const MOST_TEXT = 60_000;
/** Taking a comment's words out is as much work as putting in those of so many. */
const COST_OF_GONE = 20;
/** And giving one the words of another title: those of the former are taken out. */
const COST_OF_RETITLED = 6;

interface IndexedRow {
  n: number;
  site: string;
  text: string | null;
  author_name: string | null;
  author_url: string | null;
  /** Of its page, now. */
  title: string | null;
}

interface TodoRow extends IndexedRow {
  deleted_at: number | null;
  indexed: number;
  /** The title that it is in the index with. */
  old_title: string | null;
}

interface Todo {
  indexed: number;
  title: string | null;
}

/** Words that go out of the index and come into it, as one text, by the comment's number. */
interface Rewriting {
  gone: [n: number, words: string][];
  come: [n: number, words: string][];
}

const nothing = (): Rewriting => ({ gone: [], come: [] });

/** The shortest beginning of a word that the index holds: one character. */
const firstOf = (word: string): string => String.fromCodePoint(word.codePointAt(0) ?? 0);

const searched = (row: Pick<IndexedRow, 'text' | 'author_name' | 'author_url'>): SearchedComment => ({
  text: row.text,
  author: { name: row.author_name, url: row.author_url },
});

export function createSearchIndex(db: Database): SearchIndex {
  const likeness = createLikenessIndex(db);
  const add = db.prepare<[number, string]>('INSERT INTO search (rowid, words) VALUES (?, ?)');
  const take = db.prepare<[number, string]>(
    "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
  );
  const note = db.prepare<[number]>('INSERT INTO search_todo (n, title, indexed) VALUES (?, NULL, 0)');
  const noteMany = db.prepare<[string]>(
    'INSERT OR REPLACE INTO search_todo (n, title, indexed) SELECT value, NULL, 0 FROM json_each(?)',
  );
  const todoOf = db.prepare<[number], Todo>('SELECT indexed, title FROM search_todo WHERE n = ?');
  const settle = db.prepare<[number]>('DELETE FROM search_todo WHERE n = ?');
  const rowOf = db.prepare<[string], IndexedRow>(
    `SELECT n, c.site, text, author_name, author_url, title FROM comments AS c
     LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key
     WHERE c.id = ? AND deleted_at IS NULL`,
  );
  const numbered = db.prepare<[number], IndexedRow>(
    `SELECT n, c.site, text, author_name, author_url, title FROM comments AS c
     LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key WHERE n = ? AND deleted_at IS NULL`,
  );
  // A comment that waits already is known by what it is in the index with.
  const retitle = db.prepare<[string | null, string, string]>(
    `INSERT OR IGNORE INTO search_todo (n, title, indexed) SELECT n, ?, 1 FROM comments INDEXED BY queue_page
     WHERE site = ? AND page_key = ? AND deleted_at IS NULL`,
  );
  const retitleSome = db.prepare<[string | null, string]>(
    'INSERT OR IGNORE INTO search_todo (n, title, indexed) SELECT value, ?, 1 FROM json_each(?)',
  );
  const newest = db.prepare<[number], TodoRow>(
    `SELECT todo.n, c.site, text, author_name, author_url, deleted_at, pages.title, indexed,
       todo.title AS old_title
     FROM search_todo AS todo JOIN comments AS c ON c.n = todo.n
     LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key ORDER BY todo.n DESC LIMIT ${BOUND_LIMIT}`,
  );
  const bury = db.prepare<[number, string]>('INSERT OR REPLACE INTO search_gone (n, words) VALUES (?, ?)');
  const goneOf = db.prepare<[number], string>('SELECT words FROM search_gone WHERE n = ?').pluck();
  const goneSome = db.prepare<[number], { n: number; words: string }>(
    `SELECT * FROM search_gone LIMIT ${BOUND_LIMIT}`,
  );
  const forget = db.prepare<[number]>('DELETE FROM search_gone WHERE n = ?');
  const todoLeft = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM search_todo)').pluck();
  const goneLeft = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM search_gone)').pluck();

  const [begin, end] = ['SAVEPOINT words_taken', 'RELEASE words_taken'].map((sql) => db.prepare(sql));

  /**
   * Takes words out, and then puts others in, each ascending by number. Apart, by a savepoint, which has FTS5 write what
   * it holds: a row that loses and gets an entry of the same word or beginning in one write has the entries behind it
   * left out, other rows' among them (fts5FlushOneHash of SQLite 3.53, with `detail=none` and `secure-delete`).
   */
  function write({ gone, come }: Rewriting): void {
    for (const [n, words] of gone) take.run(n, words);
    if (gone.length > 0 && come.length > 0) for (const statement of [begin, end]) statement?.run();
    for (const [n, words] of come) add.run(n, words);
  }

  /**
   * Only what differs: most of a comment's words stay when its page's title changes. But a beginning is in the index
   * once for all words that have it, and goes with the first of them; and where it came twice, only the later entry
   * goes. So those that stay beside one that goes or comes and begins as they do are written anew.
   */
  function replace({ gone, come }: Rewriting, n: number, [before, after]: [string[], string[]]): void {
    const [had, has] = [new Set(before), new Set(after)];
    const moving = [...before.filter((word) => !has.has(word)), ...after.filter((word) => !had.has(word))];
    const shaken = new Set(moving.map(firstOf));
    const out = before.filter((word) => !has.has(word) || shaken.has(firstOf(word)));
    const into = after.filter((word) => !had.has(word) || shaken.has(firstOf(word)));
    if (out.length === 0 && into.length === 0) return;
    // Both, always: FTS5 counts rows, and this one stays.
    gone.push([n, out.join(' ')]);
    come.push([n, into.join(' ')]);
  }

  function exhume({ gone }: Rewriting, n: number): void {
    const words = goneOf.get(n);
    if (words === undefined) return;
    gone.push([n, words]);
    forget.run(n);
  }

  function fillOne(rewriting: Rewriting, row: TodoRow): void {
    const tokens = tokensOf(row.site, searched(row), row.title);
    exhume(rewriting, row.n);
    if (row.indexed === 1)
      replace(rewriting, row.n, [tokensOf(row.site, searched(row), row.old_title), tokens]);
    else if (row.deleted_at === null) {
      rewriting.come.push([row.n, tokens.join(' ')]);
      likeness.put(row.n, row.site, row.text);
    }
    settle.run(row.n);
  }

  return {
    rolledBack: likeness.rolledBack,

    posted: (n) => note.run(n),

    postedMany: (numbers) => noteMany.run(JSON.stringify(numbers)),

    changes(before, next) {
      const { text, author } = next;
      const isAlike = before.author.name === author.name && before.author.url === author.url;
      if (before.text === text && isAlike) return;
      const row = rowOf.get(before.id);
      if (!row) return;
      const todo = todoOf.get(row.n);
      if (todo?.indexed === 0) {
        if (next.deletedAt !== null) settle.run(row.n);
        return;
      }
      if (before.text !== text) {
        likeness.take(row.n);
        likeness.put(row.n, row.site, text);
      }
      const had = tokensOf(row.site, before, todo ? todo.title : row.title);
      if (next.deletedAt !== null) take.run(row.n, had.join(' '));
      else {
        const rewriting = nothing();
        replace(rewriting, row.n, [had, tokensOf(row.site, next, row.title)]);
        write(rewriting);
      }
      if (todo) settle.run(row.n);
    },

    retitles: (site, pageKey, before) => retitle.run(before, site, pageKey),

    moves: (numbers, before) => retitleSome.run(before, JSON.stringify(numbers)),

    goes(id) {
      const row = rowOf.get(id);
      if (!row) return;
      const todo = todoOf.get(row.n);
      if (todo) settle.run(row.n);
      if (todo?.indexed === 0) return;
      likeness.take(row.n);
      bury.run(row.n, tokensOf(row.site, searched(row), todo ? todo.title : row.title).join(' '));
    },

    mend({ n, has, due }) {
      if (todoOf.get(n) !== undefined || goneOf.get(n) !== undefined) return;
      const row = numbered.get(n);
      if ((row ? fingerprintOf(tokensOf(row.site, searched(row), row.title)) : null) !== due) return;
      if (has.length > 0) take.run(n, has.join(' '));
      likeness.take(n);
      if (row) note.run(n);
    },

    fill(most) {
      const hadGone = goneLeft.get() === 1;
      let room = most;
      let text = 0;
      const rows: TodoRow[] = [];
      for (const row of newest.iterate(most)) {
        rows.push(row);
        room -= row.indexed === 1 ? COST_OF_RETITLED : 1;
        text += row.text?.length ?? 0;
        if (room <= 0 || text > MOST_TEXT) break;
      }
      const rewriting = nothing();
      // FTS5 gathers rows that come in order; one out of order makes it write what it has.
      for (const row of rows.reverse()) fillOne(rewriting, row);
      if (rows.length === 0) {
        for (const { n } of goneSome.all(Math.ceil(room / COST_OF_GONE))) exhume(rewriting, n);
      }
      write(rewriting);
      const hasGone = hadGone && goneLeft.get() === 1;
      return { isLeft: hasGone || todoLeft.get() === 1, wasLastGone: hadGone && !hasGone };
    },
  };
}
