import { STATUSES } from '../../comments/comment.ts';
import type { Difference } from '../../comments/difference.ts';
import { idReference, urlReference } from '../../sites/site-store.ts';
import { chunksById } from './chunks.ts';
import type { Database } from './database.ts';
import type { PageDoc } from './documents.ts';
import { createMissingPages, type MissingPagesParts } from './missing-pages.ts';
import { pageId, referenceId } from './page-writes.ts';

export interface VerifyPagesParts extends MissingPagesParts {
  database: Pick<Database, 'counters' | 'references' | 'pages' | 'sites'>;
}

/** Counters or pages looked at together. */
const CHUNK = 200;

interface Known {
  site: string;
  key: string;
}

/**
 * Pages that comments stand on and that are not there, and pages that their address or id does not lead to. An address
 * that leads to no page is nothing wrong: it is written first, and the next comment there makes the page.
 */
export async function* verifyPages(
  parts: VerifyPagesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { counters, references, pages } = parts.database;
  const missing = createMissingPages(parts);

  async function lostOf(known: Known[]): Promise<Known[]> {
    const there = await missing.there(known.map(({ site, key }) => pageId(site, key)));
    return known.filter(({ site, key }) => !there.has(pageId(site, key)));
  }

  const referencesOf = ({ url, id }: Pick<PageDoc, 'url' | 'id'>): string[] => [
    ...(url ? [urlReference(url)] : []),
    ...(id ? [idReference(id)] : []),
  ];

  async function namelessOf(docs: PageDoc[]): Promise<{ page: PageDoc; reference: string }[]> {
    const all = docs.flatMap((page) => referencesOf(page).map((reference) => ({ page, reference })));
    const ids = all.map(({ page, reference }) => referenceId(page.site, reference));
    const found = await references
      .find({ _id: { $in: ids } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const there = new Set(found.map(({ _id }) => _id));
    return all.filter(({ page, reference }) => !there.has(referenceId(page.site, reference)));
  }

  /** By what leads to it still: of several the least, since nothing tells which came first. */
  async function mendPage({ site, key }: Known): Promise<void> {
    const named = await references.find({ site, key }).hint('references-of-site').sort({ _id: 1 }).toArray();
    const first = (sign: string) => {
      const start = referenceId(site, sign);
      return named.find(({ _id }) => _id.startsWith(start))?._id.slice(start.length) ?? null;
    };
    await missing.make({ site, key, url: first('u:'), id: first('i:') });
  }

  async function* told(known: Known[]): AsyncGenerator<Difference> {
    const suspects = await lostOf(known);
    if (suspects.length === 0) return;
    await missing.later();
    for (const one of await missing.ofStanding(await lostOf(suspects))) {
      if (repair) await mendPage(one);
      const where = pageId(one.site, one.key);
      yield { what: 'lost-page', where, kept: false, due: true, repaired: repair };
    }
  }

  async function* lostPages(): AsyncGenerator<Difference> {
    // From the first counter of a page on; those of sites come after.
    const filter = { _id: { $gt: 'p/' }, $or: STATUSES.map((status) => ({ [status]: { $gt: 0 } })) };
    const query = { filter, projection: { _id: 1 as const }, size: CHUNK };
    for await (const scopes of chunksById(counters, query)) {
      const ofPages = scopes.map(({ _id }) => _id.split('/')).filter(([family]) => family === 'p');
      yield* told(ofPages.map(([, site = '', key = '']) => ({ site, key })));
      if (ofPages.length < scopes.length) break;
    }
  }

  async function* lostReferences(): AsyncGenerator<Difference> {
    for await (const docs of chunksById(pages, { size: CHUNK })) {
      const suspects = await namelessOf(docs);
      if (suspects.length === 0) continue;
      await missing.later();
      const again = await pages.find({ _id: { $in: suspects.map(({ page }) => page._id) } }).toArray();
      for (const { page, reference } of await namelessOf(await missing.ofStanding(again))) {
        const { site, key, url, id } = page;
        if (repair) await missing.make({ site, key, url, id });
        yield {
          what: 'reference',
          where: `${pageId(site, key)} ${reference}`,
          kept: false,
          due: true,
          repaired: repair,
        };
      }
    }
  }

  yield* lostPages();
  yield* lostReferences();
}
