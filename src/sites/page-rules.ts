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
