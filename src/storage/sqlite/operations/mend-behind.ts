import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../../comments/comment.ts';
import { createLikenessIndex } from '../search/likeness-index.ts';
import { createPrecedentIndex } from '../search/precedent-index.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { createAuthorFacts } from './author-facts.ts';
import type { BatchContext } from './batch-context.ts';
import { createMarks } from './marks.ts';
import { createPageFacts } from './page-facts.ts';

/** What is wrong in what is kept for statistics, directories and searches. */
export type MendingBehind =
  | { what: 'tally'; site: string; slot: number; tally: string; by: number }
  | { what: 'author' | 'page'; site: string; key: string }
  /** `due`: the fingerprint of the words that the comment `n` should be found by, null for none; `has`: what it is found by. */
  /** `key`: one that the comment's own list does not name. */
  | { what: 'likeness'; site: string; n: number; key: number | null }
  /** `number`: of the lesson; `key`: one of a lesson that does not stand. */
  | { what: 'precedent'; site: string; number: number; key: number | null }
  | { what: 'marks'; site: string; mark: string; status: CommentStatus; id: string }
  | { what: 'words'; site: string; n: number; has: string[]; due: number | null };

/** Mends it by what fills it in. */
export function createMendBehind(db: Database, search: Pick<SearchIndex, 'mend'>) {
  const moveTally = db.prepare<[string, number, string, number]>(
    `INSERT INTO tallies (site, slot, what, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const removeAuthor = db.prepare<[string, string]>('DELETE FROM authors WHERE key = ? AND site = ?');
  const authors = createAuthorFacts(db);
  const pages = createPageFacts(db);
  const likeness = createLikenessIndex(db);
  const precedents = createPrecedentIndex(db);
  const marks = createMarks(db);

  return {
    mend(context: BatchContext, mending: MendingBehind): void {
      const { site } = mending;
      switch (mending.what) {
        case 'tally':
          moveTally.run(site, mending.slot, mending.tally, mending.by);
          break;
        case 'author':
          // What the batch has counted so far belongs to what is worked out.
          context.ledger.flush();
          removeAuthor.run(mending.key, site);
          authors.refresh(site, mending.key);
          break;
        case 'page':
          context.ledger.flush();
          pages.refresh(site, mending.key);
          break;
        case 'likeness':
          likeness.mend(mending.n, mending.key);
          break;
        case 'precedent':
          precedents.mend(mending.number, mending.key);
          break;
        case 'marks':
          marks.mend(mending);
          break;
        case 'words':
          search.mend(mending);
      }
    },
  };
}
