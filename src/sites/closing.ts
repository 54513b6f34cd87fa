import type { Deps } from '../deps.ts';
import { siteOnPage } from './page-rules.ts';
import type { Page, Site } from './site.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The moment that `closeAfterDays` counts from: the article's own date, else its oldest comment's; null without either. */
async function beginningOf({ comments }: Pick<Deps, 'comments'>, page: Page): Promise<number | null> {
  if (page.publishedAt !== null) return page.publishedAt;
  const [first] = await comments.queue({
    sites: [page.site],
    pageKey: page.key,
    status: 'all',
    sort: 'oldest',
    limit: 1,
  });
  return first?.createdAt ?? null;
}

/** Whether what the site is on a page depends on the time, so that no answer about it may be kept. */
export const closesByTime = ({ policy }: Site): boolean => policy.closeAfterDays !== null;

/** As `siteOnPage`, at this moment: a page closes by itself after `closeAfterDays`, unless an admin said otherwise. */
export async function siteOnPageNow(
  deps: Pick<Deps, 'comments' | 'clock'>,
  site: Site,
  page: Page | null,
): Promise<Site> {
  const there = siteOnPage(site, page);
  const { closeAfterDays } = site.policy;
  if (closeAfterDays === null || there.policy.closed || page === null || page.closed !== null) return there;
  const since = await beginningOf(deps, page);
  if (since === null || deps.clock.now() < since + closeAfterDays * DAY_MS) return there;
  return { ...there, policy: { ...there.policy, closed: true } };
}
