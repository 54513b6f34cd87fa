import type { SearchIndex } from '../search/search-index.ts';
import type { Pages } from './pages.ts';

/** What operations of one connection share. */
export interface OperationParts {
  pages: Pages;
  search: SearchIndex;
}
