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
import { createRandom } from '../../support/random.ts';
import { expectTrue } from '../../support/recount.ts';

/** An alias leads from one address to the page of another, and takes along what stood there. */
export function aliasesContract(store: () => Storage): void {
  const find = (at: Page, reference: string): Promise<Page | null> =>
    store().sites.findPage(at.site, reference);

  /** An alias for the one's address to the other's, by a caller who has read that this leads to `target`. */
  const lead = (from: Page, to: Page, target = to) =>
    store().sites.addAlias(alias(from.site, from.url ?? '', to.url ?? ''), target);

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

    it('of many at once leads as if they had come one after the other', async () => {
      for (const seed of [1, 2, 3]) {
        const random = createRandom(seed);
        const site = freshSite();
        const pages = Array.from({ length: 12 }, (_, n) => page(site, `https://a.example/${n}`));
        const urlOf = (at: Page): string => at.url ?? '';
        const posts = await Promise.all(pages.map((at) => postApproved(store(), at)));
        const ways = pages.slice(2).map((from) => [from, random.pick(pages)] as const);
        const results = await Promise.all(ways.map(([from, to]) => lead(from, to)));

        const leads = new Map<string, Page>();
        const endOf = (at: Page): Page => {
          const next = leads.get(urlOf(at));
          return next ? endOf(next) : at;
        };
        const due = ways.map(([from, to]) => {
          if (endOf(to) === from) return 'loop';
          leads.set(urlOf(from), to);
          return 'added';
        });
        expect(results.map(({ result }) => result)).toEqual(due);
        const ends = pages.map((at) => endOf(at).key);
        const found = await Promise.all(pages.map((at) => find(at, urlReference(urlOf(at)))));
        expect(found.map((one) => one?.key)).toEqual(ends);
        const now = await expectTrue(
          store(),
          posts.map(({ id }) => id),
        );
        expect(now.map((one) => one.pageKey)).toEqual(ends);
      }
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

      await store().sites.removeAlias(short);
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

        await store().sites.removeAlias(page(site, 'https://a.example/middle'));
        expect((await find(old, idReference('7')))?.key).toBe(middle.key);
        await expectTrue(store(), [root.id, late.id]);
      }
    });

    it('joins what it leads to now, whatever its caller has read before another alias led on', async () => {
      const site = freshSite();
      const at = (path: string): Page => page(site, `https://a.example/${path}`);
      const [old, middle, next] = [at('old'), at('middle'), at('next')];
      const root = await postApproved(store(), old);
      await lead(middle, old);
      await lead(middle, next);
      // Read while the middle led to the old one itself.
      expect(await lead(old, middle, old)).toEqual({ result: 'added', moved: 1 });
      expect((await store().comments.find(root.id))?.pageKey).toBe(next.key);
      expect((await find(old, urlReference(old.url ?? '')))?.key).toBe(next.key);
      await expectTrue(store(), [root.id]);
    });

    it('removed is a page of its own for what other aliases lead to it, where it was none', async () => {
      const site = freshSite();
      const at = (path: string): Page => page(site, `https://a.example/${path}`);
      const [old, near, middle, one, two] = [at('old'), at('near'), at('middle'), at('1'), at('2')];
      const keyOf = async ({ id }: Comment) => (await store().comments.find(id))?.pageKey;
      const roots = [await postApproved(store(), old), await postApproved(store(), near)];
      await lead(middle, one);
      await lead(near, middle, one);
      await lead(old, near, one);
      await store().sites.removeAlias(middle);
      expect(await find(old, urlReference(old.url ?? ''))).toEqual(middle);
      const first = await postApproved(store(), old);
      expect(first.pageKey).toBe(middle.key);
      expect(await lead(middle, two)).toEqual({ result: 'added', moved: 1 });
      expect(await keyOf(first)).toBe(two.key);

      await store().sites.removeAlias(middle);
      const second = await postApproved(store(), old);
      await store().sites.removeAlias(near);
      const third = await postApproved(store(), old);
      expect(await Promise.all([...roots, first, second, third].map(keyOf))).toEqual(
        [one, one, two, middle, near].map(({ key }) => key),
      );
      await expectTrue(
        store(),
        [...roots, first, second, third].map(({ id }) => id),
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
      expect(await store().sites.removeAlias(page(at.site, 'https://a.example/old'))).toBe(true);
      expect(await store().sites.removeAlias(page(at.site, 'https://a.example/old'))).toBe(false);
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
