import type { Deps } from '../deps.ts';
import { createSite, updateSite } from './manage.ts';
import { isLoopback, underLocalNames } from './origins.ts';
import { findPage, newPageKey, pageUrlOf } from './pages.ts';
import type { Page, Site } from './site.ts';
import { NO_RULES } from './site.ts';
import { idReference } from './site-store.ts';

/** An article of the demo, with the site it belongs to. */
export interface DemoPage {
  language: 'en' | 'fa';
  site: Pick<Site, 'id' | 'name' | 'locale' | 'timeZone'>;
  /** The publisher's own id of the article: it stays itself when the service moves to another port. */
  pageId: string;
  title: string;
  /** Where the article is, below the service's address. */
  path: string;
  /** Its short link, joined to it as an alias. */
  shortPath: string;
}

export const DEMO_PAGES: readonly DemoPage[] = [
  {
    language: 'en',
    site: { id: 'demo', name: 'The Harrow Street Paper', locale: 'en', timeZone: 'UTC' },
    pageId: 'night-opening',
    title: 'The library that stays open until two',
    path: '/?lang=en',
    shortPath: '/s/en',
  },
  {
    language: 'fa',
    site: { id: 'demo-fa', name: 'روزنامهٔ نارون', locale: 'fa', timeZone: 'Asia/Tehran' },
    pageId: 'night-opening',
    title: 'کتابخانه‌ای که تا دو بامداد باز است',
    path: '/?lang=fa',
    shortPath: '/s/fa',
  },
];

export interface DemoOptions {
  /** Base of the service's address, without a trailing slash. */
  publicUrl: string;
  /** Further origins the pages are read at, such as the address the server listens on. */
  extraOrigins: string[];
}

async function ensureSite(deps: Deps, demo: DemoPage, origins: string[]): Promise<Site> {
  const current = await deps.sites.find(demo.site.id);
  if (!current) return createSite(deps, { ...demo.site, origins });
  // Of another start, with another port, only what is no address of this machine is worth keeping.
  const kept = current.origins.filter(
    (origin) => !URL.canParse(origin) || !isLoopback(new URL(origin).hostname),
  );
  const wanted = [...new Set([...origins, ...kept])];
  const same =
    wanted.length === current.origins.length && wanted.every((origin) => current.origins.includes(origin));
  return same ? current : updateSite(deps, current.id, { origins: wanted });
}

/** Makes the article's addresses of today and its short links lead to the one page. */
async function joinAddresses(deps: Deps, site: Site, demo: DemoPage, bases: string[]): Promise<void> {
  const known = await findPage(deps, site, { url: null, id: demo.pageId });
  const canonical = (path: string): string[] =>
    bases.flatMap((base) => pageUrlOf(site, base + path)?.identity ?? []);
  const urls = canonical(demo.path);
  const target: Page = known ?? {
    site: site.id,
    key: newPageKey(deps.keys, site.id, idReference(demo.pageId)),
    url: urls[0] ?? null,
    id: demo.pageId,
    title: demo.title,
    ...NO_RULES,
  };
  for (const alias of new Set([...canonical(demo.shortPath), ...urls])) {
    if (alias === target.url || target.url === null) continue;
    const now = deps.clock.now();
    await deps.sites.addAlias(
      { id: deps.ids.next(now), site: site.id, alias, page: target.url, createdAt: now },
      target,
    );
  }
}

/**
 * Makes the demo's two sites where they are missing, lets them take comments from the addresses the
 * service has today, and joins those addresses to their articles. Changes nothing on a second call.
 */
export async function ensureDemo(deps: Deps, { publicUrl, extraOrigins }: DemoOptions): Promise<void> {
  const bases = [...new Set([publicUrl, ...extraOrigins].flatMap(underLocalNames))];
  const origins = [...new Set(bases.map((base) => new URL(base).origin))];
  for (const demo of DEMO_PAGES) {
    const site = await ensureSite(deps, demo, origins);
    await joinAddresses(deps, site, demo, bases);
  }
}
