import type { Comment } from '../../../src/comments/comment.ts';
import { SLOT_MS, slotOf } from '../../../src/comments/tallies.ts';
import type { TallySums } from '../../../src/moderation/stats-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  decide,
  decision,
  edit,
  freshSite,
  OTHER_MODERATOR,
  page,
  post,
  removal,
  site,
  tick,
  undo,
} from '../../support/builders.ts';
import { expectTallied } from '../../support/recount.ts';

const DAY = 24 * 60 * 60 * 1000;
const PER_DAY = DAY / SLOT_MS;

/** What statistics count. What that is, is comments/tallies.ts's to say. */
export function statsContract(store: () => Storage): void {
  const read = (of: string, bounds: number[]): Promise<TallySums> =>
    store().stats.tallies({ sites: [of], bounds });
  const restOf = ({ rest }: TallySums): Record<string, number> =>
    Object.fromEntries(rest.map(({ what, n }) => [what, n]));

  it('gives volumes by stretch and everything else in one sum, true at once', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const start = tick();
    const first = slotOf(start);
    const bounds = [first, first + 1, first + 2 * PER_DAY, first + 3 * PER_DAY];
    const one = await post(store(), at, { createdAt: start });
    await post(store(), at, { createdAt: start + 2.5 * DAY, status: 'approved' });
    await post(store(), at, { createdAt: start + 30 * DAY, status: 'spam' });
    await apply(store(), one, decision(one, 'reject', { at: start + DAY }));
    const sums = await read(at.site, bounds);
    expect(sums.volumes).toEqual([
      { created: 1, approved: 0, rejected: 0, spam: 0 },
      { created: 0, approved: 0, rejected: 1, spam: 0 },
      { created: 1, approved: 1, rejected: 0, spam: 0 },
    ]);
    expect(restOf(sums)).toEqual({
      'phase/held/moderation': 2,
      'phase/decided/moderation': 1,
      'decisions/["moderator","m1","Mina"]': 1,
      'wait/86400': 1,
    });
    expect(sums.rest.find(({ what }) => what.startsWith('decisions'))?.last).toBe(slotOf(start + DAY));
    expect((await read(freshSite(), bounds)).volumes.every(({ created }) => created === 0)).toBe(true);
  });

  it('gives what was tallied of many sites as one sum', async () => {
    const [one, other] = [page(freshSite(), 'https://a.example/1'), page(freshSite(), 'https://a.example/1')];
    const start = tick();
    await post(store(), one, { createdAt: start });
    await post(store(), one, { createdAt: start + DAY, status: 'approved' });
    await post(store(), other, { createdAt: start + DAY, status: 'spam' });
    const first = slotOf(start);
    const bounds = [first, first + 1, first + 2 * PER_DAY];
    // More than a store reads at once, most of them without a comment.
    const quiet = Array.from({ length: 250 }, (_, index) => `${one.site}-${index}`);
    const sums = await store().stats.tallies({ sites: [one.site, ...quiet, other.site], bounds });
    expect(sums.volumes).toEqual([
      { created: 1, approved: 0, rejected: 0, spam: 0 },
      { created: 2, approved: 1, rejected: 0, spam: 1 },
    ]);
    expect(restOf(sums)).toEqual({ 'phase/held/moderation': 3 });
    expect((await read(other.site, bounds)).volumes[1]).toEqual({
      created: 1,
      approved: 0,
      rejected: 0,
      spam: 1,
    });
    expect(await store().stats.tallies({ sites: [], bounds })).toEqual({
      volumes: [expect.objectContaining({ created: 0 }), expect.objectContaining({ created: 0 })],
      rest: [],
    });
  });

  it('an undo leaves the tallies as they were, a later decision overturns an earlier', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const held = await post(store(), at);
    const bounds = [0, 10_000_000];
    const before = await read(at.site, bounds);
    const first = decision(held, 'approve');
    await apply(store(), held, first);
    await apply(store(), held, undo(held, first.decisionId));
    expect(await read(at.site, bounds)).toEqual(before);
    await decide(store(), held, 'approve');
    await decide(store(), held, 'spam', { by: OTHER_MODERATOR });
    expect(restOf(await read(at.site, bounds))).toMatchObject({
      'overturned/["moderator","m1","Mina"]': 1,
      'decisions/["moderator","m2","Otto"]': 1,
    });
  });

  it('stay what the rows say while fifty decide, edit and take away at once', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const posted = await Promise.all(Array.from({ length: 25 }, () => post(store(), at)));
    const acts = posted.flatMap((one: Comment, i) => [
      store().comments.change(one.id, decision(one, i % 2 ? 'approve' : 'spam')),
      store().comments.change(
        one.id,
        i % 3 === 0
          ? removal(one)
          : i % 3 === 1
            ? edit(one, 'New', { screened: 'approved' })
            : decision(one, 'reject', { by: OTHER_MODERATOR }),
      ),
    ]);
    await Promise.all(acts);
    await expectTallied(store(), await store().comments.findMany(posted.map(({ id }) => id)));
  });

  it('go with their site', async () => {
    const made = site(freshSite());
    await store().sites.create(made);
    await post(store(), page(made.id, 'https://a.example/1'));
    await store().sites.remove(made.id);
    const { volumes, rest } = await read(made.id, [0, 10_000_000]);
    expect({ volumes, rest }).toEqual({
      volumes: [{ created: 0, approved: 0, rejected: 0, spam: 0 }],
      rest: [],
    });
  });
}
