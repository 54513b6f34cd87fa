import type { Actor, Comment } from '../../../src/comments/comment.ts';
import type { Claim } from '../../../src/moderation/claim-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  decide,
  decision,
  edit,
  freshSite,
  MODERATOR,
  OTHER_MODERATOR,
  page,
  post,
  removal,
  undo,
} from '../../support/builders.ts';
import type { OpenedStore } from '../../support/stores.ts';

const NOW = Date.now();
const MINUTE = 60_000;

let people = 0;
const somebody = (): Actor => {
  people += 1;
  return { kind: 'token', id: `claimer-${people}`, name: `Claimer ${people}` };
};

/** Claims: no comment in two leases, whoever asks. */
export function claimsContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const claim = (on: Comment, by: Actor, until = NOW + MINUTE): Claim => ({
    commentId: on.id,
    site: on.site,
    by,
    until,
    version: on.version,
  });
  const posted = (count: number): Promise<Comment[]> => {
    const at = page(freshSite(), 'https://a.example/1');
    return Promise.all(Array.from({ length: count }, () => post(store(), at)));
  };
  const first = async (): Promise<Comment> => (await posted(1))[0] as Comment;

  it('one is given back as it was taken, and has one holder', async () => {
    const on = await first();
    const one = claim(on, MODERATOR);
    expect(await store().claims.take([one], { now: NOW, most: 100 })).toEqual([on.id]);
    expect(await store().claims.of([on.id, 'none'], NOW)).toEqual([one]);
    expect(await store().claims.take([claim(on, OTHER_MODERATOR)], { now: NOW, most: 100 })).toEqual([]);
    expect(await store().claims.take([claim(on, MODERATOR)], { now: NOW, most: 100 })).toEqual([]);
    expect(await store().claims.of([on.id], NOW)).toEqual([one]);
  });

  it('of fifty at once exactly one gets each of many', async () => {
    const all = await posted(20);
    const takers = Array.from({ length: 50 }, somebody);
    const taken = await Promise.all(
      takers.map((by) =>
        store().claims.take(
          all.map((on) => claim(on, by)),
          { now: NOW, most: 100 },
        ),
      ),
    );
    expect(taken.flat().sort()).toEqual(all.map(({ id }) => id).sort());
    for (const [i, by] of takers.entries())
      expect((await store().claims.heldBy(by.id, NOW)).map(({ commentId }) => commentId).sort()).toEqual(
        taken[i]?.sort(),
      );
  });

  it('no more than so many are taken, the first that can be', async () => {
    const all = await posted(8);
    const [first, second] = [somebody(), somebody()];
    const wanted = (by: Actor) => all.map((on) => claim(on, by));
    const ids = all.map(({ id }) => id);
    expect(await store().claims.take(wanted(first).slice(1, 3), { now: NOW, most: 5 })).toEqual(
      ids.slice(1, 3),
    );
    expect(await store().claims.take(wanted(second), { now: NOW, most: 3 })).toEqual([
      ids[0],
      ids[3],
      ids[4],
    ]);
  });

  it('one that has run out counts no more, and is another’s to take', async () => {
    const on = await first();
    const by = somebody();
    await store().claims.take([claim(on, by, NOW + 10)], { now: NOW, most: 100 });
    const later = NOW + 10;
    expect(await store().claims.of([on.id], later)).toEqual([]);
    expect(await store().claims.heldBy(by.id, later)).toEqual([]);
    expect(await store().claims.renew(by.id, [on.id], { now: later, until: later + MINUTE })).toEqual([]);
    expect(await store().claims.release(by.id, [on.id], later)).toEqual([]);
    const next = claim(on, somebody(), later + MINUTE);
    expect(await store().claims.take([next], { now: later, most: 100 })).toEqual([on.id]);
    expect(await store().claims.of([on.id], later)).toEqual([next]);
  });

  it('one of a clock that was set back since has run out, and is another’s to take', async () => {
    const on = await first();
    const by = somebody();
    const ahead = NOW + 3 * 24 * 60 * MINUTE;
    await store().claims.take([claim(on, by, ahead + 60 * MINUTE)], { now: ahead, most: 100 });
    expect(await store().claims.of([on.id], NOW)).toEqual([]);
    expect(await store().claims.heldBy(by.id, NOW)).toEqual([]);
    expect((await store().claims.running(NOW)).filter(({ commentId }) => commentId === on.id)).toEqual([]);
    expect(await store().claims.renew(by.id, [on.id], { now: NOW, until: NOW + MINUTE })).toEqual([]);
    expect(await store().claims.release(by.id, [on.id], NOW)).toEqual([]);
    const next = claim(on, somebody(), NOW + 60 * MINUTE);
    expect(await store().claims.take([next], { now: NOW, most: 100 })).toEqual([on.id]);
    expect(await store().claims.of([on.id], NOW)).toEqual([next]);
    expect(await store().claims.take([claim(on, by)], { now: NOW, most: 100 })).toEqual([]);
  });

  it.each([
    ['a decision', (on: Comment) => decide(store(), on, 'spam')],
    [
      'a decision and its undo',
      async (on: Comment) => {
        const command = decision(on, 'spam');
        await apply(store(), on, command);
        return apply(store(), on, undo(on, command.decisionId));
      },
    ],
    ['an edit', (on: Comment) => apply(store(), on, edit(on, 'Other words'))],
  ])('%s ends it: the next version is another’s to take, and the old one nobody’s', async (_, change) => {
    const on = await first();
    const before = claim(on, somebody());
    await store().claims.take([before], { now: NOW, most: 100 });
    const changed = await change(on);
    const next = claim(changed, somebody());
    expect(await store().claims.take([next], { now: NOW, most: 100 })).toEqual([on.id]);
    expect(await store().claims.take([before, claim(on, somebody())], { now: NOW, most: 100 })).toEqual([]);
    expect(await store().claims.of([on.id], NOW)).toEqual([next]);
  });

  it('one of a comment that is gone counts for nobody', async () => {
    const on = await first();
    await store().claims.take([claim(on, somebody())], { now: NOW, most: 100 });
    const gone = await apply(store(), on, removal(on));
    const [left] = await store().claims.of([on.id], NOW);
    expect(left?.version).toBeLessThan(gone.version);
  });

  it('a person’s own are renewed and given back, and nobody else’s', async () => {
    const all = await posted(4);
    const [me, other] = [somebody(), somebody()];
    const ids = all.map(({ id }) => id);
    await store().claims.take(
      all.map((on, i) => claim(on, i < 3 ? me : other)),
      { now: NOW, most: 100 },
    );
    const times = { now: NOW, until: NOW + 5 * MINUTE };
    expect((await store().claims.renew(me.id, ids, times)).sort()).toEqual(ids.slice(0, 3).sort());
    expect((await store().claims.heldBy(me.id, NOW)).map(({ until }) => until)).toEqual(
      Array(3).fill(times.until),
    );
    expect((await store().claims.release(me.id, ids.slice(1), NOW)).sort()).toEqual(ids.slice(1, 3).sort());
    expect((await store().claims.heldBy(me.id, NOW)).map(({ commentId }) => commentId)).toEqual([ids[0]]);
    expect((await store().claims.heldBy(other.id, NOW)).map(({ until }) => until)).toEqual([NOW + MINUTE]);
  });

  it('everybody’s are told until they run out', async () => {
    const all = await posted(3);
    const ends = [MINUTE, 2 * MINUTE, 3 * MINUTE];
    const taken = all.map((on, i) => claim(on, somebody(), NOW + (ends[i] ?? 0)));
    await store().claims.take(taken, { now: NOW, most: 100 });
    const runningOf = async (now: number): Promise<Claim[]> => {
      const found = await store().claims.running(now);
      return found.filter(({ site }) => site === all[0]?.site).sort((a, b) => a.until - b.until);
    };
    expect(await runningOf(NOW)).toEqual(taken);
    expect(await runningOf(NOW + 2 * MINUTE)).toEqual(taken.slice(2));
  });

  it('they survive a restart', async () => {
    const on = await first();
    const one = claim(on, somebody());
    await store().claims.take([one], { now: NOW, most: 100 });
    await opened().reopen();
    expect(await store().claims.of([on.id], NOW)).toEqual([one]);
  });
}
