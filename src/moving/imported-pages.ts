import type { Deps } from '../deps.ts';
import { canonicalUrl, isHostOfSite } from '../sites/canonical-url.ts';
import { newPageKey } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import { idReference, urlReference } from '../sites/site-store.ts';
import type { LegacyPage } from './legacy.ts';
import { lineOf } from './stored-lines.ts';
import type { TellingPages } from './telling-pages.ts';

/** A page of the file as it is named here. */
export interface ImportedPage {
  key: string;
  names: { url: string | null; id: string | null; title: string | null };
  /** Canonical. */
  aliases: string[];
  /** Its host is one of the site's; without that it is kept, but no reader finds it. */
  isOfSite: boolean;
}

export interface ImportedPages {
  /** Null where it has no address that means anything. */
  find(page: LegacyPage): Promise<ImportedPage | null>;
  /**
   * The page as an answer names it to what stands on the page `key`: not at all where that is another one, or the
   * first answer of a page would have all of it taken for the other.
   */
  asAnswered(page: ImportedPage, key: string): Promise<ImportedPage>;
}

type Names = Pick<Page, 'url' | 'id'>;
const NO_NAMES = { url: null, id: null, title: null };

/** Whether these are names of two pages. Of an address and an id nobody can tell. */
const areApart = (one: Names, other: Names): boolean =>
  one.id !== null && other.id !== null
    ? one.id !== other.id
    : one.url !== null && other.url !== null && one.url !== other.url;

const MOST_KEPT = 5000;
/** Characters. */
export const MOST_PAGE_ID = 200;

export function createImportedPages(
  deps: Pick<Deps, 'sites' | 'keys'>,
  site: Site,
  telling: Pick<TellingPages, 'forAll'>,
): ImportedPages {
  const kept = new Map<string, ImportedPage | null>();
  /** The names of pages that may not be in the store yet. */
  const named = new Map<string, Names>();
  const rules = site.policy.pages;

  async function look(written: LegacyPage): Promise<ImportedPage | null> {
    const page = telling.forAll(written);
    const url = page.url === null ? null : canonicalUrl(page.url, rules);
    const id = lineOf(page.id, MOST_PAGE_ID);
    if (url === null && id === null) return null;
    const byId = id === null ? null : await deps.sites.findPage(site.id, idReference(id));
    const known = byId ?? (url && (await deps.sites.findPage(site.id, urlReference(url.identity))));
    const reference = id === null ? urlReference(url?.identity ?? '') : idReference(id);
    const aliases = page.aliases.flatMap((alias) => canonicalUrl(alias, rules)?.identity ?? []);
    return {
      key: known?.key ?? newPageKey(deps.keys, site.id, reference),
      names: { url: url?.identity ?? null, id, title: lineOf(page.title, site.policy.limits.title) },
      aliases: aliases.filter((alias) => alias !== url?.identity),
      isOfSite: url === null || isHostOfSite(url, site.origins, rules),
    };
  }

  return {
    async find(page) {
      // The first title that the file has for a page may come with a later one of its comments.
      const name = JSON.stringify([page.id, page.url, page.title !== null]);
      const before = kept.get(name);
      if (before !== undefined) return before;
      const found = await look(page);
      if (kept.size >= MOST_KEPT) for (const one of [kept, named]) one.clear();
      kept.set(name, found);
      if (found) named.set(found.key, found.names);
      return found;
    },
    async asAnswered(page, key) {
      if (page.key === key) return page;
      const other = named.get(key) ?? (await deps.sites.findPagesByKey(site.id, [key]))[0];
      return other && areApart(page.names, other) ? { ...page, names: NO_NAMES } : page;
    },
  };
}
