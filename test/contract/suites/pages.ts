import type { Page } from '../../../src/sites/site.ts';
import { idReference, urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, comment, freshSite, page, post, submission } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Pages come into being with their first comment. */
export function pagesContract(store: () => Storage): void {
  const find = (at: Page, reference: string): Promise<Page | null> =>
    store().sites.findPage(at.site, reference);

  describe('a page', () => {
    it('is unknown until its first comment, then known by what that named', async () => {
      const at = page(freshSite(), 'https://a.example/1', { id: '17', title: 'One' });
      expect(await find(at, urlReference('https://a.example/1'))).toBeNull();
      expect(await find(at, idReference('17'))).toBeNull();
      await post(store(), at);
      expect(await find(at, urlReference('https://a.example/1'))).toEqual(at);
      expect(await find(at, idReference('17'))).toEqual(at);
      expect(await store().sites.findPagesByKey(at.site, [at.key, 'unknownunkno1'])).toEqual([at]);
      expect(await find({ ...at, site: freshSite() }, idReference('17'))).toBeNull();
    });

    it('that an alias makes is known by its id and by both addresses', async () => {
      const at = page(freshSite(), 'https://a.example/1', { id: '17', title: 'One' });
      await store().sites.addAlias(alias(at.site, 'https://a.example/short', 'https://a.example/1'), at);
      for (const reference of [
        idReference('17'),
        urlReference('https://a.example/1'),
        urlReference('https://a.example/short'),
      ]) {
        expect(await find(at, reference)).toEqual(at);
      }
    });

    it('is walked to once, in parts, and not while an alias joins it to another', async () => {
      const site = freshSite();
      const pages = Array.from({ length: 7 }, (_, i) => page(site, `https://a.example/${i}`));
      for (const at of pages) await post(store(), at);
      await post(store(), page(`${site}-more`, 'https://a.example/other'));
      const [joined, ...others] = pages;
      await store().sites.addAlias(
        alias(site, 'https://a.example/0', 'https://a.example/1'),
        others[0] ?? page(site, ''),
      );
      const walked: string[] = [];
      for (let after: string | null = ''; after !== null; ) {
        const part = await store().sites.walkPages({ site, after, limit: 2 });
        expect(part.pages.length).toBeLessThanOrEqual(2);
        walked.push(...part.pages.map(({ key }) => key));
        after = part.next;
      }
      expect(walked).toEqual(others.map(({ key }) => key).sort());
      expect(walked).not.toContain(joined?.key);
    });

    it('is not made by a comment that was refused', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const lost = comment(at).id;
      await store().comments.submit(submission(at, comment(at, { parentId: lost, ancestors: [lost] })));
      expect(await find(at, urlReference('https://a.example/1'))).toBeNull();
    });

    it('keeps its first title that is not empty', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      for (const title of [null, 'First', 'Second', null]) await post(store(), at, { page: { title } });
      expect((await find(at, urlReference('https://a.example/1')))?.title).toBe('First');
    });

    it.each(['$1.00', '$title', '$$ROOT', '$\u007bx}', "'; --"])(
      'keeps %j as a title to the letter',
      async (title) => {
        const at = page(freshSite(), 'https://a.example/1');
        await post(store(), at, { page: { title, id: title } });
        expect(await find(at, urlReference('https://a.example/1'))).toMatchObject({ title, id: title });
      },
    );

    it('known by its URL alone gets an id from the first comment that names both', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      await post(store(), at);
      await post(store(), at, { page: { id: '17' } });
      expect(await find(at, idReference('17'))).toMatchObject({
        key: at.key,
        url: 'https://a.example/1',
        id: '17',
      });
    });

    it('gets no id that leads to it through a page that an alias joins to it', async () => {
      const site = freshSite();
      const one = page(site, 'https://a.example/1', { id: '17' });
      const two = page(site, 'https://a.example/2');
      for (const at of [one, two]) await post(store(), at);
      await store().sites.addAlias(alias(site, 'https://a.example/1', 'https://a.example/2'), two);
      await post(store(), one);
      expect(await find(two, idReference('17'))).toEqual(two);
      await store().sites.removeAlias(one);
      expect(await find(two, idReference('17'))).toEqual(one);
      expect(await find(two, urlReference('https://a.example/2'))).toEqual(two);
    });

    it('known by its id alone gets a URL from the first comment that names both, and further URLs lead to it', async () => {
      const byId = { ...page(freshSite(), 'https://a.example/1', { id: '17' }), url: null };
      await post(store(), byId);
      expect(await find(byId, idReference('17'))).toMatchObject({ key: byId.key, url: null });
      await post(store(), byId, { page: { url: 'https://a.example/1' } });
      await post(store(), byId, { page: { url: 'https://a.example/other' } });
      const known = { ...byId, url: 'https://a.example/1' };
      for (const url of ['https://a.example/1', 'https://a.example/other']) {
        expect(await find(byId, urlReference(url))).toEqual(known);
      }
    });

    it('is one page when two first comments name it differently at the same time', async () => {
      const site = freshSite();
      const byUrl = page(site, 'https://a.example/1');
      const byBoth = page(site, 'https://a.example/1', { id: '17' });
      const kept = await Promise.all([
        post(store(), byUrl),
        post(store(), byBoth),
        post(store(), byUrl),
        post(store(), byBoth),
      ]);
      const known = await find(byUrl, urlReference('https://a.example/1'));
      // Whichever came first, the URL leads to one page, and later comments that name the URL stand on it.
      const later = await post(store(), { ...byUrl, key: known?.key ?? '' });
      expect(later.pageKey).toBe(known?.key);
      expect(new Set(kept.map((one) => one.pageKey))).toEqual(new Set([known?.key]));
      expect(await find(byBoth, idReference('17'))).toMatchObject({ key: known?.key, id: '17' });
      await expectTrue(
        store(),
        [...kept, later].map((one) => one.id),
      );
    });
  });
}
