import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { canonicalUrl } from './canonical-url.ts';
import { newPageKey, pageUrlOf } from './pages.ts';
import type { Alias, Page, Site } from './site.ts';
import { urlReference } from './site-store.ts';

export interface AliasView {
  id: string;
  alias: string;
  page: string;
  createdAt: string;
}

export const presentAlias = ({ id, alias, page, createdAt }: Alias): AliasView => ({
  id,
  alias,
  page,
  createdAt: timestamp(createdAt),
});

/** The contract's answer to a POST of aliases. */
export interface AliasesAdded {
  added: number;
  /** Comments' threads that moved to their page. */
  moved: number;
  errors: never[];
}

/**
 * Joins one more address to a page: comments under it move there, and from now on both are one thread.
 * The alias may be of any host (a short link is), the page must be one of the site's.
 * Throws `validation-failed` for bad URLs and for a loop.
 */
export async function addAlias(
  deps: Deps,
  site: Site,
  given: { alias: string; page: string },
): Promise<AliasesAdded> {
  const alias = canonicalUrl(given.alias, site.policy.pages);
  const url = pageUrlOf(site, given.page);
  const errors = [];
  if (alias === null) errors.push({ pointer: '/alias', code: 'invalid-url' as const });
  if (url === null) {
    const isUrl = canonicalUrl(given.page, site.policy.pages) !== null;
    errors.push({ pointer: '/page', code: isUrl ? ('not-of-site' as const) : ('invalid-url' as const) });
  }
  if (alias === null || url === null) throw validationFailed(errors);
  const loop = (): Error => validationFailed([{ pointer: '/alias', code: 'invalid' }]);
  if (alias.identity === url.identity) throw loop();

  const known = await deps.sites.findPage(site.id, urlReference(url.identity));
  const target: Page = known ?? {
    site: site.id,
    key: newPageKey(deps.keys, site.id, urlReference(url.identity)),
    url: url.identity,
    id: null,
    title: null,
  };
  const now = deps.clock.now();
  const { result } = await deps.sites.addAlias(
    { id: deps.ids.next(now), site: site.id, alias: alias.identity, page: url.identity, createdAt: now },
    target,
  );
  if (result === 'loop') throw loop();
  return { added: result === 'unchanged' ? 0 : 1, moved: result === 'moved' ? 1 : 0, errors: [] };
}
