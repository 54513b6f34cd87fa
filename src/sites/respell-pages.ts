import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { canonicalUrl } from './canonical-url.ts';
import { type SitePatch, updateSite } from './manage.ts';
import { moveOne } from './page-moves.ts';
import type { Site } from './site.ts';
import { urlReference } from './site-store.ts';

type RespellDeps = Pick<Deps, 'sites' | 'exports' | 'ids' | 'clock'>;

/** Pages and references read, and changed, at once. */
const AT_ONCE = 100;

const spelled = (site: Site, address: string): string =>
  canonicalUrl(address, site.policy.pages)?.identity ?? address;

/** Gives each page the address that the rules make of its own; the second of two joins the first. */
async function readdress(deps: RespellDeps, site: Site): Promise<void> {
  for (let after: string | null = ''; after !== null; ) {
    const walked = await deps.sites.walkPages({ site: site.id, after, limit: AT_ONCE });
    await Promise.all(
      walked.pages.map(async (page) => {
        const url = page.url === null ? null : spelled(site, page.url);
        if (url !== null && url !== page.url) await moveOne(deps, { page, url });
      }),
    );
    after = walked.next;
  }
}

/** Has what another address of a page is spelled like now lead there, too: a former one, or an alias. */
async function respell(deps: RespellDeps, site: Site, address: string): Promise<void> {
  const url = spelled(site, address);
  if (url === address) return;
  const page = await deps.sites.findPage(site.id, urlReference(address));
  if (!page || page.url === null) return;
  const there = await deps.sites.findPage(site.id, urlReference(url));
  if (there?.key === page.key) return;
  const now = deps.clock.now();
  const alias = { id: deps.ids.next(now), site: site.id, alias: url, page: page.url, createdAt: now };
  await deps.sites.addAlias(alias, page);
}

/**
 * A page is known by its address as the site's rules spell it. After other rules every address that ever led to a
 * page is spelled by them, so that readers find what was written before: a page gets its new address, and joins the
 * page that is known there already. Doing so again does what is left.
 */
async function respellPages(deps: RespellDeps, site: Site): Promise<void> {
  await readdress(deps, site);
  for (let after = ''; ; ) {
    const references = await deps.exports.walkReferences({ site: site.id, after, limit: AT_ONCE });
    const last = references.at(-1);
    if (last === undefined) return;
    const addresses = references.flatMap((one) => (one.startsWith('u:') ? one.slice(2) : []));
    await Promise.all(addresses.map((address) => respell(deps, site, address)));
    after = last;
  }
}

/** As `updateSite`, and where the patch is about `policy.pages`, with the pages as these rules have them. */
export async function changeSite(deps: RespellDeps, id: string, patch: SitePatch, by?: Actor): Promise<Site> {
  const site = await updateSite(deps, id, patch, by);
  // Also where they stood so before: whoever sends it once more ends what was cut off.
  if (patch.policy === null || patch.policy?.pages !== undefined) await respellPages(deps, site);
  return site;
}
