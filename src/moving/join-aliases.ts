import type { Deps } from '../deps.ts';
import { NO_RULES, type Site } from '../sites/site.ts';
import { urlReference } from '../sites/site-store.ts';
import type { ImportedPage } from './imported-pages.ts';

/** Another address of a page of a file. */
export interface ImportedAlias {
  /** Canonical. */
  alias: string;
  page: ImportedPage;
}

type AliasDeps = Pick<Deps, 'sites' | 'ids' | 'clock'>;

/** Joins it, unless it leads somewhere already: to this page or another, that stays. */
async function joinOne(deps: AliasDeps, site: Site, { alias, page }: ImportedAlias): Promise<void> {
  const { url } = page.names;
  if (url === null || (await deps.sites.findPage(site.id, urlReference(alias)))) return;
  const known = await deps.sites.findPage(site.id, urlReference(url));
  const target = known ?? { site: site.id, key: page.key, ...page.names, ...NO_RULES };
  const createdAt = deps.clock.now();
  const id = deps.ids.next(createdAt);
  await deps.sites.addAlias({ id, site: site.id, alias, page: url, createdAt }, target);
}

/** Joins other addresses to their pages, those that are not known yet too. Doing it again changes nothing. */
export async function joinAliases(deps: AliasDeps, site: Site, aliases: ImportedAlias[]): Promise<void> {
  const byAlias = new Map(aliases.map((one) => [one.alias, one]));
  const isChain = aliases.some(({ page }) => page.names.url !== null && byAlias.has(page.names.url));
  const all = [...byAlias.values()];
  // One after another where one may lead to the next: whether they lead in a circle is seen only then.
  if (isChain) for (const one of all) await joinOne(deps, site, one);
  else await Promise.all(all.map((one) => joinOne(deps, site, one)));
}
