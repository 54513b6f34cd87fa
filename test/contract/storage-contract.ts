import type { Storage } from '../../src/storage/storage.ts';
import type { OpenedStore, StoreOptions } from '../support/stores.ts';
import { actsContract } from './suites/acts.ts';
import { aliasMovesContract } from './suites/alias-moves.ts';
import { aliasWaysContract } from './suites/alias-ways.ts';
import { aliasesContract } from './suites/aliases.ts';
import { auditContract } from './suites/audit.ts';
import { authorsContract } from './suites/authors.ts';
import { batchesContract } from './suites/batches.ts';
import { changesContract } from './suites/changes.ts';
import { claimsContract } from './suites/claims.ts';
import { commentsContract as commentSuite } from './suites/comments.ts';
import { countsContract } from './suites/counts.ts';
import { erasureContract } from './suites/erasure.ts';
import { eventsContract } from './suites/events.ts';
import { exportsContract } from './suites/exports.ts';
import { wholeExportsContract } from './suites/exports-whole.ts';
import { filtersContract } from './suites/filters.ts';
import { importFaultsContract } from './suites/import-faults.ts';
import { importsContract } from './suites/imports.ts';
import { lessonsContract } from './suites/lessons.ts';
import { listingContract } from './suites/listing.ts';
import { listingAgainContract } from './suites/listing-again.ts';
import { manyContract } from './suites/many.ts';
import { modelContract } from './suites/model.ts';
import { operatingContract } from './suites/operating.ts';
import { pageListContract } from './suites/page-list.ts';
import { pagesContract } from './suites/pages.ts';
import { queueContract } from './suites/queue.ts';
import { reportsContract } from './suites/reports.ts';
import { requestsContract } from './suites/requests.ts';
import { retentionContract } from './suites/retention.ts';
import { searchContract } from './suites/search.ts';
import { searchCorporaContract } from './suites/search-corpora.ts';
import { sessionsContract } from './suites/sessions.ts';
import { similarContract } from './suites/similar.ts';
import { sitesContract } from './suites/sites.ts';
import { staffContract } from './suites/staff.ts';
import { statsContract } from './suites/stats.ts';
import { subscriptionsContract } from './suites/subscriptions.ts';
import { tokensContract } from './suites/tokens.ts';
import { verifyContract } from './suites/verify.ts';
import { verifyBehindContract } from './suites/verify-behind.ts';
import { visibilityContract } from './suites/visibility.ts';
import { votesContract } from './suites/votes.ts';
import { webhooksContract } from './suites/webhooks.ts';
import { wordlistsContract } from './suites/wordlists.ts';
import { wordpressContract } from './suites/wordpress.ts';

/** A fixed moment for what depends on the store's own clock. */
const NOW = Date.UTC(2026, 5, 1);

type OpenStore = (options?: StoreOptions) => Promise<OpenedStore>;

/** Each suite works on one opened store, each test in it on sites and keys of its own. */
function suitesOver(openStore: OpenStore) {
  const suite = (title: string, define: (opened: () => OpenedStore) => void): void => {
    describe(title, () => {
      let opened: OpenedStore;
      beforeAll(async () => {
        opened = await openStore({ clock: { now: () => NOW } });
      });
      afterAll(() => opened.dispose());
      define(() => opened);
    });
  };
  const onStorage = (title: string, define: (store: () => Storage) => void): void =>
    suite(title, (opened) => define(() => opened().storage));
  return { suite, onStorage };
}

// Everything a store must do, in parts that can run side by side. See docs/writing-a-store.md.

/** Comments, what becomes of them, and that counts stay true. */
export function commentsContract(lane: string, openStore: OpenStore): void {
  const { onStorage } = suitesOver(openStore);
  describe(`the ${lane} store`, () => {
    onStorage('comments', commentSuite);
    onStorage('changes', changesContract);
    onStorage('many changes at once', manyContract);
    onStorage('visibility', visibilityContract);
    onStorage('counts', countsContract);
    onStorage('random acts', modelContract);
  });
}

/** What is shown to readers and moderators, in which order, and what readers say of it. */
export function listsContract(lane: string, openStore: OpenStore): void {
  const { onStorage } = suitesOver(openStore);
  describe(`the ${lane} store`, () => {
    onStorage('lists of a page', listingContract);
    onStorage('how a page begins, read again', listingAgainContract);
    onStorage('the queue', queueContract);
    onStorage('reports', reportsContract);
    onStorage('votes', votesContract);
  });
}

/** What is kept beside the comments and filled in behind them. */
export function behindContract(lane: string, openStore: OpenStore): void {
  const { suite, onStorage } = suitesOver(openStore);
  describe(`the ${lane} store`, () => {
    suite('search', searchContract);
    suite('search among many', searchCorporaContract);
    suite('near copies', similarContract);
    suite('imports', importsContract);
    onStorage('an import that meets faults', importFaultsContract);
    onStorage('exports', exportsContract);
    onStorage('exports of whole sites', wholeExportsContract);
    onStorage('exports for WordPress', wordpressContract);
    suite('the event log', eventsContract);
    suite('webhooks', webhooksContract);
    suite('readers’ wishes for mail', subscriptionsContract);
    suite('the log of lessons', lessonsContract);
  });
}

/** That differences are found and mended. */
export function selfCheckContract(lane: string, openStore: OpenStore): void {
  const { suite } = suitesOver(openStore);
  describe(`the ${lane} store`, () => {
    suite('the self-check', verifyContract);
    suite('the self-check of what is filled in behind', verifyBehindContract);
  });
}

/** Sites, people, and what moderators work with. */
export function deskContract(lane: string, openStore: OpenStore): void {
  const { suite, onStorage } = suitesOver(openStore);
  describe(`the ${lane} store`, () => {
    onStorage('pages', pagesContract);
    onStorage('aliases', aliasesContract);
    onStorage('ways of aliases', aliasWaysContract);
    onStorage('aliases that take many along', aliasMovesContract);
    onStorage('sites', sitesContract);
    onStorage('tokens', tokensContract);
    onStorage('the audit', auditContract);
    onStorage('acts and their entries', actsContract);
    onStorage('moderators', staffContract);
    onStorage('sessions', sessionsContract);
    suite('word lists', wordlistsContract);
    suite('outside filters', filtersContract);
    onStorage('statistics', statsContract);
    onStorage('authors', authorsContract);
    onStorage('the list of pages', pageListContract);
    onStorage('requests', (store) => requestsContract(store, () => NOW));
    onStorage('an erasure', erasureContract);
    onStorage('retention', retentionContract);
    suite('batches', batchesContract);
    suite('claims', claimsContract);
    suite('operating', operatingContract);
  });
}
