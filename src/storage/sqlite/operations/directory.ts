import type { Database } from 'better-sqlite3';
import { BOUND_LIMIT } from '../rows.ts';
import { createAuthorFacts } from './author-facts.ts';
import type { BatchContext } from './batch-context.ts';
import { createConsumers } from './consumers.ts';
import { createPageFacts } from './page-facts.ts';

/** The directories among those who take events out of the log. */
export const DIRECTORY = 'directory';

/**
 * Of one step, which other writes wait for: events whose authors and pages are brought up to date at once, and
 * entries of the todo list. Where more events wait, whom they touched is only noted, so that who is in many of them is
 * looked at once.
 */
const STEP = 200;
const NOTED = 1000;
/** Comments that a step looks at before it leaves the rest for the next: of who wrote many there are hundreds. */
const MOST_LOOKS = 2000;

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

const unique = (todos: Todo[]): Todo[] => [
  ...new Map(todos.map((todo) => [`${todo.kind}/${todo.site}/${todo.key}`, todo])).values(),
];

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
  const add = createDirectoryTodo(db);
  const authors = createAuthorFacts(db);
  const pages = createPageFacts(db);

  const refresh = ({ kind, site, key }: Todo): number => {
    if (kind === 'author') return authors.refresh(site, key);
    pages.refresh(site, key);
    return 1;
  };

  /** Whom these events touched. */
  function touched(events: { id: string | null }[]): Todo[] {
    return [...new Set(events.flatMap((event) => event.id ?? []))].flatMap((id) => {
      // A site that was removed has taken its comments along.
      const comment = touchedBy.get(id);
      if (!comment) return [];
      const { site, page_key, author_key } = comment;
      const page: Todo = { kind: 'page', site, key: page_key };
      return author_key === null ? [page] : [page, { kind: 'author', site, key: author_key }];
    });
  }

  return {
    /** Takes the next events or the next of the todo list; true when nothing was left. */
    fillDirectory(context: BatchContext, _: null): boolean {
      // What the batch has counted so far belongs to what is worked out.
      context.ledger.flush();
      const events = news.all(consumers.position(DIRECTORY) ?? 0, NOTED);
      const last = events.at(-1);
      if (last) {
        // Whose row was lost would else take the same events for ever.
        consumers.join(DIRECTORY, last.number);
        consumers.advance(DIRECTORY, last.number);
      }
      const fresh = unique(touched(events));
      if (events.length > STEP) {
        for (const { kind, site, key } of fresh) add[kind](site, key);
        return false;
      }
      const noted = todo.all(STEP);
      let isLeft = noted.length === STEP;
      let looks = 0;
      for (const one of unique([...noted, ...fresh])) {
        if (looks <= MOST_LOOKS) {
          looks += refresh(one);
          done.run(one.kind, one.site, one.key);
        } else {
          add[one.kind](one.site, one.key);
          isLeft = true;
        }
      }
      return !isLeft;
    },
  };
}
