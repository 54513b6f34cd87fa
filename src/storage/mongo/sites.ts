import { LRUCache } from 'lru-cache';
import type { Site } from '../../sites/site.ts';
import type { SiteStore } from '../../sites/site-store.ts';
import { addAct, replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE } from './database.ts';
import type { SiteDoc } from './documents.ts';
import { createEpochs } from './epochs.ts';
import { isDuplicateKey } from './failures.ts';
import { pageId } from './page-writes.ts';
import { type Pages, pageOf } from './pages.ts';
import { type SiteRemoval, STANDING } from './site-removal.ts';
import type { Stamps } from './stamps.ts';

export interface MongoSites
  extends Omit<
    SiteStore,
    'addAlias' | 'aliases' | 'removeAlias' | 'listPages' | 'countPages' | 'ensurePage' | 'updatePage'
  > {
  /** Forgets what is kept in memory of the site, or of all. */
  forget(site?: string): void;
}

const KEPT_SITES = 2000;

const siteOf = (doc: SiteDoc): Site => {
  const { _id: id, removing: _, removingAt: __, ...rest } = withoutActs(doc);
  return { id, ...rest };
};

export interface SiteParts {
  pages: Pages;
  stamps: Stamps;
  removal: Pick<SiteRemoval, 'run'>;
  acts: Acts;
}

/** See site-store.ts. Sites in use are kept in memory while the stamps of other instances are heard. */
export function createSites(database: Database, { pages, stamps, removal, acts }: SiteParts): MongoSites {
  const { sites } = database;
  const kept = new LRUCache<string, Site>({ max: KEPT_SITES });
  const epochs = createEpochs();
  let keptIds: string[] | null = null;
  /** Rises with every change of a site that is heard. */
  let changes = 0;

  return {
    async create({ id, ...rest }, audited) {
      try {
        await sites.insertOne(withAct({ _id: id, ...rest }, audited), { writeConcern: DURABLE });
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      await acts.tell('sites', id, audited, stamps.publish([{ kind: 'site', site: id }]));
      return true;
    },
    async find(id) {
      const known = stamps.fresh() ? kept.get(id) : undefined;
      if (known) return known;
      const epoch = epochs.of(id);
      const doc = await sites.findOne({ _id: id, ...STANDING });
      if (!doc) return null;
      const site = siteOf(doc);
      // A change that was heard while the site was being read must not be undone by keeping it.
      if (epochs.of(id) === epoch) kept.set(id, site);
      return site;
    },
    async standing(id) {
      const doc = await sites.findOne({ _id: id, ...STANDING });
      return doc && siteOf(doc);
    },
    async ids() {
      if (keptIds && stamps.fresh()) return [...keptIds];
      const at = changes;
      const docs = await sites.find(STANDING).project<{ _id: string }>({ _id: 1 }).sort({ _id: 1 }).toArray();
      const ids = docs.map((doc) => doc._id);
      // As with a site: what was heard meanwhile may have made another of it.
      if (at === changes) keptIds = ids;
      return [...ids];
    },
    async list({ scope, before, limit }) {
      const visible = scope === null ? STANDING : { ...STANDING, _id: { $in: scope } };
      const last = before === undefined ? null : await sites.findOne({ _id: before });
      const beyond = last
        ? {
            $or: [
              { createdAt: { $lt: last.createdAt } },
              { createdAt: last.createdAt, _id: { $lt: last._id } },
            ],
          }
        : {};
      const [docs, total] = await Promise.all([
        sites
          .find({ $and: [visible, beyond] })
          .sort({ createdAt: -1, _id: -1 })
          .limit(limit)
          .toArray(),
        sites.countDocuments(visible),
      ]);
      return { items: docs.map(siteOf), total };
    },
    async replace({ id, ...rest }, expected, audited) {
      const standing = { _id: id, version: expected, ...STANDING };
      const { matchedCount } = await sites.updateOne(standing, replaceWith(rest, audited), {
        writeConcern: DURABLE,
      });
      if (matchedCount === 1) {
        await acts.tell('sites', id, audited, stamps.publish([{ kind: 'site', site: id }]));
        return { replaced: true };
      }
      const doc = await sites.findOne({ _id: id, ...STANDING }, { projection: { version: 1 } });
      return { replaced: false, version: doc?.version ?? null };
    },
    async remove(id, audited) {
      const { matchedCount } = await sites.updateOne(
        { _id: id, ...STANDING },
        { $set: { removing: true }, $currentDate: { removingAt: true }, ...addAct(audited) },
        { writeConcern: DURABLE },
      );
      if (matchedCount === 0) return false;
      await acts.tell('sites', id, audited, stamps.publish([{ kind: 'site', site: id }]));
      await removal.run(id);
      return true;
    },
    findPage: (site, reference) => pages.follow(site, reference),
    findPagesByKey: (site, keys) => pages.byKeys(site, keys),
    async walkPages({ site, after, limit }) {
      // '0' is the character after '/': everything that begins with the site's name and a slash.
      const docs = await database.pages
        .find({ _id: { $gt: pageId(site, after), $lt: `${site}0` } })
        .sort({ _id: 1 })
        .hint({ _id: 1 })
        .limit(limit)
        .toArray();
      return {
        pages: docs.filter(({ joined }) => joined === undefined).map(pageOf),
        next: docs.length < limit ? null : (docs.at(-1)?.key ?? null),
      };
    },
    forget(site) {
      epochs.rise(site);
      if (site === undefined) kept.clear();
      else kept.delete(site);
      changes += 1;
      keptIds = null;
    },
  };
}
