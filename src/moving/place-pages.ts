import type { Deps } from '../deps.ts';
import { canonicalUrl } from '../sites/canonical-url.ts';
import type { PageRules, Site } from '../sites/site.ts';
import type { HashSet } from './hash-set.ts';
import { type ImportedPage, type ImportedPages, MOST_PAGE_ID } from './imported-pages.ts';
import { type ImportedAlias, joinAliases } from './join-aliases.ts';
import type { PageRecord } from './legacy.ts';
import { lineOf } from './stored-lines.ts';
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
  async function placeRules(page: ImportedPage, rules: Omit<PageRules, 'version'>): Promise<void> {
    const { key, version } = await ensure(page);
    const said = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== null));
    if (version > 1 || Object.keys(said).length === 0) return;
    await deps.sites.updatePage({ site: site.id, key }, said, { expected: version });
  }

  /** The address that is to lead to the page. A second id is known at once. */
  async function placeAlias(page: ImportedPage, { alias }: AliasRecord): Promise<ImportedAlias[]> {
    if ('url' in alias) {
      const url = canonicalUrl(alias.url, site.policy.pages);
      return url && url.identity !== page.names.url ? [{ alias: url.identity, page }] : [];
    }
    const id = lineOf(alias.id, MOST_PAGE_ID);
    // A page with two ids is told by its address.
    if (id === null || page.names.url === null) return [];
    await ensure(page);
    await ensure(page, { id });
    return [];
  }

  async function find(record: PageRecord & { line: number }): Promise<ImportedPage | null> {
    const page = await pages.find(record.page);
    if (page === null) {
      tally.problem(record.line, null, 'no-page');
      return null;
    }
    tally.page(record.page.id ?? record.page.url ?? '');
    if (!page.isOfSite && foreign.add(page.key)) tally.problem(record.line, null, 'not-of-site');
    return page;
  }

  /** The aliases that come of the records. Side by side where no two can be of one page. */
  async function each<Kind extends PageRecord & { line: number }>(
    records: Kind[],
    place: (page: ImportedPage, record: Kind) => Promise<ImportedAlias[]>,
  ): Promise<ImportedAlias[]> {
    const placeOne = async (record: Kind): Promise<ImportedAlias[]> => {
      const page = await find(record);
      return page === null || isDryRun ? [] : place(page, record);
    };
    if (areApart(records)) return (await Promise.all(records.map(placeOne))).flat();
    const found: ImportedAlias[] = [];
    for (const record of records) found.push(...(await placeOne(record)));
    return found;
  }

  return async (records: (PageRecord & { line: number })[]): Promise<void> => {
    // Pages first: what leads to one names it by less.
    const ofPages = await each(
      records.filter((record) => record.kind === 'page'),
      async (page, { rules }) => {
        await placeRules(page, rules);
        return page.aliases.map((alias) => ({ alias, page }));
      },
    );
    const others = await each(
      records.filter((record) => record.kind === 'alias'),
      placeAlias,
    );
    await joinAliases(deps, site, [...ofPages, ...others]);
  };
}

type AliasRecord = Extract<PageRecord, { kind: 'alias' }>;

/** Whether no two of the records name the same address or id. */
function areApart(records: PageRecord[]): boolean {
  const names = records
    .flatMap(({ page: { url, id } }) => [url && `u:${url}`, id && `i:${id}`])
    .filter(Boolean);
  return new Set(names).size === names.length;
}
