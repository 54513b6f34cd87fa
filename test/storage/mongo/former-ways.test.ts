import { urlReference } from '../../../src/sites/site-store.ts';
import { pageId, referenceId } from '../../../src/storage/mongo/page-writes.ts';
import { alias, freshSite, page, postApproved } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';
import { ownDatabase } from './own-database.ts';

/** Ways of aliases that end at no page: earlier versions left them where the alias of their end was removed. */

const own = ownDatabase();

it('what came to a page while its way ended nowhere goes along once it leads on', async () => {
  const id = freshSite();
  const old = page(id, 'https://a.example/old');
  const middle = page(id, 'https://a.example/middle');
  const [one, two] = [page(id, 'https://a.example/1'), page(id, 'https://a.example/2')];
  const former = await own.open();
  const first = await postApproved(former, old);
  await former.sites.addAlias(alias(id, 'https://a.example/middle', 'https://a.example/1'), one);
  await former.sites.addAlias(alias(id, 'https://a.example/old', 'https://a.example/middle'), one);
  await former.sites.removeAlias(middle);
  await former.close();
  await own.database.pages.deleteOne({ _id: pageId(id, middle.key) });
  await own.database.references.deleteOne({ _id: referenceId(id, urlReference('https://a.example/middle')) });

  const store = await own.open();
  const late = await postApproved(store, old);
  expect(late.pageKey).toBe(old.key);
  // What comes along from behind is not of the alias's own address.
  const led = alias(id, 'https://a.example/middle', 'https://a.example/2');
  expect(await store.sites.addAlias(led, two)).toEqual({ result: 'added', moved: 0 });
  expect((await store.comments.find(late.id))?.pageKey).toBe(two.key);
  await expectTrue(store, [first.id, late.id]);
});
