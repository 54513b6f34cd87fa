import type { QueueFilter } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import type { PageName } from '../sites/pages.ts';
import { findPage } from '../sites/pages.ts';

/** No page has this key: what is asked of an unknown page finds nothing. */
const NO_PAGE = '-';

/** A filter of one site on one page of it. */
export async function onPage(
  { sites }: Pick<Deps, 'sites'>,
  filter: QueueFilter & { sites: [string] },
  name: PageName,
): Promise<QueueFilter> {
  const site = await sites.find(filter.sites[0]);
  const page = site && (await findPage({ sites }, site, name));
  return { ...filter, pageKey: page?.key ?? NO_PAGE };
}

/**
 * A filter on the pages that its sites know by that name: one for each site that knows it, as each has its own
 * page of that name, and one that finds nothing where none does.
 */
export async function onPages(
  deps: Pick<Deps, 'sites'>,
  filter: QueueFilter,
  name: PageName,
): Promise<QueueFilter[]> {
  const ofSites = await Promise.all(
    filter.sites.map((site) => onPage(deps, { ...filter, sites: [site] }, name)),
  );
  const found = ofSites.filter(({ pageKey }) => pageKey !== NO_PAGE);
  return found.length > 0 ? found : [{ ...filter, pageKey: NO_PAGE }];
}
