import { LRUCache } from 'lru-cache';
import { homeOfId } from '../../ids.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import type { Site } from '../../sites/site.ts';
import type { SiteStore } from '../../sites/site-store.ts';
import { addAct, replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import type { CommentDoc } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { SiteDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import { eventsOf, keepActs } from './fold-events.ts';
import { JOURNAL_ID } from './journal.ts';
import { pageId } from './page-writes.ts';
import { type Pages, pageOf } from './pages.ts';
import type { Terms } from './search/terms.ts';
import type { Stamps } from './stamps.ts';

export interface MongoSites
  extends Omit<
    SiteStore,
    'addAlias' | 'aliases' | 'removeAlias' | 'listPages' | 'countPages' | 'ensurePage' | 'updatePage'
  > {
  forget(site: string): void;
  /** Finishes the removals that a crash cut off. */
  resume(): Promise<void>;
}

const KEPT_SITES = 2000;
const CHUNK = 1000;
const LOOK_AGAIN_MS = 20;

const siteOf = (doc: SiteDoc): Site => {
  const { _id: id, removing: _, ...rest } = withoutActs(doc);
  return { id, ...rest };
};
const STANDING = { removing: { $exists: false } };

export interface SiteParts {
  pages: Pages;
  stamps: Stamps;
  terms: Pick<Terms, 'release'>;
  acts: Acts;
}

/** See site-store.ts. Sites in use are kept in memory while the stamps of other instances are heard. */
export function createSites(database: Database, { pages, stamps, terms, acts }: SiteParts): MongoSites {
  const { sites, comments, counters, journal } = database;
  const kept = new LRUCache<string, Site>({ max: KEPT_SITES });
  const epochs = new Map<string, number>();
  let keptIds: string[] | null = null;
  /** Rises with every change of a site that is heard. */
  let changes = 0;

  async function removeComments(site: string): Promise<void> {
    for (;;) {
      const found = await comments
        .find({ site })
        .project<Pick<CommentDoc, '_id' | 'tail' | 'words'>>({ 'tail.event': 1, words: 1 })
        .hint('queue-of-site')
        .limit(CHUNK)
        .toArray();
      if (found.length === 0) return;
      // What people did and the fold has not handed on yet outlives the comments it was done to.
      await keepActs(database.audit, eventsOf(found, []));
      const ids = found.map((one) => one._id);
      const home = { $in: [...new Set(ids.map(homeOfId))] };
      await comments.deleteMany({ _id: { $in: ids }, site, home }, { writeConcern: DURABLE });
      await terms.release([...new Set(found.flatMap(({ words = [] }) => words))], []);
    }
  }

  /**
   * A batch under way may still move the site's counters: it is waited for. A number of the journal's is
   * then used up, so that a batch which was gathered before the comments went can't begin any more.
   */
  async function foldedWithout(): Promise<void> {
    while (await journal.findOne({ _id: JOURNAL_ID }, { projection: { _id: 1 } })) {
      const used = await journal.updateOne({ _id: JOURNAL_ID, state: 'done' }, { $inc: { seq: 1 } });
      if (used.matchedCount === 1) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async function removeRest(site: string): Promise<void> {
    const options = { writeConcern: DURABLE };
    // What a crash left in documents that go with the site.
    await acts.sweep();
    await removeComments(site);
    await foldedWithout();
    // '0' is the character after '/': everything that begins with the site's name and a slash.
    for (const kind of ['p', 'a']) {
      await counters.deleteMany({ _id: { $gt: `${kind}/${site}/`, $lt: `${kind}/${site}0` } }, options);
    }
    await counters.deleteOne({ _id: `s/${site}` }, options);
    await database.tallies.deleteMany({ _id: { $gt: `${site}/`, $lt: `${site}0` } }, options);
    await database.votes.deleteMany({ _id: { $gt: `${site}/`, $lt: `${site}0` } }, options);
    await database.duplicates.deleteMany({ site }, options);
    await database.references.deleteMany({ site }, options);
    await database.aliases.deleteMany({ site }, options);
    await database.wordlists.deleteOne({ _id: site }, options);
    await database.lessons.deleteMany({ site }, options);
    await database.learnt.deleteMany({ _id: { $in: [site, EVERY_SITE] } }, options);
    await database.pages.deleteMany({ _id: { $gt: `${site}/`, $lt: `${site}0` } }, options);
    await database.pageFacts.deleteMany({ _id: { $gt: `${site}/`, $lt: `${site}0` } }, options);
    await database.imports.deleteMany({ site }, options);
    await database.copies.deleteMany({ site }, options);
    await database.subscriptions.deleteMany({ site }, options);
    await database.identitySecrets.deleteOne({ _id: site }, options);
    await database.identityLinks.deleteMany({ site }, options);
    await database.standings.deleteMany({ site }, options);
    await database.authors.deleteMany({ site }, options);
    await sites.deleteOne({ _id: site, removing: true }, options);
    stamps.publish([
      { kind: 'site', site },
      { kind: 'standings', site },
    ]);
  }

  return {
    async create({ id, ...rest }, audited) {
      try {
        await sites.insertOne(withAct({ _id: id, ...rest }, audited), { writeConcern: DURABLE });
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      await acts.tell('sites', id, audited);
      stamps.publish([{ kind: 'site', site: id }]);
      return true;
    },
    async find(id) {
      const known = stamps.fresh() ? kept.get(id) : undefined;
      if (known) return known;
      const epoch = epochs.get(id);
      const doc = await sites.findOne({ _id: id, ...STANDING });
      if (!doc) return null;
      const site = siteOf(doc);
      // A change that was heard while the site was being read must not be undone by keeping it.
      if (epochs.get(id) === epoch) kept.set(id, site);
      return site;
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
        await acts.tell('sites', id, audited);
        stamps.publish([{ kind: 'site', site: id }]);
        return { replaced: true };
      }
      const doc = await sites.findOne({ _id: id, ...STANDING }, { projection: { version: 1 } });
      return { replaced: false, version: doc?.version ?? null };
    },
    async remove(id, audited) {
      const { matchedCount } = await sites.updateOne(
        { _id: id, ...STANDING },
        { $set: { removing: true }, ...addAct(audited) },
        { writeConcern: DURABLE },
      );
      if (matchedCount === 0) return false;
      await acts.tell('sites', id, audited);
      stamps.publish([{ kind: 'site', site: id }]);
      await removeRest(id);
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
      epochs.set(site, (epochs.get(site) ?? 0) + 1);
      kept.delete(site);
      changes += 1;
      keptIds = null;
    },
    async resume() {
      for (const { _id } of await sites.find({ removing: true }).toArray()) await removeRest(_id);
    },
  };
}
