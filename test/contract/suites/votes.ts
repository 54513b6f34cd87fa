import type { Comment } from '../../../src/comments/comment.ts';
import type { Vote, VoteValue } from '../../../src/comments/vote-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  apply,
  decide,
  freshSite,
  page,
  postApproved,
  removal,
  site,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

/** Readers' votes: one each, counted with the comment, found again by their reader. */
export function votesContract(store: () => Storage): void {
  const at = () => page(freshSite(), 'https://a.example/1');
  const fresh = (): Promise<Comment> => postApproved(store(), at());
  const voteOn = (on: Comment, reader: string, value: VoteValue, rest: Partial<Vote> = {}): Vote => ({
    commentId: on.id,
    site: on.site,
    reader,
    address: `address of ${reader}`,
    value,
    ...rest,
  });
  const cast = (on: Comment, reader: string, value: VoteValue, rest: Partial<Vote> = {}) =>
    store().votes.cast(voteOn(on, reader, value, rest));
  const own = async (on: Comment, reader: string): Promise<Record<string, VoteValue>> =>
    Object.fromEntries(await store().votes.of({ site: on.site, reader }, on.pageKey));

  it('count each reader once, turn, and are taken back', async () => {
    const on = await fresh();
    expect(await cast(on, 'ada', 1)).toEqual({ up: 1, down: 0 });
    expect(await cast(on, 'ada', 1)).toEqual({ up: 1, down: 0 });
    expect(await cast(on, 'ben', 1)).toEqual({ up: 2, down: 0 });
    expect(await cast(on, 'ada', -1)).toEqual({ up: 1, down: 1 });
    expect(await cast(on, 'ben', 0)).toEqual({ up: 0, down: 1 });
    expect(await cast(on, 'ben', 0)).toEqual({ up: 0, down: 1 });
    expect(await store().comments.find(on.id)).toEqual({ ...on, votesDown: 1 });
  });

  it('of fifty readers at once are fifty, and of one reader fifty times at once one', async () => {
    const on = await fresh();
    const ask = (i: number) => cast(on, i % 2 ? `reader ${i}` : 'the same', 1);
    await Promise.all(Array.from({ length: 100 }, (_, i) => ask(i)));
    expect(await store().comments.find(on.id)).toMatchObject({ votesUp: 51, votesDown: 0 });
  });

  it('of one address count twenty readers, who may go on turning theirs', async () => {
    const on = await fresh();
    const address = 'one address';
    const all = Array.from({ length: 25 }, (_, i) => cast(on, `reader ${i}`, 1, { address }));
    expect(Math.max(...(await Promise.all(all)).map((votes) => votes?.up ?? 0))).toBe(20);
    const counted = (
      await Promise.all(
        Array.from({ length: 25 }, async (_, i) => [i, await own(on, `reader ${i}`)] as const),
      )
    ).filter(([, votes]) => votes[on.id] === 1);
    expect(counted).toHaveLength(20);
    expect(await cast(on, `reader ${counted[0]?.[0]}`, -1, { address })).toEqual({ up: 19, down: 1 });
    expect(await cast(on, `reader ${counted[0]?.[0]}`, 0, { address })).toEqual({ up: 19, down: 0 });
    expect(await cast(on, 'elsewhere', 1)).toEqual({ up: 20, down: 0 });
  });

  it('are found again by their reader, on the page where the comment stands', async () => {
    const here = at();
    const [one, two, other] = [
      await postApproved(store(), here),
      await postApproved(store(), here),
      await postApproved(store(), page(here.site, 'https://a.example/2')),
    ];
    await cast(one, 'ada', 1);
    await cast(two, 'ada', -1);
    await cast(other, 'ada', 1);
    await cast(two, 'ben', 1);
    expect(await own(one, 'ada')).toEqual({ [one.id]: 1, [two.id]: -1 });
    expect(await own(other, 'ada')).toEqual({ [other.id]: 1 });
    expect(await own(one, 'nobody')).toEqual({});
    await cast(one, 'ada', 0);
    await decide(store(), two, 'spam');
    expect(await own(one, 'ada')).toEqual({});
  });

  it('move with their comment when its page gets another name', async () => {
    const known = site(freshSite());
    await store().sites.create(known);
    const [old, now] = [page(known.id, 'https://a.example/old'), page(known.id, 'https://a.example/new')];
    const on = await postApproved(store(), old);
    await postApproved(store(), now);
    await cast(on, 'ada', 1);
    await store().sites.addAlias(alias(known.id, old.url ?? '', now.url ?? ''), now);
    await eventually(async () =>
      expect(await store().votes.of({ site: known.id, reader: 'ada' }, now.key)).toEqual(
        new Map([[on.id, 1]]),
      ),
    );
  });

  it('order the page by what they sum up to', async () => {
    const here = at();
    const [first, second, third] = [
      await postApproved(store(), here),
      await postApproved(store(), here),
      await postApproved(store(), here),
    ];
    await cast(second, 'ada', 1);
    await cast(first, 'ada', -1);
    const top = await store().comments.listPage({
      site: here.site,
      pageKey: here.key,
      depth: 'roots',
      sort: 'top',
      limit: 10,
    });
    expect(top.map(({ id }) => id)).toEqual([second.id, third.id, first.id]);
  });

  it('are taken of visible comments alone', async () => {
    const [hidden, gone] = [await fresh(), await fresh()];
    await decide(store(), hidden, 'reject');
    await apply(store(), gone, removal(gone));
    expect(await cast(hidden, 'ada', 1)).toBeNull();
    expect(await cast(gone, 'ada', 1)).toBeNull();
    expect(await store().comments.find(gone.id)).toMatchObject({ votesUp: 0 });
  });

  it('survive a decision at the same moment, and the decision survives them', async () => {
    const on = await fresh();
    const votes = Array.from({ length: 20 }, (_, i) => cast(on, `reader ${i}`, 1));
    await Promise.all([...votes, decide(store(), on, 'approve'), decide(store(), on, 'approve')]);
    expect(await store().comments.find(on.id)).toMatchObject({ votesUp: 20, version: 3 });
  });

  it('end with their site', async () => {
    const known = site(freshSite());
    await store().sites.create(known);
    const here = page(known.id, 'https://a.example/1');
    const on = await postApproved(store(), here);
    await cast(on, 'ada', 1);
    await store().sites.remove(known.id);
    expect(await own(on, 'ada')).toEqual({});
  });
}
