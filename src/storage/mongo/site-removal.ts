import { homeOfId } from '../../ids.ts';
import { searchWords } from '../../moderation/search.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import type { Acts } from './acts.ts';
import type { CommentDoc } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { PageDoc, SiteDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import { eventsOf, keepActs } from './fold-events.ts';
import { JOURNAL_ID } from './journal.ts';
import { pageId } from './page-writes.ts';
import type { Terms } from './search/terms.ts';
import { createScopeEnd } from './site-scopes.ts';
import type { Stamps } from './stamps.ts';

/**
 * Takes a site away with all that belongs to it. From its mark (`removing`) on there is no such site; but another
 * instance may store a comment until it has heard of that. So it is noted for a day which sites went, and what the
 * fold finds at one of them goes after it.
 */
export interface SiteRemoval {
  /** Takes away what belongs to a site that is marked, then the site. */
  run(site: string): Promise<void>;
  /** Finishes the removals that nobody is at work on any more. */
  resume(): Promise<void>;
  /** Of these sites those that go, or went and did not come again: nothing that is stored there counts. */
  gone(sites: string[]): Promise<Set<string>>;
  /** Takes away what was stored at a site after it went. */
  takeLate(site: string): Promise<void>;
  /** A removal under way is left to whoever holds the data next: the comments of a large site take minutes. */
  stop(): void;
}

export interface SiteRemovalParts {
  database: Database;
  stamps: Pick<Stamps, 'publish'>;
  terms: Pick<Terms, 'release' | 'releaseOf'>;
  acts: Pick<Acts, 'sweep'>;
}

export const STANDING = { removing: { $exists: false } };

const CHUNK = 1000;
const LOOK_AGAIN_MS = 20;
/** How often whoever removes a site says so, and after how long without a word they are gone. Milliseconds. */
const BEAT_MS = 2000;
const LEFT_MS = 6000;

export function createSiteRemoval({ database, stamps, terms, acts }: SiteRemovalParts): SiteRemoval {
  const { sites, removedSites, comments, counters, journal } = database;
  const options = { writeConcern: DURABLE };
  const endScopes = createScopeEnd(database, stamps);
  let stopped = false;

  /** Whether all are gone: not where it was stopped. */
  async function removeComments(site: string): Promise<boolean> {
    for (;;) {
      if (stopped) return false;
      const found = await comments
        .find({ site })
        .project<Pick<CommentDoc, '_id' | 'tail' | 'words'>>({ 'tail.event': 1, words: 1 })
        .hint('queue-of-site')
        .limit(CHUNK)
        .toArray();
      if (found.length === 0) return true;
      // What people did and the fold has not handed on yet outlives the comments it was done to.
      await keepActs(database.audit, eventsOf(found, []));
      const ids = found.map((one) => one._id);
      const words = [
        ...new Set([...found.flatMap((one) => one.words ?? []), ...(await wordsDueOf(site, ids))]),
      ];
      // Before they go: whoever takes over after a crash finds by them what is to be taken from the list.
      await terms.releaseOf(site, words);
      const home = { $in: [...new Set(ids.map(homeOfId))] };
      await comments.deleteMany({ _id: { $in: ids }, site, home }, options);
      // Once more: who fills in may have put them back while the comments still had them.
      await terms.release(words, []);
    }
  }

  /** Words that were about to be filled in: where a crash came in between, the list has them already. */
  async function wordsDueOf(site: string, ids: string[]): Promise<string[]> {
    const due = await comments
      .find({ _id: { $in: ids }, wordsDue: { $exists: true } })
      .project<Pick<CommentDoc, 'page' | 'text' | 'author'>>({ page: 1, text: 1, author: 1 })
      .toArray();
    const pageIds = [...new Set(due.map(({ page }) => pageId(site, page)))];
    const pages = await database.pages
      .find({ _id: { $in: pageIds } })
      .project<Pick<PageDoc, '_id' | 'title'>>({ title: 1 })
      .toArray();
    const titles = new Map(pages.map(({ _id, title }) => [_id, title]));
    return due.flatMap((one) => searchWords(one, titles.get(pageId(site, one.page)) ?? null));
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

  /** Whether all of it is gone: not where it was stopped. */
  async function removeRest(site: string): Promise<boolean> {
    // What a crash left in documents that go with the site.
    await acts.sweep();
    await endScopes(site);
    await removedSites.updateOne({ _id: site }, { $currentDate: { at: true } }, { ...options, upsert: true });
    if (!(await removeComments(site))) return false;
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
    return true;
  }

  /** While it lasts nobody else takes the removal over; where it fails or is stopped somebody may at once. */
  async function run(site: string): Promise<void> {
    const marked = { _id: site, removing: true as const };
    const leave = () => sites.updateOne(marked, { $unset: { removingAt: true } }).catch(() => undefined);
    const beat = setInterval(() => {
      sites.updateOne(marked, { $currentDate: { removingAt: true } }).catch(() => undefined);
    }, BEAT_MS);
    try {
      if (!(await removeRest(site))) await leave();
    } catch (error) {
      await leave();
      throw error;
    } finally {
      clearInterval(beat);
    }
  }

  return {
    run,
    async resume() {
      const isLeft = { $lte: ['$removingAt', { $subtract: ['$$NOW', LEFT_MS] }] };
      while (!stopped) {
        const left = await sites.findOneAndUpdate(
          { removing: true, $expr: isLeft },
          { $currentDate: { removingAt: true } },
          { projection: { _id: 1 }, hint: { removing: 1 }, ...options },
        );
        if (!left) return;
        await run(left._id);
      }
    },
    async gone(asked) {
      const removed = await removedSites.find({ _id: { $in: asked } }).toArray();
      if (removed.length === 0) return new Set();
      const ids = removed.map(({ _id }) => _id);
      const again = await sites
        .find({ _id: { $in: ids }, ...STANDING })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      const standing = new Set(again.map(({ _id }) => _id));
      return new Set(ids.filter((id) => !standing.has(id)));
    },
    async takeLate(site) {
      try {
        // As if it were being removed, so that nobody makes it anew in the middle.
        const mark = { _id: site, removing: true, removingAt: new Date() } as SiteDoc;
        await sites.insertOne(mark, options);
      } catch (error) {
        // It is being removed, or there again.
        if (isDuplicateKey(error)) return;
        throw error;
      }
      await run(site);
    },
    stop() {
      stopped = true;
    },
  };
}
