import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../comments/comment.ts';
import type { DifferenceValue } from '../../comments/difference.ts';
import { type AuthorFacts, type CountedOf, createAuthorReading } from './operations/author-facts.ts';
import { DIRECTORY } from './operations/directory.ts';
import { createPageReading, type PageFacts } from './operations/page-facts.ts';
import type { Found } from './verify-found.ts';

/** Entries of the directories of authors and pages that are not what comments say. */
export function* wrongEntries(db: Database): Generator<Found> {
  const isDue = dueEntries(db);
  yield* wrongAuthors(db, isDue);
  yield* wrongPages(db, isDue);
}

type IsDue = (kind: 'author' | 'page', site: string, key: string) => boolean;

/** What the filling has still to come to: it is behind, and that is no difference. */
function dueEntries(db: Database): IsDue {
  const mark = db
    .prepare<[string], number>('SELECT number FROM event_consumers WHERE name = ?')
    .pluck()
    .get(DIRECTORY);
  const due = new Set(
    db
      .prepare<{ mark: number }, string>(
        `SELECT kind || '/' || site || '/' || key FROM directory_todo
         UNION SELECT 'author/' || c.site || '/' || c.author_key FROM events
           JOIN comments AS c ON c.id = json_extract(body, '$.commentId')
           WHERE number > @mark AND c.author_key IS NOT NULL
         UNION SELECT 'page/' || c.site || '/' || c.page_key FROM events
           JOIN comments AS c ON c.id = json_extract(body, '$.commentId') WHERE number > @mark`,
      )
      .pluck()
      .all({ mark: mark ?? 0 }),
  );
  return (kind, site, key) => due.has(`${kind}/${site}/${key}`);
}

/** Counted anew: the counters themselves may be wrong. */
function rowsOf(db: Database, column: 'author_key' | 'page_key', index: string): CountedOf {
  const counted = db.prepare<[string, string], { status: CommentStatus; n: number }>(
    `SELECT status, count(*) AS n FROM comments INDEXED BY ${index}
     WHERE deleted_at IS NULL AND site = ? AND ${column} = ? GROUP BY status`,
  );
  return (scope) => {
    const [, site = '', key = ''] = scope.split('/');
    const found = counted.all(site, key).map(({ status, n }) => [status, n] as const);
    return Object.fromEntries(found) as Record<CommentStatus, number>;
  };
}

interface Entry {
  what: 'author' | 'page';
  site: string;
  key: string;
}

const missing = ({ what, site, key }: Entry, isKept: boolean): Found => ({
  difference: { what, where: `${site}/${key}`, kept: isKept, due: !isKept },
  mending: { what, site, key },
});

/** What is text is told as being right or not: a name or a sealed address is nobody's business here. */
const told = (value: string | number | null, isRight: boolean): DifferenceValue =>
  typeof value === 'number' ? value : isRight;

function* wrongMembers<Facts extends object>(entry: Entry, kept: Facts, due: Facts): Generator<Found> {
  const { what, site, key } = entry;
  const values = due as Record<string, string | number | null>;
  for (const [name, stands] of Object.entries(kept) as [string, string | number | null][]) {
    const should = values[name] ?? null;
    if (stands === should) continue;
    const both = typeof stands === typeof should;
    const difference = {
      what,
      where: `${site}/${key} ${name}`,
      kept: both ? told(stands, false) : false,
      due: both ? told(should, true) : true,
    };
    yield { difference, mending: { what, site, key } };
  }
}

function* wrongAuthors(db: Database, isDue: IsDue): Generator<Found> {
  const read = createAuthorReading(db, rowsOf(db, 'author_key', 'queue_author'));
  const kept = db.prepare<[string], AuthorFacts>('SELECT * FROM authors WHERE key = ?');
  const written = db.prepare<[], { site: string; key: string }>(
    `SELECT DISTINCT site, author_key AS key FROM comments INDEXED BY queue_author
     WHERE deleted_at IS NULL AND author_key IS NOT NULL`,
  );
  for (const { site, key } of written.iterate()) {
    if (isDue('author', site, key)) continue;
    const entry: Entry = { what: 'author', site, key };
    const stands = kept.get(key);
    if (stands) yield* wrongMembers(entry, stands, read(site, key).facts);
    else yield missing(entry, false);
  }
  const left = db.prepare<[], { site: string; key: string }>(
    `SELECT site, key FROM authors WHERE comments > 0 AND NOT EXISTS (
       SELECT 1 FROM comments INDEXED BY queue_author
       WHERE site = authors.site AND author_key = authors.key AND deleted_at IS NULL)`,
  );
  for (const { site, key } of left.iterate())
    if (!isDue('author', site, key)) yield missing({ what: 'author', site, key }, true);
}

function* wrongPages(db: Database, isDue: IsDue): Generator<Found> {
  const read = createPageReading(db, rowsOf(db, 'page_key', 'queue_page'));
  const kept = db.prepare<[string, string], PageFacts>(
    'SELECT last_id, comments, words FROM page_facts WHERE site = ? AND key = ?',
  );
  const all = db.prepare<[], { site: string; key: string }>(
    'SELECT site, key FROM pages UNION SELECT site, key FROM page_facts',
  );
  for (const { site, key } of all.iterate()) {
    if (isDue('page', site, key)) continue;
    const entry: Entry = { what: 'page', site, key };
    const [stands, due] = [kept.get(site, key), read(site, key)];
    if (stands && due) yield* wrongMembers(entry, stands, due);
    else if (stands || due) yield missing(entry, stands !== undefined);
  }
}
