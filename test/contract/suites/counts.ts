import { authorScope, NO_COUNTS, pageScope, siteScope } from '../../../src/comments/counts.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  authorKey,
  comment,
  decide,
  decision,
  edit,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  submission,
  undo,
} from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Counters equal the rows, at every moment. */
export function countsContract(store: () => Storage): void {
  it('are zeros for a scope where nothing was counted', async () => {
    const scope = siteScope(freshSite());
    expect(await store().comments.counts([scope])).toEqual(new Map([[scope, NO_COUNTS]]));
    expect((await store().comments.counts([])).size).toBe(0);
  });

  it('move with every post, decision, edit, undo and removal, for site, page and author', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const scopes = [
      siteScope(at.site),
      pageScope(at.site, at.key),
      authorScope(at.site, authorKey(at.site, 'ada')),
    ];
    const all = async (): Promise<unknown[]> => [...(await store().comments.counts(scopes)).values()];
    const thrice = (counts: object): unknown[] => Array(3).fill({ ...NO_COUNTS, ...counts });
    const one = await post(store(), at);
    expect(await all()).toEqual(thrice({ pending: 1 }));
    const approval = decision(one, 'approve');
    const shown = await apply(store(), one, approval);
    expect(await all()).toEqual(thrice({ approved: 1, visible: 1 }));
    await decide(store(), one, 'approve');
    expect(await all()).toEqual(thrice({ approved: 1, visible: 1 }));
    await apply(store(), one, edit({ ...shown, version: 3 }, 'worse'));
    expect(await all()).toEqual(thrice({ pending: 1 }));
    const spam = decision(one, 'spam');
    await apply(store(), one, spam);
    expect(await all()).toEqual(thrice({ spam: 1 }));
    await apply(store(), one, undo(one, spam.decisionId));
    expect(await all()).toEqual(thrice({ pending: 1 }));
    await decide(store(), one, 'trash');
    expect(await all()).toEqual(thrice({ trash: 1 }));
    await apply(store(), one, removal(one));
    expect(await all()).toEqual(thrice({}));
  });

  it('of an author without an address are counted for page and site only', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const one = await postApproved(store(), at, { author: null });
    await expectTrue(store(), [one.id]);
  });

  it('stay true under two hundred posts and decisions at once', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const roots = await Promise.all(Array.from({ length: 10 }, () => postApproved(store(), at)));
    const posts = Array.from({ length: 100 }, (_, i) => {
      const parent = roots[i % 10];
      const threaded = parent && i % 2 ? { parentId: parent.id, ancestors: [parent.id] } : {};
      return submission(
        at,
        comment(at, { ...threaded, status: i % 3 ? 'approved' : 'pending', author: `a${i % 7}` }),
      );
    });
    const decisions = roots.flatMap((root) =>
      Array.from({ length: 10 }, (_, i) => decision(root, i % 2 ? 'approve' : 'spam')),
    );
    const [results] = await Promise.all([
      Promise.all(posts.map((one) => store().comments.submit(one))),
      Promise.all(
        decisions.map((command, i) => store().comments.change(roots[Math.floor(i / 10)]?.id ?? '', command)),
      ),
    ]);
    const kept = results.flatMap((result) => (result.kind === 'stored' ? [result.comment.id] : []));
    await expectTrue(store(), [...roots.map((one) => one.id), ...kept]);
  });
}
