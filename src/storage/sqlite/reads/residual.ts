import type { Database } from 'better-sqlite3';
import type { Comment, Report } from '../../../comments/comment.ts';
import type { QueueFilter } from '../../../comments/comment-store.ts';
import type { KeptWords } from '../../../moderation/kept-words.ts';
import { phasesOf, reasonsOf } from '../../../moderation/marks.ts';
import { hasWords, queryWords } from '../../../moderation/search.ts';
import { createHistoryReader } from '../history-rows.ts';
import { reportsSql } from '../operations/reports.ts';
import { createPageLookup } from '../page-lookup.ts';

/** What a filter asks of a comment beyond the index that led to it. */
export type Residual = (comment: Comment) => boolean;

/** Told from the rows themselves, whatever an index may know. Each filter's function is for one walk. */
export function createResidual(db: Database, wordsOf: KeptWords): (filter: QueueFilter) => Residual {
  const pages = createPageLookup(db);
  const historyOf = createHistoryReader(db);
  const reportsOf = db.prepare<[string], Report>(reportsSql());

  return ({ q, phase, reason }) => {
    const query = q === undefined ? null : queryWords(q);
    const titles = new Map<string, string | null>();
    const titleOf = ({ site, pageKey }: Comment): string | null => {
      const name = `${site}/${pageKey}`;
      let title = titles.get(name);
      if (title === undefined) {
        title = pages.byKey(site, pageKey)?.title ?? null;
        titles.set(name, title);
      }
      return title;
    };
    return (comment) => {
      if (phase !== undefined && !phasesOf(comment).includes(phase)) return false;
      if (reason !== undefined) {
        const history = historyOf(comment.id);
        if (!reasonsOf({ history, reports: reportsOf.all(comment.id) }).includes(reason)) return false;
      }
      return query === null || hasWords(wordsOf(comment, titleOf(comment)), query);
    };
  };
}
