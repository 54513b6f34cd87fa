import type { Difference } from '../../comments/difference.ts';
import { NO_RULES } from '../../sites/site.ts';
import { urlReference } from '../../sites/site-store.ts';
import { lostPageKey } from '../lost-page-key.ts';
import { chunksById } from './chunks.ts';
import type { Database } from './database.ts';
import type { Directory } from './directory.ts';
import type { AliasDoc } from './documents.ts';
import { pageId, referenceId } from './page-writes.ts';
import { aliasId, type Pages } from './pages.ts';
import type { Stamps } from './stamps.ts';

export interface VerifyAliasesParts {
  database: Pick<Database, 'aliases' | 'references' | 'pages' | 'sites'>;
  pages: Pick<Pages, 'create'>;
  directory: Pick<Directory, 'refreshPages'>;
  stamps: Pick<Stamps, 'publish'>;
}

/** Aliases looked at together. */
const CHUNK = 200;
/** A page is there before its alias, but not in one reading: so long we wait and look again. */
const PATIENCE_MS = 400;

/** An alias, and the key that the address still has which it leads to. */
interface Lost {
  alias: AliasDoc;
  key: string | undefined;
}

/** Aliases that lead on to no other alias and to no page: what is written there nobody finds. */
export async function* verifyAliases(
  { database, pages: made, directory, stamps }: VerifyAliasesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { aliases, references, pages, sites } = database;

  async function lostOf(found: AliasDoc[]): Promise<Lost[]> {
    const endOf = ({ site, page }: AliasDoc): string => referenceId(site, urlReference(page));
    const [further, named] = await Promise.all([
      aliases.find({ _id: { $in: found.map(({ site, page }) => aliasId(site, page)) } }).toArray(),
      references.find({ _id: { $in: found.map(endOf) } }).toArray(),
    ]);
    const leading = new Set(further.map(({ _id }) => _id));
    const keys = new Map(named.map(({ _id, key }) => [_id, key]));
    const ids = named.map(({ site, key }) => pageId(site, key));
    const known = await pages
      .find({ _id: { $in: ids } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const there = new Set(known.map(({ _id }) => _id));
    return found.flatMap((alias) => {
      const key = keys.get(endOf(alias));
      const leadsOn =
        leading.has(aliasId(alias.site, alias.page)) ||
        (key !== undefined && there.has(pageId(alias.site, key)));
      return leadsOn ? [] : [{ alias, key }];
    });
  }

  /** Those that are still there after a while, and still lead nowhere. Of a site that is being removed all goes. */
  async function stayingLost(found: Lost[]): Promise<Lost[]> {
    if (found.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    const ids = found.map(({ alias }) => alias._id);
    const lost = await lostOf(await aliases.find({ _id: { $in: ids } }).toArray());
    const removing = await sites
      .find({ _id: { $in: lost.map(({ alias }) => alias.site) }, removing: true })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const going = new Set(removing.map(({ _id }) => _id));
    return lost.filter(({ alias }) => !going.has(alias.site));
  }

  /** Makes the page: under the key that its address has still, or under that of the page which has it. */
  async function mend({ alias: { site, page: url }, key: named }: Lost): Promise<void> {
    const ofSite = { _id: { $gt: `${site}/`, $lt: `${site}0` }, url };
    const key =
      named ??
      (await pages.findOne(ofSite, { projection: { key: 1 } }))?.key ??
      lostPageKey(site, urlReference(url));
    await made.create({ site, key, url, id: null, title: null, ...NO_RULES });
    await directory.refreshPages([pageId(site, key)]);
    stamps.publish([{ kind: 'site', site }]);
  }

  for await (const found of chunksById(aliases, { size: CHUNK })) {
    for (const lost of await stayingLost(await lostOf(found))) {
      if (repair) await mend(lost);
      const { site, alias } = lost.alias;
      yield { what: 'alias', where: `${site} ${alias}`, kept: false, due: true, repaired: repair };
    }
  }
}
