import type { Database } from 'better-sqlite3';
import { STATUSES } from '../../../comments/comment.ts';
import { pageScope } from '../../../comments/counts.ts';
import type { PageRow } from '../page-lookup.ts';
import { type CountedOf, countersOf, spacedWords } from './author-facts.ts';

/** A page's row of the directory. */
export interface PageFacts {
  last_id: string;
  comments: number;
  words: string;
}

/** Works out a page's row from its comments and its names; null where it has none to have. */
export function createPageReading(
  db: Database,
  countedOf: CountedOf,
): (site: string, key: string) => PageFacts | null {
  const pageByKey = db.prepare<[string, string], PageRow>('SELECT * FROM pages WHERE site = ? AND key = ?');
  const newest = db
    .prepare<[string, string, string], string>(
      `SELECT id FROM comments INDEXED BY queue_page
       WHERE deleted_at IS NULL AND site = ? AND page_key = ? AND status = ? ORDER BY id DESC LIMIT 1`,
    )
    .pluck();

  return (site, key) => {
    const page = pageByKey.get(site, key);
    // Gone with its site, or joined to another page by an alias.
    if (!page || page.moved_to !== null) return null;
    const counts = countedOf(pageScope(site, key));
    const present = STATUSES.filter((status) => (counts?.[status] ?? 0) > 0);
    return {
      last_id: present.flatMap((status) => newest.get(site, key, status) ?? []).reduce(later, ''),
      comments: STATUSES.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0),
      words: spacedWords([page.title, page.url && readable(page.url), page.page_id]),
    };
  };
}

/** Keeps pages' rows of the directory. */
export function createPageFacts(db: Database): { refresh(site: string, key: string): void } {
  const read = createPageReading(db, countersOf(db));
  const write = db.prepare<[string, string, string, number, string]>(
    'INSERT OR REPLACE INTO page_facts (site, key, last_id, comments, words) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[string, string]>('DELETE FROM page_facts WHERE site = ? AND key = ?');
  return {
    refresh(site, key) {
      const facts = read(site, key);
      if (facts) write.run(site, key, facts.last_id, facts.comments, facts.words);
      else remove.run(site, key);
    },
  };
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** An address as people read it: its escapes hide the words. */
function readable(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    // Bytes that are no text stay escaped.
    return url;
  }
}
