import type { Deps } from '../deps.ts';
import { canonicalUrl } from '../sites/canonical-url.ts';
import type { Site } from '../sites/site.ts';
import type { HashSet } from './hash-set.ts';
import { type ImportedPage, type ImportedPages, lineOf, MOST_PAGE_ID } from './imported-pages.ts';
import { type ImportedAlias, joinAliases } from './join-aliases.ts';
import type { PageRecord } from './legacy.ts';
import type { ImportTally } from './tally-import.ts';

export interface PagePlaceParts {
  deps: Pick<Deps, 'sites' | 'ids' | 'clock'>;
  site: Site;
  pages: ImportedPages;
  tally: ImportTally;
  /** Pages of hosts that the site does not have, and that was said of. */
  foreign: HashSet;
  isDryRun: boolean;
}

/** Writes what a file says of pages apart from its comments. Doing it again changes nothing. */
export function createPagePlacing({ deps, site, pages, tally, foreign, isDryRun }: PagePlaceParts) {
  const ensure = (page: ImportedPage, names: Partial<ImportedPage['names']> = {}) =>
    deps.sites.ensurePage({ site: site.id, key: page.key, ...page.names, ...names });

  /** What somebody has said of the page here goes before what the file says. */
  async function placeRules(page: ImportedPage, rules: (PageRecord & { kind: 'page' })['rules']): Promise<void> {
    const { key, version } = await ensure(page);
    const said = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== null));
    if (version > 1 || Object.keys(said).length === 0) return;
    await deps.sites.updatePage({ site: site.id, key }, said, version);
  }

  /** Writes the record; the addresses that are to lead to its page. */
  async function place(record: PageRecord, page: ImportedPage): Promise<ImportedAlias[]> {
    if (record.kind === 'page') {
      await placeRules(page, record.rules);
      return page.aliases.map((alias) => ({ alias, page }));
    }
    if ('url' in record.alias) {
      const alias = canonicalUrl(record.alias.url, site.policy.pages);
      return alias && alias.identity !== page.names.url ? [{ alias: alias.identity, page }] : [];
    }
    const id = lineOf(record.alias.id, MOST_PAGE_ID);
    // A second id of a page is known by its address alone.
    if (id !== null && page.names.url !== null) {
      await ensure(page);
      await ensure(page, { id });
    }
    return [];
  }

  return async (records: (PageRecord & { line: number })[]): Promise<void> => {
    const found: [PageRecord, ImportedPage][] = [];
    for (const record of records) {
      const page = await pages.find(record.page);
      if (page === null) {
        tally.problem(record.line, null, 'no-page');
        continue;
      }
      tally.page(record.page.id ?? record.page.url ?? '');
      if (!page.isOfSite && foreign.add(page.key)) tally.problem(record.line, null, 'not-of-site');
      found.push([record, page]);
    }
    if (isDryRun) return;
    const aliases = await Promise.all(found.map(([record, page]) => place(record, page)));
    await joinAliases(deps, site, aliases.flat());
  };
}
