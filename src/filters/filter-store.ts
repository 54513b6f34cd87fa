import type { Audited } from '../moderation/audit.ts';
import type { Filter } from './filter.ts';

export type FilterChange =
  | { replaced: true }
  /** Another version stands, the filter is gone, or another one has the name. */
  | { replaced: false; why: 'stale'; version: number }
  | { replaced: false; why: 'gone' | 'taken' };

/** Where outside filters are kept. Writes are atomic and durable as in comment-store.ts. */
export interface FilterStore {
  /** False where another filter has the name, folded. */
  create(filter: Filter, audited?: Audited): Promise<boolean>;
  find(id: string): Promise<Filter | null>;
  /** Those whose sites all are in `scope` (null: every one), newest first, beyond `before`; `total` without paging. */
  list(query: {
    scope: string[] | null;
    before?: string;
    limit: number;
  }): Promise<{ items: Filter[]; total: number }>;
  /** Writes it where the version that stands is still `expected`. */
  replace(filter: Filter, expected: number, audited?: Audited): Promise<FilterChange>;
  /** False where there is none. */
  remove(id: string, audited?: Audited): Promise<boolean>;
  /**
   * Every filter, oldest first; asked for by every post. Adapters answer from memory, with the same array as
   * long as nothing changes, if a write through any instance shows within 1 s.
   */
  all(): Promise<readonly Filter[]>;
}
