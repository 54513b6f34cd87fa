import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { Filter } from './filter.ts';
import type { FilterHealth } from './health.ts';

/** A filter as admins get it: never its secret. */
export interface FilterView
  extends Pick<
    Filter,
    | 'id'
    | 'name'
    | 'kind'
    | 'url'
    | 'mode'
    | 'deadlineMs'
    | 'onFailure'
    | 'thresholds'
    | 'events'
    | 'sites'
    | 'enabled'
    | 'disclose'
    | 'version'
  > {
  /** As this instance sees it. */
  health: Omit<FilterHealth, 'lastAnswerAt' | 'lastFailureAt'> & {
    lastAnswerAt: string | null;
    lastFailureAt: string | null;
  };
  createdBy: Actor;
  createdAt: string;
  updatedAt: string;
}

const momentOf = (at: number | null): string | null => (at === null ? null : timestamp(at));

export function presentFilter({ filterHealths }: Pick<Deps, 'filterHealths'>, filter: Filter): FilterView {
  const health = filterHealths.of(filter.id);
  // One by one, so that their order is not the store's.
  const { id, name, kind, url, mode, deadlineMs, onFailure, thresholds, events, sites, enabled } = filter;
  const { disclose, version, createdBy, createdAt, updatedAt } = filter;
  const asked = { id, name, kind, url, mode, deadlineMs, onFailure, thresholds, events, sites, enabled };
  return {
    ...asked,
    disclose,
    version,
    health: {
      ...health,
      lastAnswerAt: momentOf(health.lastAnswerAt),
      lastFailureAt: momentOf(health.lastFailureAt),
    },
    createdBy,
    createdAt: timestamp(createdAt),
    updatedAt: timestamp(updatedAt),
  };
}
