import type { Page } from '../../../src/sites/site.ts';
import { idReference, urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, freshSite, page, postApproved } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Ways of aliases over a page that has more than one address: an alias of one of them joins the page, not the other. */
export function aliasWaysContract(store: () => Storage): void {
  const keyOf = async (at: Page, reference: string): Promise<string | undefined> =>
    (await store().sites.findPage(at.site, reference))?.key;

  const lead = (from: Page, to: Page) =>
    store().sites.addAlias(alias(from.site, from.url ?? '', to.url ?? ''), to);

  /** The page of two addresses, as one that names it by its id at both has it. */
  async function pageOfTwo(site: string, id: string) {
    const [one, other] = ['a', 'b'].map((path) => page(site, `https://a.example/${path}${id}`, { id }));
    if (!one || !other) throw new Error('two addresses were asked for');
    const roots = [await postApproved(store(), one), await postApproved(store(), other)];
    expect(roots.map(({ pageKey }) => pageKey)).toEqual([one.key, one.key]);
    return { one, other, roots };
  }

  describe('an alias of a page with two addresses', () => {
    it('pointed at the other of them parts the page from what it joined', async () => {
      const site = freshSite();
      const { one, other, roots } = await pageOfTwo(site, '7');
      const joined = page(site, 'https://a.example/new');
      expect(await lead(one, joined)).toEqual({ result: 'added', moved: 2 });
      expect(await keyOf(one, urlReference(other.url ?? ''))).toBe(joined.key);
      expect(await lead(one, other)).toEqual({ result: 'added', moved: 0 });
      for (const name of [urlReference(one.url ?? ''), urlReference(other.url ?? ''), idReference('7')])
        expect(await keyOf(one, name)).toBe(one.key);
      const late = await postApproved(store(), one);
      expect(late.pageKey).toBe(one.key);
      const now = await expectTrue(
        store(),
        [...roots, late].map(({ id }) => id),
      );
      expect(now.map(({ pageKey }) => pageKey)).toEqual([joined.key, joined.key, one.key]);

      // It stands alone, so what is written there goes along once more.
      expect(await lead(one, joined)).toEqual({ result: 'added', moved: 1 });
      expect(await keyOf(one, idReference('7'))).toBe(joined.key);
      await store().sites.removeAlias(one);
      expect(await keyOf(one, idReference('7'))).toBe(one.key);
    });

    it('takes away with it, when it goes, what other aliases led to the other address', async () => {
      const site = freshSite();
      const { one, other, roots } = await pageOfTwo(site, '7');
      const [joined, third] = [
        page(site, 'https://a.example/new'),
        page(site, 'https://a.example/3', { id: '3' }),
      ];
      const root = await postApproved(store(), third);
      await lead(one, joined);
      expect(await lead(third, other)).toEqual({ result: 'added', moved: 1 });
      expect((await store().comments.find(root.id))?.pageKey).toBe(joined.key);
      await store().sites.removeAlias(one);
      for (const name of [urlReference(third.url ?? ''), urlReference(other.url ?? ''), idReference('3')])
        expect(await keyOf(third, name)).toBe(one.key);
      const late = await postApproved(store(), third);
      expect(late.pageKey).toBe(one.key);
      await expectTrue(
        store(),
        [...roots, root, late].map(({ id }) => id),
      );

      expect(await lead(one, joined)).toMatchObject({ result: 'added' });
      expect(await keyOf(third, idReference('3'))).toBe(joined.key);
    });

    it('is a loop where the way leads back over the other address', async () => {
      const site = freshSite();
      const [first, second] = [await pageOfTwo(site, '1'), await pageOfTwo(site, '2')];
      await lead(first.one, second.one);
      expect(await lead(second.one, first.other)).toEqual({ result: 'loop' });
      expect(await lead(second.other, first.other)).toMatchObject({ result: 'added' });
      for (const id of ['1', '2']) expect(await keyOf(first.one, idReference(id))).toBe(second.one.key);
    });

    it('joins the page once: another of the other address leads that one alone elsewhere', async () => {
      const site = freshSite();
      const { one, other } = await pageOfTwo(site, '7');
      const [joined, elsewhere] = [page(site, 'https://a.example/new'), page(site, 'https://a.example/2')];
      await lead(one, joined);
      expect(await lead(other, elsewhere)).toEqual({ result: 'added', moved: 0 });
      expect(await keyOf(one, urlReference(other.url ?? ''))).toBe(elsewhere.key);
      expect(await keyOf(one, idReference('7'))).toBe(joined.key);
      await store().sites.removeAlias(one);
      for (const name of [urlReference(one.url ?? ''), idReference('7')])
        expect(await keyOf(one, name)).toBe(one.key);
      expect(await keyOf(one, urlReference(other.url ?? ''))).toBe(elsewhere.key);
    });
  });
}
