import type { CommentCommand } from '../../../src/comments/commands.ts';
import type { Comment } from '../../../src/comments/comment.ts';
import type { ShownComment } from '../../../src/comments/comment-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  apply,
  decide,
  edit,
  freshId,
  freshSite,
  MODERATOR,
  page,
  postApproved,
  removal,
  shownPart,
  tick,
} from '../../support/builders.ts';

/** How a page begins is read again after each write to it, and a store may keep what it read before. */
export function listingAgainContract(store: () => Storage): void {
  async function beginningOf(at: Pick<Page, 'site' | 'key'>): Promise<ShownComment[]> {
    const { comments } = store();
    const query = { site: at.site, pageKey: at.key, depth: 'roots', sort: 'oldest', limit: 9 } as const;
    const roots = await comments.listPage(query);
    return [
      ...roots,
      ...(await comments.descendants(
        roots.map((one) => one.id),
        9,
      )),
    ];
  }

  function act(rest: { kind: 'note'; pinned: boolean } | { kind: 'erase'; mode: 'anonymise' | 'delete' }) {
    const at = tick();
    const by = { decisionId: freshId(at), at, by: MODERATOR };
    return (
      rest.kind === 'note' ? { ...by, ...rest, action: 'highlight' } : { ...by, ...rest }
    ) as CommentCommand;
  }

  /** Whatever changes a comment that readers see, one after the other, on a root and its reply. */
  function changesOf(at: Page, root: Comment, reply: Comment): (() => Promise<unknown>)[] {
    const vote = { commentId: reply.id, site: at.site, reader: 'ada', address: 'one', value: 1 } as const;
    return [
      () => store().votes.cast(vote),
      () => apply(store(), reply, edit(reply, 'another text, متنی دیگر', { screened: 'approved' })),
      () => apply(store(), root, act({ kind: 'note', pinned: true })),
      () => postApproved(store(), at, { parent: reply }),
      () => apply(store(), reply, act({ kind: 'erase', mode: 'anonymise' })),
      () => decide(store(), reply, 'spam'),
      () => decide(store(), reply, 'approve'),
      () => apply(store(), reply, removal(reply)),
      () => apply(store(), root, act({ kind: 'erase', mode: 'delete' })),
    ];
  }

  it('shows every comment as it is after each change of one that was listed before', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const root = await postApproved(store(), at);
    const reply = await postApproved(store(), at, { parent: root });
    for (const change of changesOf(at, root, reply)) {
      await beginningOf(at);
      await change();
      const listed = await beginningOf(at);
      const found = await Promise.all(listed.map((one) => store().comments.find(one.id)));
      expect(listed).toMatchObject(found.map((one) => one && shownPart(one)));
    }
    const texts = (await beginningOf(at)).map((one) => one.text);
    expect(texts).toEqual([null, null, expect.any(String)]);
  });

  it('gives the same object again while nothing changes, where the store says so', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    await postApproved(store(), at, { parent: await postApproved(store(), at) });
    const [first, second] = [await beginningOf(at), await beginningOf(at)];
    expect(first.map((one, i) => one === second[i])).toEqual(first.map(() => store().comments.givesAgain));
    expect(first.map(Object.isFrozen)).toEqual(first.map(() => store().comments.givesAgain));
  });

  it('shows comments with their new page once another took them', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const target = page(at.site, 'https://a.example/2');
    const root = await postApproved(store(), at);
    await postApproved(store(), at, { parent: root });
    expect(await beginningOf(at)).toHaveLength(2);
    await store().sites.addAlias(alias(at.site, 'https://a.example/1', 'https://a.example/2'), target);
    const key = (await store().comments.find(root.id))?.pageKey ?? at.key;
    expect(key).not.toBe(at.key);
    expect((await beginningOf({ site: at.site, key })).map((one) => one.pageKey)).toEqual([key, key]);
    expect(await beginningOf(at)).toEqual([]);
  });
}
