import type { Database, Statement } from 'better-sqlite3';
import type {
  AuthorEntry,
  AuthorFilter,
  AuthorPosition,
  AuthorQuery,
  AuthorStore,
} from '../../authors/author-store.ts';
import { sortValueOf } from '../../authors/author-store.ts';
import type { SetStanding, StandingRecord } from '../../authors/standing.ts';
import type { Actor } from '../../comments/comment.ts';
import type { SqliteBatchStore } from './batches.ts';
import type { Connections } from './comments.ts';
import type { Directory } from './directory.ts';
import { authorsSql, countAuthorsSql } from './reads/directory-sql.ts';
import { mergeSources } from './reads/merge.ts';
import { createStatementCache } from './reads/statement-cache.ts';
import { BOUND_LIMIT, type Bound } from './rows.ts';

export interface SqliteAuthorStore extends AuthorStore {
  /** Forgets the standings that are kept in memory of the site. */
  drop(site: string): void;
}

type StandingRow = Omit<StandingRecord, 'by' | 'standing'> & { standing: SetStanding | null; actor: string };
type AuthorRow = Omit<AuthorEntry, 'names'> & { names: string };

const AUTHOR_COLUMNS = `authors.site, authors.key, name, url, email, names, first_at AS firstAt,
  last_at AS lastAt, last_id AS lastId, comments, approved, rejected, spam,
  approved_under_name AS approvedUnderName`;

const recordOf = ({ actor, ...rest }: StandingRow): StandingRecord => ({
  ...rest,
  by: JSON.parse(actor) as Actor,
});

const entryOf = ({ names, ...rest }: AuthorRow): AuthorEntry => ({
  ...rest,
  names: JSON.parse(names) as string[],
});

/** AuthorStore on SQLite. Set standings are few and asked for by every post, so they are kept in memory. */
export function createAuthorStore({
  db,
  commits,
  directory,
  batches,
}: Connections & { directory: Directory; batches: Pick<SqliteBatchStore, 'hold'> }): SqliteAuthorStore {
  const standings = createStandingReader(db);
  const lists = createLists(db);
  const approvedNames = db
    .prepare<[string, number, string], [key: string, names: string]>(approvedNamesSql())
    .raw();

  return {
    standings: async (site) => standings.ofSite(site),
    findStanding: async (key) => standings.find(key),
    forget: (author) => commits.execute('forgetAuthor', author),
    async setStanding(record, expected, brings) {
      if (brings?.batch) batches.hold(brings.batch);
      return commits.execute('setStanding', { record, expected, ...brings });
    },
    bringStanding: (record) => commits.execute('bringStanding', record),
    approvedNames: async ({ site, keys, limit }) =>
      new Map(
        approvedNames
          .all(site, limit, JSON.stringify(keys))
          .map(([key, names]) => [key, JSON.parse(names) as (string | null)[]]),
      ),
    async find(key) {
      await directory.catchUp();
      return lists.find(key);
    },
    async list(query) {
      await directory.catchUp();
      return lists.list(query);
    },
    async count(filter, cap) {
      await directory.catchUp();
      return lists.count(filter, cap);
    },
    drop: standings.drop,
  };
}

/** Authors' keys with the names of their approved comments, newest first, as JSON; binds site, limit and a JSON list of keys. */
export function approvedNamesSql(): string {
  return `SELECT wanted.value, (SELECT json_group_array(author_name) FROM (
      SELECT author_name FROM comments INDEXED BY queue_author
      WHERE deleted_at IS NULL AND site = ? AND author_key = wanted.value AND status = 'approved'
      ORDER BY id DESC LIMIT ${BOUND_LIMIT}
    )) FROM json_each(?) AS wanted`;
}

/** The records of a site; binds the site. */
export function standingsSql(): string {
  return `SELECT key, site, standing, until, reason, actor, at, version FROM standings
    INDEXED BY standings_of_site WHERE site = ?`;
}

function createStandingReader(db: Database) {
  const ofSite = db.prepare<[string], StandingRow>(standingsSql());
  const byKey = db.prepare<[string], StandingRow>(
    'SELECT key, site, standing, until, reason, actor, at, version FROM standings WHERE key = ?',
  );
  const kept = new Map<string, ReadonlyMap<string, StandingRecord>>();
  return {
    ofSite(site: string): ReadonlyMap<string, StandingRecord> {
      let records = kept.get(site);
      if (!records) {
        records = new Map(ofSite.all(site).map((row) => [row.key, recordOf(row)]));
        kept.set(site, records);
      }
      return records;
    },
    find(key: string): StandingRecord | null {
      const row = byKey.get(key);
      return row ? recordOf(row) : null;
    },
    drop: (site: string): void => void kept.delete(site),
  };
}

function createLists(db: Database) {
  const cache = createStatementCache(db);
  const byKey = db.prepare<[string], AuthorRow>(`SELECT ${AUTHOR_COLUMNS} FROM authors WHERE key = ?`);
  const positionOf = (entry: AuthorEntry, { sort }: AuthorQuery): AuthorPosition => ({
    key: entry.key,
    value: sortValueOf(entry, sort),
  });

  /** What asks for words has as many texts as there are queries: those are not kept. */
  function prepared<Row>({ words }: AuthorFilter, sql: string): Statement<Bound[], Row> {
    return words ? db.prepare<Bound[], Row>(sql) : cache<Row>(sql);
  }

  function read(query: AuthorQuery, site: string): AuthorEntry[] {
    const { sql, binds } = authorsSql(query, site, AUTHOR_COLUMNS);
    return prepared<AuthorRow>(query, sql)
      .all(...binds, query.limit)
      .map(entryOf);
  }

  return {
    find(key: string): AuthorEntry | null {
      const row = byKey.get(key);
      return row ? entryOf(row) : null;
    },
    // One snapshot: what is merged was true at one moment.
    list: db.transaction((query: AuthorQuery): AuthorEntry[] => {
      const { sort, limit } = query;
      const sites = [...new Set(query.sites)];
      const before = (a: AuthorEntry, b: AuthorEntry): number => {
        const [one, other] = [sortValueOf(a, sort), sortValueOf(b, sort)];
        if (one !== other) return one > other ? -1 : 1;
        return a.key > b.key ? -1 : 1;
      };
      return mergeSources(
        sites.map(
          (site) => (after: AuthorEntry | undefined, count: number) =>
            read({ ...query, limit: count, ...(after && { from: positionOf(after, query) }) }, site),
        ),
        { compare: before, limit, most: 2 * limit + sites.length },
      );
    }),
    count: db.transaction((filter: AuthorFilter, cap: number): number => {
      let total = 0;
      for (const site of new Set(filter.sites)) {
        if (total >= cap) break;
        const { sql, binds } = countAuthorsSql(filter, site);
        total += prepared<{ n: number }>(filter, sql).get(...binds, cap - total)?.n ?? 0;
      }
      return total;
    }),
  };
}
