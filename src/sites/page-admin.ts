import type { Counts } from '../comments/counts.ts';
import { NO_COUNTS, pageScope } from '../comments/counts.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { foldQuery } from '../text/words.ts';
import type { PagePatch, PagePosition, PageSort } from './page-rules.ts';
import { pageUrlOf, presentPage, whyNoPage } from './pages.ts';
import type { Moderation } from './policy.ts';
import type { Page, Site } from './site.ts';

/** A page as admins get it. */
export interface PageView {
  key: string;
  site: string;
  url: string | null;
  id: string | null;
  title: string | null;
  counts: Counts;
  /** Null: as the site is. */
  closed: boolean | null;
  moderation: Moderation | null;
  publishedAt: string | null;
  version: number;
}

/** Totals are counted this far. */
const TOTAL_CAP = 10_000;

async function presentPages(deps: Deps, site: Site, pages: Page[]): Promise<PageView[]> {
  const scopeOf = ({ key }: Page): string => pageScope(site.id, key);
  const counts = await deps.comments.counts(pages.map(scopeOf));
  return pages.map((page) => ({
    key: page.key,
    site: site.id,
    ...presentPage(site, page),
    counts: counts.get(scopeOf(page)) ?? NO_COUNTS,
    closed: page.closed,
    moderation: page.moderation,
    publishedAt: page.publishedAt === null ? null : timestamp(page.publishedAt),
    version: page.version,
  }));
}

export interface PagesRequest {
  q?: string;
  sort: PageSort;
  from?: PagePosition;
  limit: number;
}

export interface PagesSlice {
  items: PageView[];
  total: number;
  totalCapped?: true;
  next: PagePosition | null;
}

/** A site's pages: `recent` by their newest comment, `comments` by how many they have. */
export async function listSitePages(deps: Deps, site: Site, request: PagesRequest): Promise<PagesSlice> {
  const { q, sort, from, limit } = request;
  const words = q === undefined ? [] : foldQuery(q);
  // Signs without a letter ask for nothing that a title could hold.
  if (q !== undefined && q.trim() !== '' && words.length === 0) return { items: [], total: 0, next: null };
  const filter = { site: site.id, ...(words.length > 0 && { words }) };
  const found = await deps.sites.listPages({ ...filter, sort, from, limit: limit + 1 });
  const counted = await deps.sites.countPages(filter, TOTAL_CAP + 1);
  const listed = found.slice(0, limit);
  const last = listed.at(-1);
  return {
    items: await presentPages(
      deps,
      site,
      listed.map(({ page }) => page),
    ),
    ...(counted > TOTAL_CAP ? { total: TOTAL_CAP, totalCapped: true } : { total: counted }),
    next:
      found.length > limit && last
        ? { key: last.page.key, value: sort === 'recent' ? last.lastId : last.comments }
        : null,
  };
}

interface CheckedPatch {
  patch: PagePatch;
  errors: FieldError[];
}

/** What is wrong with a new address of a page: that it is none, or no address of the site. */
export function wrongAddress(site: Site, url: string | null | undefined): FieldError[] {
  if (typeof url !== 'string' || pageUrlOf(site, url) !== null) return [];
  return [{ pointer: '/url', code: whyNoPage(site, url) }];
}

/** The address canonical, and what is wrong with it or with taking a name away. */
function checkPatch(site: Site, page: Page, given: PagePatch): CheckedPatch {
  const errors = wrongAddress(site, given.url);
  const patch = { ...given };
  const canonical = typeof given.url === 'string' ? pageUrlOf(site, given.url) : null;
  if (canonical) patch.url = canonical.identity;
  const { url = page.url, id = page.id } = given;
  // Nobody could name such a page any more.
  if (url === null && id === null)
    errors.push({ pointer: given.url === null ? '/url' : '/id', code: 'required' });
  return { patch, errors };
}

/**
 * Changes a page, RFC 7396: absent stays, null gives back what is without it. A new address or id leads to
 * it from now on, and the earlier ones still do. Throws `not-found`, `validation-failed`, `already-exists`
 * where another page has the address or id, `conflict` for a `version` that no longer stands.
 */
export async function updateSitePage(
  deps: Deps,
  site: Site,
  {
    principal,
    key,
    patch: given,
    version,
  }: {
    principal: Principal;
    key: string;
    patch: PagePatch;
    version?: number;
  },
): Promise<PageView> {
  for (;;) {
    const [page] = await deps.sites.findPagesByKey(site.id, [key]);
    if (!page) throw new AppError('not-found');
    const { patch, errors } = checkPatch(site, page, given);
    if (errors.length > 0) throw validationFailed(errors);
    const act = entryOf(deps, {
      by: actorOf(principal),
      action: 'page-updated',
      site: site.id,
      subject: key,
      note: null,
    });
    const expected = version ?? page.version;
    const update = await deps.sites.updatePage({ site: site.id, key }, patch, { expected, act });
    if (update.result === 'not-found') throw new AppError('not-found');
    if (update.result === 'taken') throw new AppError('already-exists');
    if (update.result === 'updated') {
      const [view] = await presentPages(deps, site, [update.page]);
      if (!view) throw new AppError('not-found');
      return view;
    }
    if (version !== undefined)
      throw new AppError('conflict', { extra: { current: { version: update.version } } });
  }
}
