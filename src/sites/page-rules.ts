import type { Deps } from '../deps.ts';
import type { Moderation } from './policy.ts';
import type { Page, PageRules, Site } from './site.ts';

/** The site as it is on that page (null: on one that no comment has named yet). */
export function siteOnPage(site: Site, page: PageRules | null): Site {
  const { closed = null, moderation = null } = page ?? {};
  if (closed === null && moderation === null) return site;
  return {
    ...site,
    policy: {
      ...site.policy,
      closed: closed ?? site.policy.closed,
      moderation: moderation ?? site.policy.moderation,
    },
  };
}

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

export type PageSort = 'recent' | 'comments';

/** A place in the list of pages: the page, and what orders it: the newest comment's id, or a number. */
export interface PagePosition {
  key: string;
  value: string | number;
}

export interface PageListFilter {
  site: string;
  /** The words that title, address or id must hold, each in one of its writings (see text/words.ts). */
  words?: string[][][];
}

export interface PageListQuery extends PageListFilter {
  sort: PageSort;
  from?: PagePosition;
  limit: number;
}

/** A page in the list, with what orders it. */
export interface ListedPage {
  page: Page;
  /** The newest comment's id, '' without one. */
  lastId: string;
  /** Of every status. */
  comments: number;
}

/** What an admin changes; absent stays. URL and reference are canonical. */
export interface PagePatch {
  url?: string | null;
  id?: string | null;
  title?: string | null;
  closed?: boolean | null;
  moderation?: Moderation | null;
  publishedAt?: number | null;
}

export type PageUpdate =
  | { result: 'updated'; page: Page }
  /** Another change came first. */
  | { result: 'conflict'; version: number }
  /** Another page has that address or id. */
  | { result: 'taken' }
  | { result: 'not-found' };
