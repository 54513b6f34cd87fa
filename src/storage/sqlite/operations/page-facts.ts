import type { Database } from 'better-sqlite3';
import { type CommentStatus, STATUSES } from '../../../comments/comment.ts';
import { pageScope } from '../../../comments/counts.ts';
import type { PageRow } from '../page-lookup.ts';
import { spacedWords } from './author-facts.ts';

/** Works out a page's place in the directory from its comments and its names. */
export function createPageFacts(db: Database): { refresh(site: string, key: string): void } {
  const pageByKey = db.prepare<[string, string], PageRow>('SELECT * FROM pages WHERE site = ? AND key = ?');
  const newest = db
    .prepare<[string, string, string], string>(
      `SELECT id FROM comments INDEXED BY queue_page
       WHERE deleted_at IS NULL AND site = ? AND page_key = ? AND status = ? ORDER BY id DESC LIMIT 1`,
    )
    .pluck();
  const counter = db.prepare<[string], Record<CommentStatus, number>>(
    `SELECT ${STATUSES.join(', ')} FROM counters WHERE scope = ?`,
  );
  const write = db.prepare<[string, string, string, number, string]>(
    'INSERT OR REPLACE INTO page_facts (site, key, last_id, comments, words) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[string, string]>('DELETE FROM page_facts WHERE site = ? AND key = ?');

  return {
    refresh(site, key) {
      const page = pageByKey.get(site, key);
      // Gone with its site, or joined to another page by an alias.
      if (!page || page.moved_to !== null) {
        remove.run(site, key);
        return;
      }
      const counts = counter.get(pageScope(site, key));
      const present = STATUSES.filter((status) => (counts?.[status] ?? 0) > 0);
      const lastId = present.flatMap((status) => newest.get(site, key, status) ?? []).reduce(later, '');
      const comments = STATUSES.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
      write.run(
        site,
        key,
        lastId,
        comments,
        spacedWords([page.title, page.url && readable(page.url), page.page_id]),
      );
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
