import type { Database } from 'better-sqlite3';
import { BOUND_LIMIT } from '../rows.ts';
import { createAuthorFacts } from './author-facts.ts';
import type { BatchContext } from './batch-context.ts';
import { createConsumers } from './consumers.ts';
import { createPageFacts } from './page-facts.ts';

/** The directories among those who take events out of the log. */
export const DIRECTORY = 'directory';

/** Events or entries of the todo list of one step: bounds how long other writes wait. */
const STEP = 200;

/** Marks what changed without an event. */
export interface DirectoryTodo {
  author(site: string, key: string): void;
  page(site: string, key: string): void;
}

export function createDirectoryTodo(db: Database): DirectoryTodo {
  const add = db.prepare<[string, string, string]>(
    'INSERT INTO directory_todo (kind, site, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return {
    author: (site, key) => void add.run('author', site, key),
    page: (site, key) => void add.run('page', site, key),
  };
}

interface Touched {
  site: string;
  author_key: string | null;
  page_key: string;
}

interface Todo {
  kind: 'author' | 'page';
  site: string;
  key: string;
}

/** The operation that brings the directories of authors and pages on. */
export function createDirectory(db: Database) {
  const consumers = createConsumers(db);
  const news = db.prepare<[number, number], { number: number; id: string | null }>(
    `SELECT number, json_extract(body, '$.commentId') AS id FROM events WHERE number > ? ORDER BY number
      LIMIT ${BOUND_LIMIT}`,
  );
  const touchedBy = db.prepare<[string], Touched>(
    'SELECT site, author_key, page_key FROM comments WHERE id = ?',
  );
  const todo = db.prepare<[number], Todo>(`SELECT kind, site, key FROM directory_todo LIMIT ${BOUND_LIMIT}`);
  const done = db.prepare<[string, string, string]>(
    'DELETE FROM directory_todo WHERE kind = ? AND site = ? AND key = ?',
  );
  const authors = createAuthorFacts(db);
  const pages = createPageFacts(db);

  return {
    /** Takes the next events and the next of the todo list; true when nothing was left. */
    fillDirectory(context: BatchContext, _: null): boolean {
      // What the batch has counted so far belongs to what is worked out.
      context.ledger.flush();
      const events = news.all(consumers.position(DIRECTORY) ?? 0, STEP);
      const entries = todo.all(STEP);
      const found = new Map<string, () => void>();
      const touch = (kind: Todo['kind'], site: string, key: string): void => {
        const work = kind === 'author' ? authors.refresh : pages.refresh;
        found.set(`${kind}/${site}/${key}`, () => work(site, key));
      };
      for (const id of new Set(events.flatMap((event) => event.id ?? []))) {
        // A site that was removed has taken its comments along.
        const comment = touchedBy.get(id);
        if (!comment) continue;
        touch('page', comment.site, comment.page_key);
        if (comment.author_key !== null) touch('author', comment.site, comment.author_key);
      }
      for (const { kind, site, key } of entries) touch(kind, site, key);
      for (const work of found.values()) work();
      for (const { kind, site, key } of entries) done.run(kind, site, key);
      const last = events.at(-1);
      if (last) consumers.advance(DIRECTORY, last.number);
      return events.length < STEP && entries.length < STEP;
    },
  };
}
