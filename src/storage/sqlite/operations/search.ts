import type { Database } from 'better-sqlite3';
import { createPrecedentIndex } from '../search/precedent-index.ts';
import type { BatchContext } from './batch-context.ts';
import type { OperationParts } from './parts.ts';

/** The operation that fills the search index behind, and what people decided by the keys of its text. */
export function createSearch(db: Database, { search }: Pick<OperationParts, 'search'>) {
  const precedents = createPrecedentIndex(db);
  return {
    /** Brings at most so many comments, and as many lessons, up to date; false where nothing is left to do. */
    fillSearch(context: BatchContext, most: number): boolean {
      const { isLeft, wasLastGone } = search.fill(most);
      // The last word of what was removed has left the index: it leaves the log, too.
      if (wasLastGone) context.erased();
      return precedents.fill(most) || isLeft;
    },
  };
}
