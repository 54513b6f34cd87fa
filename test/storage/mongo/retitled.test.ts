import type { Page } from '../../../src/sites/site.ts';
import type { Database } from '../../../src/storage/mongo/database.ts';
import { createPageTitles } from '../../../src/storage/mongo/page-titles.ts';
import { createPageWrites, pageId } from '../../../src/storage/mongo/page-writes.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { entry } from '../../support/acts.ts';
import { freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** A page or its title is written, and who wrote it dies before comments and lists know of it. */

const own = ownDatabase();

const WITHOUT = { title: null } as const;

/** A page whose comment is found by all its words. */
async function written(store: Storage, title?: string): Promise<Page> {
  const at = page(freshSite(), 'https://news.example/retitled', title === undefined ? {} : { title });
  await store.sites.create(site(at.site));
  await post(store, at, title === undefined ? { page: WITHOUT } : {});
  await until('its words', async () => (await own.database.comments.countDocuments(filledAt(at))) === 1);
  return at;
}
const filledAt = ({ site, key }: Page) => ({ site, page: key, wordsDue: { $exists: false } });

const foundBy = async (store: Storage, at: Page, q: string): Promise<number> =>
  store.comments.countQueue({ sites: [at.site], status: 'all', q }, 10);

async function expectFound(at: Page, title: string): Promise<void> {
  const next = await own.open();
  await until('the comment by the title', async () => (await foundBy(next, at, title)) === 1);
  const marked = { _id: pageId(at.site, at.key), retitled: { $exists: true } };
  await until('the end of it', async () => (await own.database.pages.countDocuments(marked)) === 0);
  const listed = await next.sites.listPages({ site: at.site, sort: 'recent', words: [[[title]]], limit: 5 });
  expect(listed.map((one) => one.page.key)).toEqual([at.key]);
  const differences: unknown[] = [];
  for await (const one of next.verify({ repair: false })) differences.push(one);
  expect(differences).toEqual([]);
  await next.close();
}

it('an admin’s other title', async () => {
  let isDying = false;
  const failpoint = (name: string): void => {
    if (isDying && name === 'act: written') throw new Error('killed');
  };
  const dying = await own.open({ failpoint });
  const at = await written(dying, 'Formerly');
  isDying = true;
  const act = entry(at.site, { action: 'page-updated' });
  const updating = dying.sites.updatePage(at, { title: 'Quixotically' }, { expected: 1, act });
  await expect(updating).rejects.toThrow('killed');
  isDying = false;
  // As long as what comes of an earlier program is looked for, titles are read as they are.
  await until('it to be missed', async () => (await foundBy(dying, at, 'quixotically')) === 0);
  await dying.close();
  await expectFound(at, 'quixotically');
});

it('the first title, which a comment brings', async () => {
  const dying = await own.open();
  const at = await written(dying);
  await dying.close();
  const comments: Database['comments'] = Object.create(own.database.comments, {
    find: {
      value() {
        throw new Error('killed');
      },
    },
  });
  const writes = createPageWrites(own.database, createPageTitles({ ...own.database, comments }));
  await expect(writes.fill({ ...at, title: 'Zenithal' })).rejects.toThrow('killed');
  await expectFound(at, 'zenithal');
});

it('a page that is made, and no comment comes to it', async () => {
  const first = await own.open();
  const at = page(freshSite(), 'https://news.example/made', { title: 'Unpeopled' });
  await first.sites.create(site(at.site));
  await first.close();
  await createPageWrites(own.database, createPageTitles(own.database)).fill(at);
  const next = await own.open();
  const listed = () =>
    next.sites.listPages({ site: at.site, sort: 'recent', words: [[['unpeopled']]], limit: 5 });
  await until('the page in the list', async () => (await listed()).length === 1);
  const marked = { _id: pageId(at.site, at.key), unlisted: true as const };
  await until('the end of it', async () => (await own.database.pages.countDocuments(marked)) === 0);
  await next.close();
});
