import { isTombstone, isVisible, STATUSES } from '../../../src/comments/comment.ts';
import { pageScope } from '../../../src/comments/counts.ts';
import type { Page } from '../../../src/sites/site.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, apply, freshSite, page, post, postApproved, removal } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** More comments than a store moves in one step. */
const MANY = 1200;

/** An alias of a page where many comments stand takes them along in steps. */
export function aliasMovesContract(store: () => Storage): void {
  const find = (at: Page, reference: string): Promise<Page | null> =>
    store().sites.findPage(at.site, reference);

  /** An alias for the one's address to the other's. */
  const lead = (from: Page, to: Page) =>
    store().sites.addAlias(alias(from.site, from.url ?? '', to.url ?? ''), to);

  describe('an alias of a page with many comments', () => {
    const target = (site: string): Page => page(site, 'https://a.example/new', { title: 'New' });

    it('takes along more comments than are moved in one step, of every status and deleted ones, and loses none', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old', { id: '17', title: 'Old' });
      const roots = await Promise.all(
        Array.from({ length: MANY }, (_, i) =>
          post(store(), old, {
            status: STATUSES[i % STATUSES.length] ?? 'approved',
            author: `author-${i % 40}`,
          }),
        ),
      );
      const open = roots.filter((root) => root.open);
      const replies = await Promise.all(
        open.slice(0, 100).map((root) => postApproved(store(), old, { parent: root })),
      );
      const gone = [...open.slice(0, 20), ...open.slice(-20)];
      for (const one of gone) await apply(store(), one, removal(one));
      const kept = [...roots, ...replies].map(({ id }) => id);
      const stands = kept.length - gone.length;
      expect(await lead(old, at)).toEqual({ result: 'added', moved: stands });

      const now = await expectTrue(store(), kept);
      expect(new Set(now.map(({ pageKey }) => pageKey))).toEqual(new Set([at.key]));
      const [left, there] = await Promise.all(
        [old, at].map(({ site, key }) => store().comments.counts([pageScope(site, key)])),
      );
      expect(
        [...(left?.values() ?? [])].flatMap((counts) => Object.values(counts)).filter((n) => n !== 0),
      ).toEqual([]);
      const counted = there?.get(pageScope(at.site, at.key));
      expect(STATUSES.reduce((sum, status) => sum + (counted?.[status] ?? 0), 0)).toBe(stands);
      const walked = [];
      for (let from: { id: string } | undefined; ; ) {
        const list = { site: at.site, pageKey: at.key, depth: 'all', sort: 'oldest', limit: 100 } as const;
        const listed = await store().comments.listPage({ ...list, ...(from && { from }) });
        walked.push(...listed.map(({ id }) => id));
        from = listed.at(-1);
        if (from === undefined) break;
      }
      const shown = now.filter((one) => isVisible(one) || isTombstone(one)).map(({ id }) => id);
      expect(walked).toEqual(shown.sort());
    });

    it('follows those of the same call that come before it, also where they take many along', async () => {
      const site = freshSite();
      const at = (path: string): Page => page(site, `https://a.example/${path}`);
      const [first, second, third, last] = [at('1'), at('2'), at('3'), at('4')];
      const kept = await Promise.all(
        [first, second, third].flatMap((one) =>
          Array.from({ length: MANY / 2 }, () => postApproved(store(), one)),
        ),
      );
      const results = await Promise.all([
        lead(first, second),
        lead(second, third),
        lead(third, first),
        lead(third, last),
        store().sites.removeAlias(second),
      ]);
      const said = results.map((one) => (typeof one === 'boolean' ? one : one.result));
      expect(said).toEqual(['added', 'added', 'loop', 'added', true]);
      const now = await expectTrue(
        store(),
        kept.map(({ id }) => id),
      );
      expect(new Set(now.map(({ pageKey }) => pageKey))).toEqual(new Set([last.key]));
      const keys = await Promise.all(
        [first, second, third].map((one) => find(one, urlReference(one.url ?? ''))),
      );
      expect(keys.map((one) => one?.key)).toEqual([second.key, second.key, last.key]);
    });

    it('lets in whoever answers what it is taking along', async () => {
      const at = target(freshSite());
      const old = page(at.site, 'https://a.example/old');
      const roots = await Promise.all(Array.from({ length: MANY }, () => postApproved(store(), old)));
      const adding = lead(old, at);
      const replies = await Promise.all(
        roots.slice(-50).map((root) => postApproved(store(), old, { parent: root })),
      );
      await adding;
      const now = await expectTrue(
        store(),
        [...roots, ...replies].map(({ id }) => id),
      );
      expect(new Set(now.map(({ pageKey }) => pageKey))).toEqual(new Set([at.key]));
    });
  });
}
