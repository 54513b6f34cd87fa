import type { Page } from '../../../src/sites/site.ts';
import { idReference, urlReference } from '../../../src/sites/site-store.ts';
import { createActs } from '../../../src/storage/mongo/acts.ts';
import { createAliases } from '../../../src/storage/mongo/aliases.ts';
import type { Database } from '../../../src/storage/mongo/database.ts';
import { createPageTitles } from '../../../src/storage/mongo/page-titles.ts';
import { createPageWrites, pageId } from '../../../src/storage/mongo/page-writes.ts';
import { aliasId, createPages } from '../../../src/storage/mongo/pages.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { entry } from '../../support/acts.ts';
import { alias, freshSite, page, post, site } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** A page, its title or another name of it is written, and who wrote it dies before comments and lists know of it. */

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
  const writes = createPageWrites(own.database, createPageTitles(own.database));
  await writes.claim(at.site, at.key, urlReference(at.url ?? ''));
  await writes.fill(at);
  const next = await own.open();
  const listed = () =>
    next.sites.listPages({ site: at.site, sort: 'recent', words: [[['unpeopled']]], limit: 5 });
  await until('the page in the list', async () => (await listed()).length === 1);
  const marked = { _id: pageId(at.site, at.key), unlisted: true as const };
  await until('the end of it', async () => (await own.database.pages.countDocuments(marked)) === 0);
  await next.close();
});

/** A page in the lists, with nothing on its way there that would take a later name along. */
async function settled(store: Storage, title: string): Promise<Page> {
  const at = await written(store, title);
  const { comments, directoryTodo } = own.database;
  await until('its counts', async () => (await comments.countDocuments({ site: at.site, work: true })) === 0);
  await until('the lists', async () => (await directoryTodo.countDocuments()) === 0);
  return at;
}

/** The page, by a word that only its new name has, with nothing left for the self-check. */
async function expectListed(at: Page, word: string): Promise<void> {
  const next = await own.open();
  const listed = () => next.sites.listPages({ site: at.site, sort: 'recent', words: [[[word]]], limit: 5 });
  await until('the page in the list', async () => (await listed()).some((one) => one.page.key === at.key));
  const differences: unknown[] = [];
  for await (const one of next.verify({ repair: false })) differences.push(one);
  expect(differences).toEqual([]);
  await next.close();
}

it.each([
  ['address', { url: 'https://news.example/whither' }, 'whither'],
  ['id', { id: 'whence-7' }, 'whence'],
])('an admin’s other %s', async (_, patch, word) => {
  let isDying = false;
  const failpoint = (name: string): void => {
    if (isDying && name === 'act: written') throw new Error('killed');
  };
  const dying = await own.open({ failpoint });
  const at = await settled(dying, 'Named');
  isDying = true;
  const act = entry(at.site, { action: 'page-updated' });
  await expect(dying.sites.updatePage(at, patch, { expected: 1, act })).rejects.toThrow('killed');
  isDying = false;
  await dying.close();
  await expectListed(at, word);
});

it('the first id of a page that is known by its address, and no comment comes with it', async () => {
  const first = await own.open();
  const at = await settled(first, 'Addressed');
  await first.close();
  const writes = createPageWrites(own.database, createPageTitles(own.database));
  await writes.claim(at.site, at.key, idReference('wherefore-7'));
  await writes.fill({ ...at, id: 'wherefore-7' });
  await expectListed(at, 'wherefore');
});

it('a page that is itself again, its alias being removed', async () => {
  const first = await own.open();
  const at = await settled(first, 'Kept');
  const old = { ...page(at.site, 'https://news.example/yonder'), title: 'Yonder' };
  await first.sites.ensurePage(old);
  await first.sites.addAlias(alias(at.site, old.url ?? '', at.url ?? ''), at);
  await first.close();

  const { database } = own;
  const stamps = { publish: async () => undefined } as unknown as Parameters<
    typeof createAliases
  >[0]['stamps'];
  const acts = createActs(database, { stamps });
  createAliases({
    ...{
      database,
      acts,
      stamps,
      moves: { all: async () => 0, these: async () => 0, standing: async () => 0 },
    },
    pages: createPages(database, { fresh: () => true, titles: createPageTitles(database) }),
    directory: {
      async refreshPages() {
        throw new Error('killed');
      },
    },
  });
  const act = entry(at.site, { action: 'alias-removed' });
  const removing = acts.remove('aliases', aliasId(at.site, old.url ?? ''), { act });
  await expect(removing).rejects.toThrow('killed');
  await expectListed(old, 'yonder');
});

it('a page that an alias needs, whose address nobody wrote any more', async () => {
  const first = await own.open();
  const at = page(freshSite(), 'https://news.example/needed');
  await first.sites.create(site(at.site));
  await first.close();
  const references: Database['references'] = Object.create(own.database.references, {
    findOneAndUpdate: {
      value() {
        throw new Error('killed');
      },
    },
  });
  const database = { ...own.database, references };
  const pages = createPages(database, { fresh: () => true, titles: createPageTitles(own.database) });
  await expect(pages.create(at)).rejects.toThrow('killed');
  const next = await own.open();
  const differences: unknown[] = [];
  for await (const one of next.verify({ repair: false })) differences.push(one);
  expect(differences).toEqual([]);
  await next.close();
});
