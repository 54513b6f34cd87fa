import type { Deps } from '../deps.ts';
import { encodeBytes, HOME_LENGTH } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import { isBlank } from '../text/normalize.ts';
import type { CanonicalUrl } from './canonical-url.ts';
import { canonicalUrl, isHostOfSite, linkUrl } from './canonical-url.ts';
import type { Page, Site } from './site.ts';
import { NO_RULES } from './site.ts';
import { idReference, urlReference } from './site-store.ts';

/** How a caller names a page: by address, by the publisher's own id, or by both. */
export interface PageName {
  url: string | null;
  id: string | null;
}

/** The key of a page that is first known by that reference: the same on every instance. */
export function newPageKey(keys: Keyring, site: string, reference: string): string {
  return encodeBytes(keys.mac('page', site, reference), HOME_LENGTH);
}

/** The canonical form of a URL on one of the site's own hosts, or null. */
export function pageUrlOf(site: Site, url: string): CanonicalUrl | null {
  const canonical = canonicalUrl(url, site.policy.pages);
  return canonical !== null && isHostOfSite(canonical, site.origins, site.policy.pages) ? canonical : null;
}

/** Why a text that should be an address is none: one with nothing visible in it is not there. */
export const whyNoUrl = (text: string): 'required' | 'invalid-url' =>
  isBlank(text) ? 'required' : 'invalid-url';

/** Why a text is no address of a page of the site. */
export const whyNoPage = (site: Site, text: string): 'required' | 'invalid-url' | 'not-of-site' =>
  canonicalUrl(text, site.policy.pages) === null ? whyNoUrl(text) : 'not-of-site';

/** The page at a canonical URL. On a host that is not the site's only an alias leads anywhere. */
async function findByUrl(
  deps: Pick<Deps, 'sites'>,
  site: Site,
  canonical: CanonicalUrl,
): Promise<Page | null> {
  const page = await deps.sites.findPage(site.id, urlReference(canonical.identity));
  if (!page || isHostOfSite(canonical, site.origins, site.policy.pages)) return page;
  return page.url === canonical.identity ? null : page;
}

/** The page a reader asks for; null where no comment ever named it, or where it is no page of the site. */
export async function findPage(deps: Pick<Deps, 'sites'>, site: Site, name: PageName): Promise<Page | null> {
  if (name.id !== null) return deps.sites.findPage(site.id, idReference(name.id));
  const canonical = name.url === null ? null : canonicalUrl(name.url, site.policy.pages);
  return canonical === null ? null : findByUrl(deps, site, canonical);
}

/** Where a comment goes. */
export interface PostingPlace {
  /** As it is with the comment on it. */
  page: Page;
  /** What the comment says of the page: its address is left out where that is another page's. */
  named: { url: string | null; id: string | null };
}

/**
 * The page a comment goes to, made where it is new; null where the URL is not of the site. The id is the
 * identity where one is given; a URL that was known before the id brings its comments along, unless it is the
 * page of another id: then each id keeps its own thread, and the URL leads where it did.
 */
export async function pageForPosting(
  deps: Pick<Deps, 'sites' | 'keys'>,
  site: Site,
  name: { url: CanonicalUrl | null; id: string | null },
): Promise<PostingPlace | null> {
  const { id } = name;
  const byUrl = name.url === null ? null : await findByUrl(deps, site, name.url);
  const ofSite =
    byUrl !== null || name.url === null || isHostOfSite(name.url, site.origins, site.policy.pages);
  if (!ofSite) return null;
  const byId = id === null ? null : await deps.sites.findPage(site.id, idReference(id));
  const known = byId ?? (id === null || byUrl?.id === null ? byUrl : null);
  const url = byUrl === null || byUrl.key === known?.key ? (name.url?.identity ?? null) : null;
  const named = { url, id };
  if (known) return { page: { ...known, url: known.url ?? url, id: known.id ?? id }, named };
  const reference = id === null ? urlReference(url ?? '') : idReference(id);
  const key = newPageKey(deps.keys, site.id, reference);
  return { page: { site: site.id, key, url, id, title: null, ...NO_RULES }, named };
}

/**
 * Whether what stands on these two pages is one thread: an alias may be taking the comments of one to the other at
 * this moment, and whoever read one of them before it did names the page that is left.
 */
export async function areOneThread(
  deps: Pick<Deps, 'sites'>,
  site: Site,
  keys: readonly [string, string],
): Promise<boolean> {
  if (keys[0] === keys[1]) return true;
  const pages = await deps.sites.findPagesByKey(site.id, [...keys]);
  if (pages.length < keys.length) return false;
  const ends = await Promise.all(pages.map((page) => endOf(deps, page)));
  return ends.every((end) => end !== null && end === ends[0]);
}

/** The key of the page that a page's own name leads to now; null where it has none. */
async function endOf(deps: Pick<Deps, 'sites'>, { site, id, url }: Page): Promise<string | null> {
  const reference = id !== null ? idReference(id) : url !== null ? urlReference(url) : null;
  return reference === null ? null : ((await deps.sites.findPage(site, reference))?.key ?? null);
}

/** A page as answers show it. */
export function presentPage(
  site: Site,
  page: Page | null,
): { url: string | null; title: string | null; id: string | null } {
  if (!page) return { url: null, title: null, id: null };
  return {
    url: page.url === null ? null : linkUrl(page.url, site.origins, site.policy.pages),
    title: page.title,
    id: page.id,
  };
}
