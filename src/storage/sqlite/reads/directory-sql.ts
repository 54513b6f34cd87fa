import type { AuthorFilter, AuthorQuery } from '../../../authors/author-store.ts';
import type { PageListQuery } from '../../../sites/page-rules.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';
import type { Walk } from './queue-sql.ts';

/** Collects conditions with their values. */
function conditions(
  site: string,
  column: string,
): {
  add(condition: string, ...values: Bound[]): void;
  where(): string;
  binds: Bound[];
} {
  const parts = [`${column} = ?`];
  const binds: Bound[] = [site];
  return {
    add(condition, ...values) {
      parts.push(condition);
      binds.push(...values);
    },
    where: () => parts.join(' AND '),
    binds,
  };
}

type Conditions = ReturnType<typeof conditions>;

/** Each word of the query, in one of its writings, begins a word of the column. */
function addWords(where: Conditions, column: string, words: string[][][] | undefined): void {
  for (const writings of words ?? []) {
    const all = (writing: string[]): string =>
      `(${writing.map(() => `instr(${column}, ?) > 0`).join(' AND ')})`;
    const values = writings.flatMap((writing) => writing.map((word) => ` ${word}`));
    where.add(`(${writings.map(all).join(' OR ')})`, ...values);
  }
}

const AUTHOR_COLUMN = { recent: 'last_id', comments: 'comments', rejected: 'rejected' } as const;

function authorConditions(filter: AuthorFilter, site: string): Conditions {
  const where = conditions(site, 'authors.site');
  if (!filter.only) where.add('comments > 0');
  addWords(where, 'words', filter.words);
  if (filter.without)
    where.add('key NOT IN (SELECT value FROM json_each(?))', JSON.stringify(filter.without));
  const measure = filter.trust?.measures.get(site);
  if (filter.trust && measure) {
    const known =
      'approved >= ? AND approved_under_name >= ? AND rejected + spam <= ? * (approved + rejected + spam)';
    const { approvals, maxRejectedShare } = measure;
    where.add(filter.trust.is === 'known' ? known : `NOT (${known})`, approvals, approvals, maxRejectedShare);
  }
  return where;
}

/** Where the entries come from: a walk along the sort's index, or the named ones. */
function authorSource({ only }: AuthorFilter, index: string): { from: string; binds: Bound[] } {
  if (!only) return { from: `authors INDEXED BY ${index}`, binds: [] };
  return {
    from: 'json_each(?) AS wanted CROSS JOIN authors ON authors.key = wanted.value',
    binds: [JSON.stringify(only)],
  };
}

/** A site's authors in order; all but the limit is bound. */
export function authorsSql(query: AuthorQuery, site: string, columns: string): Walk {
  const { sort, from } = query;
  const column = AUTHOR_COLUMN[sort];
  const where = authorConditions(query, site);
  if (from) where.add(`(${column}, authors.key) < (?, ?)`, from.value, from.key);
  const source = authorSource(query, `authors_${sort}`);
  return {
    sql: `SELECT ${columns} FROM ${source.from} WHERE ${where.where()}
      ORDER BY ${column} DESC, authors.key DESC LIMIT ${BOUND_LIMIT}`,
    binds: [...source.binds, ...where.binds],
  };
}

/** The number of a site's authors, as `n`; all but the cap is bound. */
export function countAuthorsSql(filter: AuthorFilter, site: string): Walk {
  const where = authorConditions(filter, site);
  const source = authorSource(filter, 'authors_recent');
  return {
    sql: `SELECT count(*) AS n FROM (SELECT 1 FROM ${source.from} WHERE ${where.where()} LIMIT ${BOUND_LIMIT})`,
    binds: [...source.binds, ...where.binds],
  };
}

const PAGE_COLUMN = { recent: 'last_id', comments: 'comments' } as const;

/** A site's pages in order; all but the limit is bound. */
export function pagesSql({ site, sort, words, from }: PageListQuery): Walk {
  const column = PAGE_COLUMN[sort];
  const where = conditions(site, 'page_facts.site');
  addWords(where, 'words', words);
  if (from) where.add(`(${column}, page_facts.key) < (?, ?)`, from.value, from.key);
  return {
    sql: `SELECT key, last_id AS lastId, comments FROM page_facts INDEXED BY pages_${sort} WHERE ${where.where()}
      ORDER BY ${column} DESC, key DESC LIMIT ${BOUND_LIMIT}`,
    binds: where.binds,
  };
}

/** The number of a site's pages, as `n`; all but the cap is bound. */
export function countPagesSql({ site, words }: Pick<PageListQuery, 'site' | 'words'>): Walk {
  const where = conditions(site, 'page_facts.site');
  addWords(where, 'words', words);
  return {
    sql: `SELECT count(*) AS n FROM (SELECT 1 FROM page_facts INDEXED BY pages_recent WHERE ${where.where()} LIMIT ${BOUND_LIMIT})`,
    binds: where.binds,
  };
}
