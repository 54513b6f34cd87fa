import type { Page } from '../../sites/site.ts';

/** Pages by what names them, kept in memory until something about them changes. */
export interface PageCache {
  get(site: string, reference: string): Page | undefined;
  put(reference: string, page: Page): void;
  dropPage(site: string, key: string): void;
  dropSite(site: string): void;
}

/** Namings kept at most, over all sites. */
const MOST = 10_000;

interface SitePages {
  byReference: Map<string, Page>;
  /** The references of each page, by its key. */
  namings: Map<string, string[]>;
}

export function createPageCache(most = MOST): PageCache {
  const sites = new Map<string, SitePages>();
  let size = 0;

  function forgetAll(): void {
    sites.clear();
    size = 0;
  }

  return {
    get: (site, reference) => sites.get(site)?.byReference.get(reference),
    put(reference, page) {
      if (size >= most) forgetAll();
      let pages = sites.get(page.site);
      if (!pages) {
        pages = { byReference: new Map(), namings: new Map() };
        sites.set(page.site, pages);
      }
      if (!pages.byReference.has(reference)) size += 1;
      pages.byReference.set(reference, page);
      const namings = pages.namings.get(page.key);
      if (namings) namings.push(reference);
      else pages.namings.set(page.key, [reference]);
    },
    dropPage(site, key) {
      const pages = sites.get(site);
      for (const reference of pages?.namings.get(key) ?? []) {
        if (pages?.byReference.delete(reference)) size -= 1;
      }
      pages?.namings.delete(key);
    },
    dropSite(site) {
      size -= sites.get(site)?.byReference.size ?? 0;
      sites.delete(site);
    },
  };
}
