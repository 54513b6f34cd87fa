import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { recordAct } from '../moderation/record.ts';
import { canonicalUrl } from './canonical-url.ts';
import { newPageKey, pageUrlOf } from './pages.ts';
import type { Alias, Page, Site } from './site.ts';
import { NO_RULES } from './site.ts';
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
  { by, ...given }: { alias: string; page: string; by: Actor },
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
    ...NO_RULES,
  };
  const now = deps.clock.now();
  const { result } = await deps.sites.addAlias(
    { id: deps.ids.next(now), site: site.id, alias: alias.identity, page: url.identity, createdAt: now },
    target,
  );
  if (result === 'loop') throw loop();
  if (result !== 'unchanged') {
    const note = `${alias.identity} → ${url.identity}`;
    await recordAct(deps, { by, action: 'alias-added', site: site.id, note });
  }
  return { added: result === 'unchanged' ? 0 : 1, moved: result === 'moved' ? 1 : 0, errors: [] };
}

/** Parts an address from its page; comments stay where they are. Throws `not-found`. */
export async function removeAlias(
  deps: Deps,
  site: Site,
  { alias, by }: { alias: string; by: Actor },
): Promise<void> {
  const canonical = canonicalUrl(alias, site.policy.pages)?.identity;
  if (canonical === undefined || !(await deps.sites.removeAlias(site.id, canonical)))
    throw new AppError('not-found');
  await recordAct(deps, { by, action: 'alias-removed', site: site.id, note: canonical });
}
