import type { Difference } from '../../comments/difference.ts';
import { urlReference } from '../../sites/site-store.ts';
import { lostPageKey } from '../lost-page-key.ts';
import { chunksById } from './chunks.ts';
import type { Database } from './database.ts';
import type { AliasDoc } from './documents.ts';
import { createMissingPages, type MissingPagesParts } from './missing-pages.ts';
import { pageId, referenceId } from './page-writes.ts';
import { aliasId } from './pages.ts';

export interface VerifyAliasesParts extends MissingPagesParts {
  database: Pick<Database, 'aliases' | 'references' | 'pages' | 'sites'>;
}

/** Aliases looked at together. */
const CHUNK = 200;

/** An alias, and the key that the address still has which it leads to. */
interface Lost {
  site: string;
  alias: AliasDoc;
  key: string | undefined;
}

/** Aliases that lead on to no other alias and to no page: what is written there nobody finds. */
export async function* verifyAliases(
  parts: VerifyAliasesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { aliases, references, pages } = parts.database;
  const missing = createMissingPages(parts);

  async function lostOf(found: AliasDoc[]): Promise<Lost[]> {
    const endOf = ({ site, page }: AliasDoc): string => referenceId(site, urlReference(page));
    const [further, named] = await Promise.all([
      aliases.find({ _id: { $in: found.map(({ site, page }) => aliasId(site, page)) } }).toArray(),
      references.find({ _id: { $in: found.map(endOf) } }).toArray(),
    ]);
    const leading = new Set(further.map(({ _id }) => _id));
    const keys = new Map(named.map(({ _id, key }) => [_id, key]));
    const there = await missing.there(named.map(({ site, key }) => pageId(site, key)));
    return found.flatMap((alias) => {
      const key = keys.get(endOf(alias));
      const leadsOn =
        leading.has(aliasId(alias.site, alias.page)) ||
        (key !== undefined && there.has(pageId(alias.site, key)));
      return leadsOn ? [] : [{ site: alias.site, alias, key }];
    });
  }

  /** Those that are still there after a while, and still lead nowhere. Of a site that is being removed all goes. */
  async function stayingLost(found: Lost[]): Promise<Lost[]> {
    if (found.length === 0) return [];
    await missing.later();
    const ids = found.map(({ alias }) => alias._id);
    const lost = await lostOf(await aliases.find({ _id: { $in: ids } }).toArray());
    return missing.ofStanding(lost);
  }

  /** Makes the page: under the key that its address has still, or under that of the page which has it. */
  async function mend({ site, alias: { page: url }, key: named }: Lost): Promise<void> {
    const ofSite = { _id: { $gt: `${site}/`, $lt: `${site}0` }, url };
    const key =
      named ??
      (await pages.findOne(ofSite, { projection: { key: 1 } }))?.key ??
      lostPageKey(site, urlReference(url));
    await missing.make({ site, key, url, id: null });
  }

  for await (const found of chunksById(aliases, { size: CHUNK })) {
    for (const lost of await stayingLost(await lostOf(found))) {
      if (repair) await mend(lost);
      const where = `${lost.site} ${lost.alias.alias}`;
      yield { what: 'alias', where, kept: false, due: true, repaired: repair };
    }
  }
}
