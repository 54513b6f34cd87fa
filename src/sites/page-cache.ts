import type { Page } from './site.ts';

/** Pages by what names them, kept in memory until something about them changes. */
export interface PageCache {
  get(site: string, reference: string): Page | undefined;
  put(reference: string, page: Page): void;
  /** Reads a page and keeps it, unless it was dropped while it was being read. */
  fill(reference: string, read: () => Promise<Page | null>): Promise<Page | null>;
  /** The same for several pages, each by its own name. */
  fillMany(read: () => Promise<Page[]>, nameOf: (page: Page) => string): Promise<Page[]>;
  dropPage(site: string, key: string): void;
  dropSite(site: string): void;
  dropAll(): void;
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
  /** What was dropped while each page that is being read was read. */
  const reading = new Set<{ all: boolean; sites: Set<string>; pages: Set<string> }>();

  function clear(): void {
    sites.clear();
    size = 0;
  }

  function put(reference: string, page: Page): void {
    if (size >= most) clear();
    let pages = sites.get(page.site);
    if (!pages) {
      pages = { byReference: new Map(), namings: new Map() };
      sites.set(page.site, pages);
    }
    if (!pages.byReference.has(reference)) size += 1;
    pages.byReference.set(reference, page);
    const namings = pages.namings.get(page.key);
    if (!namings) pages.namings.set(page.key, [reference]);
    else if (!namings.includes(reference)) namings.push(reference);
  }

  const fillMany: PageCache['fillMany'] = async (read, nameOf) => {
    const dropped = { all: false, sites: new Set<string>(), pages: new Set<string>() };
    reading.add(dropped);
    try {
      const found = await read();
      for (const page of found) {
        const { site, key } = page;
        const isOld = dropped.all || dropped.sites.has(site) || dropped.pages.has(`${site}/${key}`);
        if (!isOld) put(nameOf(page), page);
      }
      return found;
    } finally {
      reading.delete(dropped);
    }
  };

  return {
    get: (site, reference) => sites.get(site)?.byReference.get(reference),
    put,
    fillMany,
    async fill(reference, read) {
      const pagesOf = async (): Promise<Page[]> => [(await read()) ?? []].flat();
      const [page = null] = await fillMany(pagesOf, () => reference);
      return page;
    },
    dropPage(site, key) {
      for (const { pages } of reading) pages.add(`${site}/${key}`);
      const pages = sites.get(site);
      for (const reference of pages?.namings.get(key) ?? []) {
        if (pages?.byReference.delete(reference)) size -= 1;
      }
      pages?.namings.delete(key);
    },
    dropSite(site) {
      for (const one of reading) one.sites.add(site);
      size -= sites.get(site)?.byReference.size ?? 0;
      sites.delete(site);
    },
    dropAll() {
      for (const one of reading) one.all = true;
      clear();
    },
  };
}
