import type { BatchContext } from './batch-context.ts';
import type { OperationParts } from './parts.ts';

/** The operation that fills the search index behind. */
export function createSearch({ search }: Pick<OperationParts, 'search'>) {
  return {
    /** Brings at most so many comments up to date; false where nothing is left to do. */
    fillSearch(context: BatchContext, most: number): boolean {
      const { isLeft, wasLastGone } = search.fill(most);
      // The last word of what was removed has left the index: it leaves the log, too.
      if (wasLastGone) context.erased();
      return isLeft;
    },
  };
}
