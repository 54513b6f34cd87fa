import type { BatchContext } from './batch-context.ts';
import type { OperationParts } from './operations.ts';

/** The operation that fills the search index behind. */
export function createSearch({ search }: Pick<OperationParts, 'search'>) {
  return {
    /** Brings at most so many comments up to date; false where nothing is left to do. */
    fillSearch: (_: BatchContext, most: number): boolean => search.fill(most),
  };
}
