import type { Database } from 'better-sqlite3';
import { NAMES_FROM } from '../../../authors/author-store.ts';
import { countName, NAMES_LOOKED_AT } from '../../../authors/standing.ts';
import { type CommentStatus, STATUSES } from '../../../comments/comment.ts';
import { authorScope } from '../../../comments/counts.ts';
import { foldWords } from '../../../text/words.ts';
import { BOUND_LIMIT } from '../rows.ts';

interface Said {
  id: string;
  created_at: number;
  author_name: string | null;
  author_url: string | null;
  author_email: string | null;
}

type Counted = Record<CommentStatus, number>;

/** Words as the directories keep them: each after a space. */
export const spacedWords = (texts: (string | null)[]): string =>
  [...new Set(texts.flatMap((text) => foldWords(text ?? '')))].map((word) => ` ${word}`).join('');

/** An author's row of the directory. */
export interface AuthorFacts {
  key: string;
  site: string;
  name: string | null;
  url: string | null;
  /** Sealed. */
  email: string | null;
  /** JSON. */
  names: string;
  words: string;
  first_at: number | null;
  last_at: number | null;
  last_id: string;
  comments: number;
  approved: number;
  rejected: number;
  spam: number;
  approved_under_name: number;
}

/** How many comments of each status a scope has; undefined where it has none. */
export type CountedOf = (scope: string) => Counted | undefined;

/** As the counters say. */
export function countersOf(db: Database): CountedOf {
  const counter = db.prepare<[string], Counted>(
    `SELECT ${STATUSES.join(', ')} FROM counters WHERE scope = ?`,
  );
  return (scope) => counter.get(scope);
}

/** Works out an author's row from their comments; `looks` is how many of those it had to look at. */
export function createAuthorReading(
  db: Database,
  countedOf: CountedOf,
): (site: string, key: string) => { facts: AuthorFacts; looks: number } {
  // From the index alone: of each status as many as are wanted of all together, whose rows are read then.
  const newest = db.prepare<[string, string, string, number], { id: string; n: number }>(
    `SELECT id, n FROM comments INDEXED BY queue_author
     WHERE deleted_at IS NULL AND site = ? AND author_key = ? AND status = ? ORDER BY id DESC LIMIT ${BOUND_LIMIT}`,
  );
  const oldest = db.prepare<[string, string, string], Pick<Said, 'id' | 'created_at'>>(
    `SELECT id, created_at FROM comments INDEXED BY queue_author
     WHERE deleted_at IS NULL AND site = ? AND author_key = ? AND status = ? ORDER BY id LIMIT 1`,
  );
  const saidBy = db.prepare<[string], Said>(
    `SELECT id, created_at, author_name, author_url, author_email FROM comments
     WHERE n IN (SELECT value FROM json_each(?)) ORDER BY id DESC`,
  );
  const approvedNames = db
    .prepare<[string, string, number], string | null>(
      `SELECT author_name FROM comments INDEXED BY queue_author
       WHERE deleted_at IS NULL AND site = ? AND author_key = ? AND status = 'approved'
       ORDER BY id DESC LIMIT ${BOUND_LIMIT}`,
    )
    .pluck();

  return (site, key) => {
    const counts = countedOf(authorScope(site, key));
    const of = (status: CommentStatus): number => counts?.[status] ?? 0;
    const present = STATUSES.filter((status) => of(status) > 0);
    const chosen = present
      .flatMap((status) => newest.all(site, key, status, NAMES_FROM))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, NAMES_FROM);
    const latest = saidBy.all(JSON.stringify(chosen.map(({ n }) => n)));
    const first = present
      .flatMap((status) => oldest.get(site, key, status) ?? [])
      .reduce<{ id: string; created_at: number } | null>(
        (least, one) => (least === null || one.id < least.id ? one : least),
        null,
      );
    const [last] = latest;
    const names = [...new Set(latest.flatMap((one) => one.author_name ?? []))];
    const approved = of('approved') > 0 ? approvedNames.all(site, key, NAMES_LOOKED_AT) : [];
    const underName = countName(approved, last?.author_name ?? null);
    const facts = {
      key,
      site,
      name: last?.author_name ?? null,
      url: last?.author_url ?? null,
      email: last?.author_email ?? null,
      names: JSON.stringify(names),
      words: spacedWords(names),
      first_at: first?.created_at ?? null,
      last_at: last?.created_at ?? null,
      last_id: last?.id ?? '',
      comments: STATUSES.reduce((sum, status) => sum + of(status), 0),
      approved: of('approved'),
      rejected: of('rejected'),
      spam: of('spam'),
      approved_under_name: underName,
    };
    return { facts, looks: latest.length + present.length + approved.length };
  };
}

const COLUMNS: (keyof AuthorFacts)[] = [
  'key',
  'site',
  'name',
  'url',
  'email',
  'names',
  'words',
  'first_at',
  'last_at',
  'last_id',
  'comments',
  'approved',
  'rejected',
  'spam',
  'approved_under_name',
];

/** Keeps authors' rows of the directory. */
export interface AuthorKeeper {
  /** Brings the author's row up to what their comments are now; how many of them it had to look at. */
  refresh(site: string, key: string): number;
}

export function createAuthorFacts(db: Database): AuthorKeeper {
  const read = createAuthorReading(db, countersOf(db));
  const write = db.prepare<[AuthorFacts]>(
    `INSERT OR REPLACE INTO authors (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `@${name}`).join(', ')})`,
  );
  const isGoing = db.prepare<[string], number>('SELECT 1 FROM sites WHERE id = ? AND body IS NULL').pluck();
  const isKept = db
    .prepare<[string, string], number>('SELECT 1 FROM authors WHERE key = ? AND site = ?')
    .pluck();
  return {
    refresh(site, key) {
      // A site under removal: its comments still go one by one.
      if (isGoing.get(site) !== undefined) return 0;
      const { facts, looks } = read(site, key);
      // Who was taken out with all their comments does not come back as an empty entry.
      if (facts.comments > 0 || isKept.get(key, site) !== undefined) write.run(facts);
      return looks;
    },
  };
}
