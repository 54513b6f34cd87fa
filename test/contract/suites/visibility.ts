import type { Comment } from '../../../src/comments/comment.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  comment,
  decide,
  decision,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  stored,
  submission,
} from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** What hiding and opening a comment does to those below it, and to what is counted. */
export function visibilityContract(store: () => Storage): void {
  interface Tree {
    at: Page;
    ids: string[];
    root: Comment;
    middle: Comment;
    held: Comment;
    leaves: Comment[];
  }

  /** root → middle → two leaves; root → held, with nothing under it. */
  async function tree(): Promise<Tree> {
    const at = page(freshSite(), 'https://a.example/1');
    const root = await postApproved(store(), at, { author: 'ada' });
    const middle = await postApproved(store(), at, { parent: root, author: 'bob' });
    const held = await post(store(), at, { parent: root, author: 'cyd' });
    const leaves = [
      await postApproved(store(), at, { parent: middle, author: 'ada' }),
      await postApproved(store(), at, { parent: middle, author: null }),
    ];
    return { at, root, middle, held, leaves, ids: [root, middle, held, ...leaves].map((one) => one.id) };
  }

  const shown = async (at: Page): Promise<string[]> => {
    const listed = await store().comments.listPage({
      site: at.site,
      pageKey: at.key,
      depth: 'all',
      sort: 'oldest',
      limit: 100,
    });
    return listed.map((one) => one.id);
  };

  it('hiding a comment hides all below it and opening it shows them again', async () => {
    const { at, root, middle, held, leaves, ids } = await tree();
    expect(await shown(at)).toEqual([root, middle, ...leaves].map((one) => one.id));
    await expectTrue(store(), ids);
    const hidden = await decide(store(), root, 'spam');
    expect(hidden).toMatchObject({ open: false, replyCount: 0 });
    expect(await shown(at)).toEqual([]);
    await expectTrue(store(), ids);
    const back = await decide(store(), root, 'approve');
    expect(back).toMatchObject({ open: true, replyCount: 3 });
    expect(await shown(at)).toEqual([root, middle, ...leaves].map((one) => one.id));
    expect((await store().comments.find(held.id))?.open).toBe(false);
    await expectTrue(store(), ids);
  });

  it('a comment approved under a hidden one stays hidden until that one is opened', async () => {
    const { at, root, middle, leaves, ids } = await tree();
    await decide(store(), middle, 'reject');
    const [leaf] = leaves as [Comment, Comment];
    await decide(store(), leaf, 'spam');
    expect(await decide(store(), leaf, 'approve')).toMatchObject({ status: 'approved', open: false });
    expect(await shown(at)).toEqual([root.id]);
    await decide(store(), middle, 'approve');
    expect(await shown(at)).toEqual([root, middle, ...leaves].map((one) => one.id));
    await expectTrue(store(), ids);
  });

  it('replies stay under a tombstone, and go and come back with its parent', async () => {
    const { at, root, middle, leaves, ids } = await tree();
    await apply(store(), middle, removal(middle));
    expect(await shown(at)).toEqual([root, middle, ...leaves].map((one) => one.id));
    await expectTrue(store(), ids);
    await decide(store(), root, 'trash');
    expect(await shown(at)).toEqual([]);
    await expectTrue(store(), ids);
    await decide(store(), root, 'restore');
    expect(await shown(at)).toEqual([root, middle, ...leaves].map((one) => one.id));
    for (const leaf of leaves) await decide(store(), leaf, 'reject');
    expect(await shown(at)).toEqual([root.id]);
    await expectTrue(store(), ids);
  });

  it('the replies of one deleted while it was not approved stay hidden', async () => {
    const { at, root, middle, ids } = await tree();
    await decide(store(), middle, 'reject');
    await apply(store(), middle, removal(middle));
    expect(await shown(at)).toEqual([root.id]);
    await expectTrue(store(), ids);
  });

  it('counts stay true when a parent is hidden while replies to it arrive', async () => {
    const { at, root, ids } = await tree();
    const replies = Array.from({ length: 20 }, () =>
      comment(at, { parentId: root.id, ancestors: [root.id], status: 'approved' }),
    );
    const arriving = replies.map((reply) => store().comments.submit(submission(at, reply)));
    const hiding = store().comments.change(root.id, decision(root, 'spam'));
    const more = Array.from({ length: 20 }, () =>
      comment(at, { parentId: root.id, ancestors: [root.id], status: 'approved' }),
    ).map((reply) => store().comments.submit(submission(at, reply)));
    await hiding;
    const results = await Promise.all([...arriving, ...more]);
    const kept = results.filter((result) => result.kind === 'stored').map((result) => stored(result).id);
    await expectTrue(store(), [...ids, ...kept]);
    expect(await shown(at)).toEqual([]);
    await decide(store(), root, 'approve');
    await expectTrue(store(), [...ids, ...kept]);
  });

  it('counts stay true when parent, child and grandchild change at the same time', async () => {
    const { root, middle, leaves, ids } = await tree();
    for (let round = 0; round < 5; round++) {
      const flips = [root, middle, ...leaves].flatMap((one) => [
        decision(one, 'spam'),
        decision(one, 'approve'),
      ]);
      await Promise.all(
        flips.map((command) => store().comments.change(command.decisionId.slice(18), command)),
      );
      await expectTrue(store(), ids);
    }
  });
}
