import type { Page } from '../../../src/sites/site.ts';
import { createCountReader } from '../../../src/storage/mongo/counters.ts';
import type { Database } from '../../../src/storage/mongo/database.ts';
import { createJournalReader } from '../../../src/storage/mongo/journal.ts';
import { createPageFacts } from '../../../src/storage/mongo/page-facts.ts';
import { pageId } from '../../../src/storage/mongo/page-writes.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** A page's entry of the directory that is worked out while the page goes, step by step. */

const own = ownDatabase();
let store: Storage;

beforeAll(async () => {
  store = await own.open();
});

const entries = ({ site, key }: Page): Promise<number> =>
  own.database.pageFacts.countDocuments({ _id: pageId(site, key) });

/** A page with a comment that is folded, and no entry in the directory. */
async function written(): Promise<Page> {
  const at = page(freshSite(), 'https://news.example/going');
  await store.sites.create(site(at.site));
  await post(store, at);
  await until('its entry', async () => (await entries(at)) === 1);
  await until('the end of the fold', async () => (await own.database.directoryTodo.countDocuments()) === 0);
  await own.database.pageFacts.deleteOne({ _id: pageId(at.site, at.key) });
  return at;
}

/** Works the entry out as ever, with something done between its reading and its writing. */
async function refresh({ site, key }: Page, meanwhile: () => Promise<unknown>): Promise<void> {
  let hasHappened = false;
  const pageFacts: Database['pageFacts'] = Object.create(own.database.pageFacts, {
    bulkWrite: {
      value: async (...given: Parameters<Database['pageFacts']['bulkWrite']>) => {
        if (!hasHappened) await meanwhile();
        hasHappened = true;
        return own.database.pageFacts.bulkWrite(...given);
      },
    },
  });
  const counts = createCountReader(own.database, createJournalReader(own.database));
  await createPageFacts({ ...own.database, pageFacts }, counts).refresh([pageId(site, key)]);
  expect(hasHappened).toBe(true);
}

it('an entry that was read before its site was removed does not stay behind', async () => {
  const at = await written();
  await refresh(at, () => store.sites.remove(at.site));
  expect(await entries(at)).toBe(0);
});

it('nor does one that was read before an alias joined its page to another', async () => {
  const at = await written();
  const target = page(at.site, 'https://news.example/target');
  await refresh(at, () => store.sites.addAlias(alias(at.site, at.url ?? '', target.url ?? ''), target));
  expect(await entries(at)).toBe(0);
  const listed = await store.sites.listPages({ site: at.site, sort: 'recent', limit: 10 });
  expect(listed.map((one) => one.page.key)).toEqual([target.key]);
  expect(await store.sites.countPages({ site: at.site }, 10)).toBe(1);
});
