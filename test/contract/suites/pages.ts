import type { Comment } from '../../../src/comments/comment.ts';
import { pageScope } from '../../../src/comments/counts.ts';
import type { Page } from '../../../src/sites/site.ts';
import { idReference, urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  comment,
  decide,
  freshSite,
  page,
  post,
  postApproved,
  stored,
  submission,
} from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Pages come into being with their first comment, and are joined by aliases. */
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

  describe('an alias', () => {
    const target = (site: string): Page => page(site, 'https://a.example/new', { title: 'New' });

    it('leads to its page, which is made where it is unknown', async () => {
      const at = target(freshSite());
      const one = alias(at.site, 'https://a.example/s', 'https://a.example/new');
      expect(await store().sites.addAlias(one, at)).toEqual({ result: 'added', moved: 0 });
      expect(await find(at, urlReference('https://a.example/s'))).toEqual(at);
      expect(await find(at, urlReference('https://a.example/new'))).toEqual(at);
      const again = alias(at.site, 'https://a.example/s', 'https://a.example/new');
      expect(await store().sites.addAlias(again, at)).toEqual({ result: 'unchanged' });
      expect((await store().sites.aliases({ site: at.site, limit: 10 })).items).toEqual([one]);
    });

    it('moves the comments that stand under it to the page, with their counts and replies', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old', { id: '17' });
      const root = await postApproved(store(), old);
      const reply = await postApproved(store(), old, { parent: root });
      const held = await post(store(), old);
      const there = await postApproved(store(), at);
      const ids = [root, reply, held, there].map((one) => one.id);
      const joined = alias(at.site, 'https://a.example/old', 'https://a.example/new');
      expect(await store().sites.addAlias(joined, at)).toEqual({ result: 'added', moved: 3 });
      const now = await expectTrue(store(), ids);
      expect(new Set(now.map((one) => one.pageKey))).toEqual(new Set([at.key]));
      const listed = await store().comments.listPage({
        site: at.site,
        pageKey: at.key,
        depth: 'all',
        sort: 'oldest',
        limit: 10,
      });
      expect(listed.map((one) => one.id)).toEqual([root.id, reply.id, there.id]);
      const left = await store().comments.counts([pageScope(at.site, old.key)]);
      expect(left.get(pageScope(at.site, old.key))).toMatchObject({ approved: 0, pending: 0, visible: 0 });
      for (const reference of [urlReference('https://a.example/old'), idReference('17')]) {
        expect((await find(at, reference))?.key).toBe(at.key);
      }
    });

    it('also catches a comment whose page was looked up before the move', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old');
      const root = await postApproved(store(), old);
      await store().sites.addAlias(alias(at.site, 'https://a.example/old', 'https://a.example/new'), at);
      const late = comment(old, { parentId: root.id, ancestors: [root.id], status: 'approved' });
      const kept = stored(await store().comments.submit(submission(old, late)));
      expect(kept.pageKey).toBe(at.key);
      expect((await store().comments.find(late.id))?.pageKey).toBe(at.key);
      await expectTrue(store(), [root.id, late.id]);
    });

    it('of an alias leads through the chain, in whichever order the two are made', async () => {
      for (const order of [
        [0, 1],
        [1, 0],
      ] as const) {
        const at = target(freshSite());
        const [oldest, old] = [
          page(at.site, 'https://a.example/oldest'),
          page(at.site, 'https://a.example/old'),
        ];
        const posts = [await postApproved(store(), oldest), await postApproved(store(), old)];
        const steps = [
          () =>
            store().sites.addAlias(alias(at.site, 'https://a.example/oldest', 'https://a.example/old'), old),
          () => store().sites.addAlias(alias(at.site, 'https://a.example/old', 'https://a.example/new'), at),
        ];
        for (const i of order) await steps[i]?.();
        for (const url of ['https://a.example/oldest', 'https://a.example/old', 'https://a.example/new']) {
          expect((await find(at, urlReference(url)))?.key).toBe(at.key);
        }
        const now = await expectTrue(
          store(),
          posts.map((one) => one.id),
        );
        expect(now.map((one) => one.pageKey)).toEqual([at.key, at.key]);
      }
    });

    it('that would lead in a circle is a loop and changes nothing', async () => {
      const site = freshSite();
      const [a, b, c] = ['a', 'b', 'c'].map((path) => page(site, `https://a.example/${path}`)) as [
        Page,
        Page,
        Page,
      ];
      const join = (from: Page, to: Page) =>
        store().sites.addAlias(alias(site, from.url ?? '', to.url ?? ''), to);
      expect(await join(a, a)).toEqual({ result: 'loop' });
      await join(a, b);
      await join(b, c);
      expect(await join(c, a)).toEqual({ result: 'loop' });
      expect(await join(b, a)).toEqual({ result: 'loop' });
      expect((await store().sites.aliases({ site, limit: 10 })).total).toBe(2);
    });

    it('can be pointed to another page', async () => {
      const site = freshSite();
      const [one, two] = [page(site, 'https://a.example/1'), page(site, 'https://a.example/2')];
      await store().sites.addAlias(alias(site, 'https://a.example/s', 'https://a.example/1'), one);
      await store().sites.addAlias(alias(site, 'https://a.example/s', 'https://a.example/2'), two);
      expect((await find(one, urlReference('https://a.example/s')))?.key).toBe(two.key);
      const { items, total } = await store().sites.aliases({ site, limit: 10 });
      expect(items.map((item) => item.page)).toEqual(['https://a.example/2']);
      expect(total).toBe(1);
    });

    it('gives its address to no page: pointed elsewhere, or removed, it takes nothing of the page that it led to along', async () => {
      const site = freshSite();
      const [one, two] = [page(site, 'https://a.example/1'), page(site, 'https://a.example/2')];
      const short = page(site, 'https://a.example/s');
      const lead = (to: Page) => store().sites.addAlias(alias(site, 'https://a.example/s', to.url ?? ''), to);
      await lead(one);
      const led = await postApproved(store(), short);
      const own = await postApproved(store(), one);
      expect([led.pageKey, own.pageKey]).toEqual([one.key, one.key]);
      expect(await lead(two)).toEqual({ result: 'added', moved: 0 });
      const further = await postApproved(store(), short);
      expect(further.pageKey).toBe(two.key);
      for (const { id } of [led, own]) expect((await store().comments.find(id))?.pageKey).toBe(one.key);
      expect((await find(one, urlReference('https://a.example/1')))?.key).toBe(one.key);

      await store().sites.removeAlias(site, 'https://a.example/s');
      expect(await find(one, urlReference('https://a.example/s'))).toBeNull();
      const alone = await postApproved(store(), short);
      expect(alone.pageKey).toBe(short.key);
      await expectTrue(
        store(),
        [led, own, further, alone].map(({ id }) => id),
      );
    });

    it('pointed elsewhere, or removed, takes along the pages that other aliases lead to it, in whichever order they were made', async () => {
      for (const isLast of [true, false]) {
        const site = freshSite();
        const old = page(site, 'https://a.example/old', { id: '7' });
        const [one, two] = [page(site, 'https://a.example/1'), page(site, 'https://a.example/2')];
        const middle = page(site, 'https://a.example/middle');
        const lead = (from: Page, to: Page, target = to) =>
          store().sites.addAlias(alias(site, from.url ?? '', to.url ?? ''), target);
        const root = await postApproved(store(), old);
        if (isLast) await lead(middle, one);
        await lead(old, middle, isLast ? one : middle);
        if (!isLast) await lead(middle, one);
        expect((await find(old, idReference('7')))?.key).toBe(one.key);
        await lead(middle, two);
        const names = [idReference('7'), urlReference('https://a.example/old')];
        for (const name of names) expect((await find(old, name))?.key).toBe(two.key);
        const late = await postApproved(store(), old);
        expect(late.pageKey).toBe(two.key);
        expect((await store().comments.find(root.id))?.pageKey).toBe(one.key);

        await store().sites.removeAlias(site, 'https://a.example/middle');
        expect((await find(old, idReference('7')))?.key).toBe(isLast ? old.key : middle.key);
        await expectTrue(store(), [root.id, late.id]);
      }
    });

    it('joins what it leads to now, whatever its caller has read before another alias led on', async () => {
      const site = freshSite();
      const at = (path: string): Page => page(site, `https://a.example/${path}`);
      const [old, middle, next] = [at('old'), at('middle'), at('next')];
      const lead = (from: Page, to: Page, target = to) =>
        store().sites.addAlias(alias(site, from.url ?? '', to.url ?? ''), target);
      const root = await postApproved(store(), old);
      await lead(middle, old);
      await lead(middle, next);
      // Read while the middle led to the old one itself.
      expect(await lead(old, middle, old)).toEqual({ result: 'added', moved: 1 });
      expect((await store().comments.find(root.id))?.pageKey).toBe(next.key);
      expect((await find(old, urlReference(old.url ?? '')))?.key).toBe(next.key);
      await expectTrue(store(), [root.id]);
    });

    it('takes along what came to a page while its way ended nowhere, once one that is set or removed leads it on', async () => {
      const site = freshSite();
      const at = (path: string): Page => page(site, `https://a.example/${path}`);
      const [old, near, middle, one, two] = [at('old'), at('near'), at('middle'), at('1'), at('2')];
      const lead = (from: Page, to: Page, target = to) =>
        store().sites.addAlias(alias(site, from.url ?? '', to.url ?? ''), target);
      const end = ({ url }: Page) => store().sites.removeAlias(site, url ?? '');
      const keyOf = async ({ id }: Comment) => (await store().comments.find(id))?.pageKey;
      const roots = [await postApproved(store(), old), await postApproved(store(), near)];
      await lead(middle, one);
      await lead(near, middle, one);
      await lead(old, near, one);
      await end(middle);
      const first = await postApproved(store(), old);
      expect(first.pageKey).toBe(old.key);
      // What comes along from behind is not of the alias's own address.
      expect(await lead(middle, two)).toEqual({ result: 'added', moved: 0 });
      expect(await keyOf(first)).toBe(two.key);

      await end(middle);
      const second = await postApproved(store(), old);
      expect(second.pageKey).toBe(old.key);
      await end(near);
      expect(await Promise.all([...roots, first, second].map(keyOf))).toEqual(
        [one, one, two, near].map(({ key }) => key),
      );
      await expectTrue(
        store(),
        [...roots, first, second].map(({ id }) => id),
      );
    });

    it('leaves the page that it leads to as it is, where the caller read another', async () => {
      const site = freshSite();
      const [one, two] = [
        page(site, 'https://a.example/1', { title: 'One' }),
        page(site, 'https://a.example/2'),
      ];
      await postApproved(store(), one);
      await store().sites.addAlias(alias(site, 'https://a.example/1', two.url ?? ''), two);
      await store().sites.addAlias(alias(site, 'https://a.example/s', 'https://a.example/1'), one);
      expect(await find(two, urlReference('https://a.example/s'))).toEqual(two);
    });

    it('is no address of a page that is known by its id alone', async () => {
      const site = freshSite();
      const at = page(site, 'https://a.example/1');
      await store().sites.addAlias(alias(site, 'https://a.example/s', 'https://a.example/1'), at);
      const known: Page = { ...page(site, 'https://a.example/s', { id: '17' }), url: null };
      await postApproved(store(), known);
      await postApproved(store(), { ...known, url: 'https://a.example/s' });
      expect(await find(at, idReference('17'))).toEqual(known);
    });

    it('removed leaves the comments where they are, and its URL is a page of its own again', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old');
      const root = await postApproved(store(), old);
      await store().sites.addAlias(alias(at.site, 'https://a.example/old', 'https://a.example/new'), at);
      expect(await store().sites.removeAlias(at.site, 'https://a.example/old')).toBe(true);
      expect(await store().sites.removeAlias(at.site, 'https://a.example/old')).toBe(false);
      expect((await store().comments.find(root.id))?.pageKey).toBe(at.key);
      const anew = await postApproved(store(), old);
      expect(anew.pageKey).toBe(old.key);
      expect((await find(at, urlReference('https://a.example/old')))?.key).toBe(old.key);
      await expectTrue(store(), [root.id, anew.id]);
    });

    it('added while comments arrive under it loses none and counts each once', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old');
      const posts = Array.from({ length: 30 }, () => postApproved(store(), old));
      const adding = store().sites.addAlias(
        alias(at.site, 'https://a.example/old', 'https://a.example/new'),
        at,
      );
      const more = Array.from({ length: 30 }, () => postApproved(store(), old));
      const kept = await Promise.all([...posts, ...more]);
      await adding;
      const now = await expectTrue(
        store(),
        kept.map((one) => one.id),
      );
      expect(new Set(now.map((one) => one.pageKey))).toEqual(new Set([at.key]));
    });

    it('lists newest first, page by page, each site its own', async () => {
      const at = target(freshSite());
      const made = Array.from({ length: 7 }, (_, i) =>
        alias(at.site, `https://a.example/s${i}`, 'https://a.example/new'),
      );
      for (const one of made) await store().sites.addAlias(one, at);
      const met: string[] = [];
      for (let before: string | undefined; ; ) {
        const { items, total } = await store().sites.aliases({ site: at.site, before, limit: 3 });
        expect(total).toBe(7);
        met.push(...items.map((item) => item.id));
        before = items.at(-1)?.id;
        if (before === undefined) break;
      }
      expect(met).toEqual(made.map((one) => one.id).reverse());
      expect(await store().sites.aliases({ site: freshSite(), limit: 3 })).toEqual({ items: [], total: 0 });
    });

    it('does not hide a decision made on a moved comment', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old');
      const held = await post(store(), old);
      await store().sites.addAlias(alias(at.site, 'https://a.example/old', 'https://a.example/new'), at);
      const shown = await decide(store(), held, 'approve');
      expect(shown).toMatchObject({ pageKey: at.key, open: true });
      await expectTrue(store(), [held.id]);
    });
  });
}
