import type { Audited } from '../moderation/audit.ts';
import type { ListedPage, PageListFilter, PageListQuery, PagePatch, PageUpdate } from './page-rules.ts';
import type { Alias, Page, Site } from './site.ts';

/** What came of an alias, and how many comments went along. */
export type AliasResult = { result: 'added'; moved: number } | { result: 'unchanged' | 'loop' };

/** Where sites, their pages and aliases are kept. Writes are atomic and durable as in comment-store.ts. */
export interface SiteStore {
  /** False where the id is taken. */
  create(site: Site, audited?: Audited): Promise<boolean>;
  /** The site as stored; adapters may answer from memory as long as a write through any instance shows within 1 s. */
  find(id: string): Promise<Site | null>;
  /** The site as it stands in the store, past any memory: what a change is made from. */
  standing(id: string): Promise<Site | null>;
  /** Ids of all sites, in order. */
  ids(): Promise<string[]>;
  /** Newest first, only those in `scope` (null: all). */
  list(query: {
    scope: string[] | null;
    before?: string;
    limit: number;
  }): Promise<{ items: Site[]; total: number }>;
  /** Replaces the site where its version is still `expected`; else the version that stands, or null where it is gone. */
  replace(
    site: Site,
    expected: number,
    audited?: Audited,
  ): Promise<{ replaced: true } | { replaced: false; version: number | null }>;
  /**
   * Removes the site with its comments, pages, aliases and counters; false where there is none. Its act is
   * written as the removal begins, and one that is cut off is gone on with.
   */
  remove(id: string, audited?: Audited): Promise<boolean>;

  /**
   * The page behind a reference (`u:{canonical URL}` or `i:{page id}`), aliases followed; null where none is known.
   */
  findPage(site: string, reference: string): Promise<Page | null>;
  findPagesByKey(site: string, keys: string[]): Promise<Page[]>;
  /**
   * At most `limit` pages in the order of `sort`, greatest first, strictly beyond `from`; those that an alias
   * joined to another are in no list. Brought up to date as the directory of authors is.
   */
  listPages(query: PageListQuery): Promise<ListedPage[]>;
  /** How many `listPages` would find over all pages, counted no further than `cap`. */
  countPages(filter: PageListFilter, cap: number): Promise<number>;
  /**
   * At most `limit` of a site's pages in the order of their keys, strictly beyond `after` ('' for the first);
   * fewer where some are joined to another by an alias and left out. `next` is where to go on, null at the end.
   */
  walkPages(query: {
    site: string;
    after: string;
    limit: number;
  }): Promise<{ pages: Page[]; next: string | null }>;
  /**
   * Makes the page known by these names where it is not, under `key` where nothing of it is known, and adds what
   * it lacks of a title, an address or an id; the page as it then is. Of two that are known, the id's page.
   */
  ensurePage(page: Pick<Page, 'site' | 'key' | 'url' | 'id' | 'title'>): Promise<Page>;
  /**
   * Changes a page where its version is still `expected`. A new address or id leads to it from now on;
   * earlier ones go on doing so, and comments keep their page.
   */
  updatePage(
    page: { site: string; key: string },
    patch: PagePatch,
    on: { expected: number } & Audited,
  ): Promise<PageUpdate>;

  /**
   * Makes `alias.alias` another address of the page at `target` (created where unknown). Comments that
   * stand under the alias move to the page with their counts, in steps between which others write;
   * fulfilled once all have arrived. `moved` is how many, without deleted ones.
   * `loop` where the target is itself reached through the alias; then, and where it stands already, there is
   * no act either.
   */
  addAlias(alias: Alias, target: Page, audited?: Audited): Promise<AliasResult>;
  /** Newest first. */
  aliases(query: {
    site: string;
    before?: string;
    limit: number;
  }): Promise<{ items: Alias[]; total: number }>;
  /**
   * Parts the alias at this page's address from where it leads; comments stay where they are. Where other aliases lead
   * to the address, it is this page from now on, made where it was none. False where there is no such alias.
   */
  removeAlias(own: Page, audited?: Audited): Promise<boolean>;
}

export const urlReference = (canonicalUrl: string): string => `u:${canonicalUrl}`;
export const idReference = (pageId: string): string => `i:${pageId}`;
