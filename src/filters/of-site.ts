import type { Deps } from '../deps.ts';
import type { Disclosed, Filter } from './filter.ts';
import { DISCLOSABLE, servesSite } from './filter.ts';

const NONE: readonly Filter[] = [];
/** By site, for as long as the filters stand: stores give the same array until one is changed. */
const sorted = new WeakMap<readonly Filter[], Map<string, readonly Filter[]>>();

/** The filters that are on for comments of the site, oldest first. From memory. */
export async function filtersOf(deps: Pick<Deps, 'filters'>, site: string): Promise<readonly Filter[]> {
  const all = await deps.filters.all();
  if (all.length === 0) return NONE;
  let bySite = sorted.get(all);
  if (!bySite) {
    bySite = new Map();
    sorted.set(all, bySite);
  }
  let found = bySite.get(site);
  if (!found) {
    found = all.filter((filter) => filter.enabled && servesSite(filter, site));
    bySite.set(site, found);
  }
  return found;
}

/** Those of them that are asked about a comment. */
export async function askedOf(deps: Pick<Deps, 'filters'>, site: string): Promise<readonly Filter[]> {
  const filters = await filtersOf(deps, site);
  return filters.length === 0 ? NONE : filters.filter(({ events }) => events.includes('comment.check'));
}

/** What filters of the site are told of a commenter beside what is public. */
export async function sharedOn(deps: Pick<Deps, 'filters'>, site: string): Promise<Disclosed[]> {
  const told = new Set((await askedOf(deps, site)).flatMap(({ disclose }) => disclose));
  return DISCLOSABLE.filter((one) => told.has(one));
}
