import { siteScope } from '../../../src/comments/counts.ts';
import { COMMENT_ID_LENGTH } from '../../../src/ids.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  comment,
  decide,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  shownPart,
  stored,
  submission,
  tick,
} from '../../support/builders.ts';

/** Posting and reading back. */
export function commentsContract(store: () => Storage): void {
  describe('posting', () => {
    it('gives back every member of a comment as it was stored', async () => {
      const at = page(freshSite(), 'https://a.example/1', { title: 'First' });
      const what = comment(at, { legacyId: 'wp-7', pinned: true, risk: 0.75, votesUp: 3, votesDown: 1 });
      const kept = stored(await store().comments.submit(submission(at, what)));
      expect(kept).toEqual(what);
      expect(kept.id).toHaveLength(COMMENT_ID_LENGTH);
      expect(await store().comments.find(what.id)).toEqual(what);
      expect(await store().comments.findByLegacyId(at.site, 'wp-7')).toEqual(what);
    });

    it('keeps text of any script, and members that are null', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const text = 'نیم‌فاصله\u200c 👩‍👩‍👧 \u{1F1EE}\u{1F1F7} \' " \\ %s $1 \u2028 é';
      const author = { key: null, name: null, url: null, email: null, moderator: true };
      const what = { ...comment(at, { text, html: `<p>${text}</p>`, screening: [] }), author };
      await store().comments.submit(submission(at, what));
      expect(await store().comments.find(what.id)).toEqual(what);
    });

    it('finds nothing by an id that is not there', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const kept = await post(store(), at);
      const absent = comment(at).id;
      expect(await store().comments.find(absent)).toBeNull();
      expect(await store().comments.findByLegacyId(at.site, 'wp-1')).toBeNull();
      expect(await store().comments.findMany([absent])).toEqual([]);
      expect(await store().comments.findMany([kept.id, absent])).toEqual([kept]);
      expect(await store().comments.history(absent)).toEqual([]);
    });

    it('tells legacy ids of two sites apart', async () => {
      const [one, two] = [page(freshSite(), 'https://a.example/1'), page(freshSite(), 'https://a.example/1')];
      const first = await post(store(), one, { legacyId: 'wp-1' });
      const second = await post(store(), two, { legacyId: 'wp-1' });
      expect(await store().comments.findByLegacyId(one.site, 'wp-1')).toEqual(first);
      expect(await store().comments.findByLegacyId(two.site, 'wp-1')).toEqual(second);
    });

    it('shows an approved comment at once and a pending one not', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const shown = await postApproved(store(), at);
      await post(store(), at);
      const listed = await store().comments.listPage({
        site: at.site,
        pageKey: at.key,
        depth: 'all',
        sort: 'oldest',
        limit: 10,
      });
      expect(listed).toMatchObject([shownPart(shown)]);
    });
  });

  describe('a reply', () => {
    it('is refused under a parent that is unknown, on another page or of another site', async () => {
      const site = freshSite();
      const [here, there] = [page(site, 'https://a.example/1'), page(site, 'https://a.example/2')];
      const elsewhere = page(freshSite(), 'https://a.example/1');
      const parent = await postApproved(store(), there);
      const foreign = await postApproved(store(), elsewhere);
      for (const parentId of [comment(here).id, parent.id, foreign.id]) {
        const what = comment(here, { parentId, ancestors: [parentId] });
        expect(await store().comments.submit(submission(here, what))).toEqual({ kind: 'parent-not-found' });
        expect(await store().comments.find(what.id)).toBeNull();
      }
    });

    it.each(['pending', 'rejected', 'spam', 'trash'] as const)(
      'is refused under a parent that is %s',
      async (status) => {
        const at = page(freshSite(), 'https://a.example/1');
        const parent = await post(store(), at, { status });
        const what = comment(at, { parentId: parent.id, ancestors: [parent.id] });
        expect(await store().comments.submit(submission(at, what))).toEqual({ kind: 'parent-not-found' });
      },
    );

    it('is refused under a parent that is approved but hidden by its own parent, or deleted', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const root = await postApproved(store(), at);
      const middle = await postApproved(store(), at, { parent: root });
      const removed = await postApproved(store(), at);
      await decide(store(), root, 'spam');
      await apply(store(), removed, removal(removed));
      for (const parent of [middle, removed]) {
        const what = comment(at, { parentId: parent.id, ancestors: [...parent.ancestors, parent.id] });
        expect(await store().comments.submit(submission(at, what))).toEqual({ kind: 'parent-not-found' });
      }
    });

    it('carries its ancestors from the root down, whatever the caller claimed', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const root = await postApproved(store(), at);
      const middle = await postApproved(store(), at, { parent: root });
      const what = comment(at, { parentId: middle.id, ancestors: [middle.id], status: 'approved' });
      const leaf = stored(await store().comments.submit(submission(at, what)));
      expect(leaf.ancestors).toEqual([root.id, middle.id]);
      expect((await store().comments.find(leaf.id))?.ancestors).toEqual([root.id, middle.id]);
    });
  });

  describe('a post that is repeated under its id', () => {
    it.each([0, null])(
      'is what its earlier try has stored, where duplicates since %s are asked for',
      async (since) => {
        const at = page(freshSite(), 'https://a.example/1');
        const options = { duplicateKey: `same${at.site}`, duplicateSince: since };
        const first = stored(await store().comments.submit(submission(at, comment(at), options)));
        const again = submission(at, { ...first, status: 'rejected' }, options);
        expect(await store().comments.submit({ ...again, repeated: true })).toEqual({
          kind: 'stored',
          comment: first,
        });
        expect(await store().comments.find(first.id)).toEqual(first);
        const counts = await store().comments.counts([siteScope(at.site)]);
        expect(counts.get(siteScope(at.site))).toMatchObject({ [first.status]: 1, rejected: 0 });
      },
    );

    it('is stored where its earlier try never was', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const what = comment(at);
      const repeated = { ...submission(at, what), repeated: true };
      expect(await store().comments.submit(repeated)).toEqual({ kind: 'stored', comment: what });
    });
  });

  describe('a duplicate', () => {
    it('is refused with the id of the first, within the time asked about', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const first = await post(store(), at, { duplicateKey: `same${at.site}` });
      const again = submission(at, comment(at), {
        duplicateKey: `same${at.site}`,
        duplicateSince: first.createdAt,
      });
      expect(await store().comments.submit(again)).toEqual({ kind: 'duplicate', id: first.id });
      expect(await store().comments.find(again.comment.id)).toBeNull();
    });

    it('is none once the first is older than asked about, or where nothing is asked', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const duplicateKey = `same${at.site}`;
      const first = await post(store(), at, { duplicateKey });
      const since = first.createdAt + 1;
      expect(
        (await store().comments.submit(submission(at, comment(at), { duplicateKey, duplicateSince: since })))
          .kind,
      ).toBe('stored');
      expect((await store().comments.submit(submission(at, comment(at), { duplicateKey }))).kind).toBe(
        'stored',
      );
    });

    it('is none of a comment in trash or deleted, but is one of a rejected or spam one', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const outcomes: Record<string, string> = {};
      for (const action of ['trash', 'spam', 'reject', 'approve'] as const) {
        const duplicateKey = `${action} ${at.site}`;
        const first = await post(store(), at, { duplicateKey });
        await decide(store(), first, action);
        outcomes[action] = (
          await store().comments.submit(submission(at, comment(at), { duplicateKey, duplicateSince: 0 }))
        ).kind;
      }
      const duplicateKey = `removed ${at.site}`;
      const removed = await post(store(), at, { duplicateKey });
      await apply(store(), removed, removal(removed));
      outcomes.remove = (
        await store().comments.submit(submission(at, comment(at), { duplicateKey, duplicateSince: 0 }))
      ).kind;
      expect(outcomes).toEqual({
        trash: 'stored',
        spam: 'duplicate',
        reject: 'duplicate',
        approve: 'duplicate',
        remove: 'stored',
      });
    });

    it('is found out among many that arrive at once: exactly one is stored', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const duplicateKey = `raced ${at.site}`;
      const tries = Array.from({ length: 30 }, () =>
        submission(at, comment(at), { duplicateKey, duplicateSince: tick() - 3_600_000 }),
      );
      const results = await Promise.all(tries.map((one) => store().comments.submit(one)));
      const [winner, ...others] = results.filter((result) => result.kind === 'stored');
      expect(others).toEqual([]);
      const id = winner?.kind === 'stored' ? winner.comment.id : '';
      expect(results.filter((result) => result.kind === 'duplicate')).toEqual(
        Array(29).fill({ kind: 'duplicate', id }),
      );
      const counts = await store().comments.counts([`s/${at.site}`]);
      expect(counts.get(`s/${at.site}`)?.pending).toBe(1);
    });
  });

  it('what arrives together is stored each on its own: one that is refused spoils no other', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const lost = comment(at).id;
    const good = Array.from({ length: 20 }, () => submission(at, comment(at)));
    const bad = submission(at, comment(at, { parentId: lost, ancestors: [lost] }));
    const results = await Promise.all(
      [...good.slice(0, 10), bad, ...good.slice(10)].map((one) => store().comments.submit(one)),
    );
    expect(results.map((result) => result.kind)).toEqual([
      ...Array(10).fill('stored'),
      'parent-not-found',
      ...Array(10).fill('stored'),
    ]);
    expect(await store().comments.findMany(good.map((one) => one.comment.id))).toHaveLength(20);
  });

  it('a second comment of the same id is an error for its caller alone', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const first = await post(store(), at);
    const twin = submission(at, { ...comment(at), id: first.id });
    const results = await Promise.allSettled([
      store().comments.submit(submission(at, comment(at))),
      store().comments.submit(twin),
      store().comments.submit(submission(at, comment(at))),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store().comments.find(first.id)).toEqual(first);
    expect((await store().comments.counts([`s/${at.site}`])).get(`s/${at.site}`)?.pending).toBe(3);
  });
}
