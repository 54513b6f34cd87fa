import type { Comment } from '../../../src/comments/comment.ts';
import type { ManyChange } from '../../../src/comments/comment-store.ts';
import { MOST_OF_MANY } from '../../../src/comments/comment-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { decide, decision, freshSite, page, post, removal, undo } from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Many changes at once: each as if it had come alone. */
export function manyContract(store: () => Storage): void {
  const newPage = () => page(freshSite(), 'https://a.example/1');
  const approval = (on: Comment): ManyChange => ({
    id: on.id,
    command: decision(on, 'approve', { version: on.version }),
  });

  it('each is decided, in order, and told at its place', async () => {
    const at = newPage();
    const held = await Promise.all(Array.from({ length: 20 }, () => post(store(), at)));
    const results = await store().comments.changeMany(held.map(approval));
    expect(results).toEqual(held.map(() => ({ status: 'approved', version: 2 })));
    await expectTrue(
      store(),
      held.map(({ id }) => id),
    );
  });

  it('a refused one keeps no other from happening', async () => {
    const at = newPage();
    const [gone, late, fine] = [await post(store(), at), await post(store(), at), await post(store(), at)];
    await store().comments.change(gone.id, removal(gone));
    await decide(store(), late, 'spam');
    const unknown: Comment = { ...fine, id: `${fine.id.slice(0, 10)}zzzzzzzz${fine.id.slice(18)}` };
    const results = await store().comments.changeMany([gone, unknown, late, fine].map(approval));
    expect(results).toMatchObject([
      { refused: 'comment-deleted' },
      { refused: 'not-found' },
      { refused: 'conflict', current: { status: 'spam', version: 2 } },
      { status: 'approved', version: 2 },
    ]);
  });

  it('several of one comment follow each other', async () => {
    const on = await post(store(), newPage());
    const first = decision(on, 'approve', { version: 1 });
    const results = await store().comments.changeMany([
      { id: on.id, command: first },
      { id: on.id, command: decision(on, 'spam', { version: 1 }) },
      { id: on.id, command: undo(on, first.decisionId) },
    ]);
    expect(results).toMatchObject([
      { status: 'approved', version: 2 },
      { refused: 'conflict' },
      { status: 'pending', version: 3 },
    ]);
    expect(await store().comments.history(on.id)).toHaveLength(2);
  });

  it('sent again they do nothing, and tell what they did', async () => {
    const at = newPage();
    const held = await Promise.all(Array.from({ length: 10 }, () => post(store(), at)));
    const changes = held.map(approval);
    await store().comments.changeMany(changes.slice(0, 6));
    const again = await Promise.all([changes, changes].map((each) => store().comments.changeMany(each)));
    for (const [i, { id }] of held.entries()) {
      const history = await store().comments.history(id);
      expect(history).toMatchObject([{ to: 'approved', version: 2 }]);
      const told = again.map((results) => results[i]);
      if (i < 6) for (const one of told) expect(one).toEqual({ refused: 'repeated', entry: history[0] });
      else expect(told.filter((one) => one?.refused === undefined)).toHaveLength(1);
    }
    await expectTrue(
      store(),
      held.map(({ id }) => id),
    );
  });

  it('parents and their replies, opened together, are all open', async () => {
    const at = newPage();
    const root = await post(store(), at, { status: 'approved' });
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => post(store(), at, { parent: root, status: 'approved' })),
    );
    const all = [root, ...replies];
    const hide = all.map((on) => ({ id: on.id, command: decision(on, 'reject') }));
    await store().comments.changeMany(hide);
    await expectTrue(
      store(),
      all.map(({ id }) => id),
    );
    const back = all.reverse().map((on) => ({ id: on.id, command: decision(on, 'approve') }));
    await store().comments.changeMany(back);
    const found = await expectTrue(
      store(),
      all.map(({ id }) => id),
    );
    expect(found.every((one) => one.open)).toBe(true);
  });

  it(`${MOST_OF_MANY} at once, while others decide on the same, are each decided once`, async () => {
    const at = newPage();
    const held = await Promise.all(Array.from({ length: MOST_OF_MANY }, () => post(store(), at)));
    const others = held.filter((_, i) => i % 5 === 0).map((on) => decision(on, 'spam', { version: 1 }));
    const [results] = await Promise.all([
      store().comments.changeMany(held.map(approval)),
      ...others.map((command) => store().comments.change(command.decisionId.slice(18), command)),
    ]);
    const comments = await expectTrue(
      store(),
      held.map(({ id }) => id),
    );
    const statuses = new Map(comments.map(({ id, status }) => [id, status]));
    for (const [i, result] of results.entries())
      expect(statuses.get(held[i]?.id ?? '')).toBe(result.refused === undefined ? 'approved' : 'spam');
  });

  it('tells the site of those that are there', async () => {
    const [one, other] = [await post(store(), newPage()), await post(store(), newPage())];
    expect(await store().comments.sitesOf([one.id, 'none', other.id])).toEqual(
      new Map([
        [one.id, one.site],
        [other.id, other.site],
      ]),
    );
  });
}
