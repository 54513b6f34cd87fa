import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '../../../src/sites/site.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, freshSite, page, postApproved } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Ways of addresses that one alias after the other makes. */

let folder: string;
let store: Storage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-aliases-'));
  store = await openSqlite({ dataDir: folder, inline: true });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const lead = (from: Page, to: Page, target = to) =>
  store.sites.addAlias(alias(from.site, from.url ?? '', to.url ?? ''), target);

test('what came to a page while its way ended nowhere goes along once it leads on again', async () => {
  const site = freshSite();
  const at = (path: string): Page => page(site, `https://a.example/${path}`);
  const [old, middle, one, two] = [at('old'), at('middle'), at('1'), at('2')];
  const root = await postApproved(store, old);
  await lead(middle, one);
  await lead(old, middle, one);
  await store.sites.removeAlias(site, middle.url ?? '');
  const alone = await postApproved(store, old);
  expect(alone.pageKey).toBe(old.key);
  await lead(middle, two);
  expect((await store.comments.find(alone.id))?.pageKey).toBe(two.key);
  expect((await store.comments.find(root.id))?.pageKey).toBe(one.key);
  await expectTrue(store, [root.id, alone.id]);
});
