import type { Deps } from '../deps.ts';
import type { PageName } from '../sites/pages.ts';
import { findPage } from '../sites/pages.ts';
import type { Site } from '../sites/site.ts';
import { pageScope } from './counts.ts';

export interface PageCounts {
  /** Visible comments of each page, in the order asked for; an unknown page has none. */
  counts: number[];
  /** The pages' keys, null for those that no comment has named yet. */
  pageKeys: (string | null)[];
}

/** How many comments readers see on each page. `onPages` hears which pages these are before they are counted. */
export async function countPages(
  deps: Deps,
  site: Site,
  names: PageName[],
  onPages: (pageKeys: (string | null)[]) => void = () => undefined,
): Promise<PageCounts> {
  const pages = await Promise.all(names.map((name) => findPage(deps, site, name)));
  const pageKeys = pages.map((page) => page?.key ?? null);
  onPages(pageKeys);
  const scopes = [...new Set(pageKeys.filter((key) => key !== null))].map((key) => pageScope(site.id, key));
  const counted = await deps.comments.counts(scopes);
  const visible = (key: string | null): number =>
    key === null ? 0 : (counted.get(pageScope(site.id, key))?.visible ?? 0);
  return { counts: pageKeys.map(visible), pageKeys };
}
