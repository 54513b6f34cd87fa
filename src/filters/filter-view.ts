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
  health: FilterHealth;
  createdBy: Actor;
  createdAt: string;
  updatedAt: string;
}

export function presentFilter({ filterHealths }: Pick<Deps, 'filterHealths'>, filter: Filter): FilterView {
  const { secret: _, former: __, createdAt, updatedAt, ...rest } = filter;
  return {
    ...rest,
    health: filterHealths.of(filter.id),
    createdAt: timestamp(createdAt),
    updatedAt: timestamp(updatedAt),
  };
}
