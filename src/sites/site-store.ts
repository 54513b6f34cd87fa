import type { Alias, Page, Site } from './site.ts';

/** Where sites, their pages and aliases are kept. Writes are atomic and durable as in comment-store.ts. */
export interface SiteStore {
  /** False where the id is taken. */
  create(site: Site): Promise<boolean>;
  /** The site as stored; adapters may answer from memory as long as a write through any instance shows within 1 s. */
  find(id: string): Promise<Site | null>;
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
  ): Promise<{ replaced: true } | { replaced: false; version: number | null }>;
  /** Removes the site with its comments, pages, aliases and counters; false where there is none. */
  remove(id: string): Promise<boolean>;

  /**
   * The page behind a reference (`u:{canonical URL}` or `i:{page id}`), aliases followed; null where none is known.
   */
  findPage(site: string, reference: string): Promise<Page | null>;
  findPagesByKey(site: string, keys: string[]): Promise<Page[]>;

  /**
   * Makes `alias.alias` another address of the page at `target` (created where unknown). Comments that
   * stand under the alias move to the page with their counts. `loop` where the target is itself reached
   * through the alias.
   */
  addAlias(alias: Alias, target: Page): Promise<{ result: 'added' | 'moved' | 'unchanged' | 'loop' }>;
  /** Newest first. */
  aliases(query: {
    site: string;
    before?: string;
    limit: number;
  }): Promise<{ items: Alias[]; total: number }>;
  /** The comments stay where they are. False where there is none. */
  removeAlias(site: string, alias: string): Promise<boolean>;
}

export const urlReference = (canonicalUrl: string): string => `u:${canonicalUrl}`;
export const idReference = (pageId: string): string => `i:${pageId}`;
