import type { Comment, Report } from '../../../src/comments/comment.ts';
import { siteScope } from '../../../src/comments/counts.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  decision,
  freshSite,
  page,
  postApproved,
  removal,
  report,
  undo,
} from '../../support/builders.ts';

/** Readers' reports as a store keeps them. Which of them count is changes.ts's to say. */
export function reportsContract(store: () => Storage): void {
  const fresh = (): Promise<Comment> => postApproved(store(), page(freshSite(), 'https://a.example/1'));
  const openOf = async (on: Comment): Promise<Report[]> =>
    (await store().comments.openReports([on.id])).get(on.id) ?? [];
  const reported = async (on: Comment): Promise<number> =>
    (await store().comments.counts([siteScope(on.site)])).get(siteScope(on.site))?.reported ?? 0;

  it('are given back as they came, oldest first, and those of several comments by comment', async () => {
    const [one, two, none] = [await fresh(), await fresh(), await fresh()];
    const first = report(one, 'reader b', { report: { note: 'یادداشت', reason: 'illegal' } });
    const second = report(one, 'reader a');
    await apply(store(), one, first);
    await apply(store(), one, second);
    await apply(store(), two, report(two, 'reader a'));
    const found = await store().comments.openReports([two.id, none.id, one.id]);
    expect([...found.keys()].sort()).toEqual([one.id, two.id].sort());
    expect(found.get(one.id)).toEqual([
      {
        id: first.decisionId,
        reader: 'reader b',
        address: 'address of reader b',
        reason: 'illegal',
        note: 'یادداشت',
        at: first.at,
        closedBy: null,
      },
      expect.objectContaining({ id: second.decisionId, reader: 'reader a', at: second.at, note: null }),
    ]);
  });

  it('change no version, no status and no text', async () => {
    const on = await fresh();
    expect(await apply(store(), on, report(on, 'a reader'))).toEqual({ ...on, openReports: 1 });
    expect(await store().comments.find(on.id)).toEqual({ ...on, openReports: 1 });
    expect(await store().comments.history(on.id)).toEqual([]);
  });

  it('by one reader fifty times at once count once, and by fifty readers fifty times', async () => {
    const on = await fresh();
    await Promise.all(
      Array.from({ length: 50 }, () => store().comments.change(on.id, report(on, 'the same'))),
    );
    expect(await openOf(on)).toHaveLength(1);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => store().comments.change(on.id, report(on, `reader ${i}`))),
    );
    expect(await openOf(on)).toHaveLength(51);
    expect(await store().comments.find(on.id)).toMatchObject({ openReports: 51, version: 1 });
    expect(await reported(on)).toBe(1);
  });

  it('of one address count twenty times', async () => {
    const on = await fresh();
    const sent = Array.from({ length: 25 }, (_, i) =>
      report(on, `reader ${i}`, { report: { address: 'one address' } }),
    );
    const results = await Promise.all(sent.map((command) => store().comments.change(on.id, command)));
    expect(results.filter(({ refused }) => refused === 'not-counted')).toHaveLength(5);
    expect(await openOf(on)).toHaveLength(20);
  });

  it('are closed by a decision, come back with its undo, and a closed reader counts no second time', async () => {
    const on = await fresh();
    await apply(store(), on, report(on, 'early'));
    const confirmed = decision(on, 'approve');
    await apply(store(), on, confirmed);
    expect(await openOf(on)).toEqual([]);
    expect(await reported(on)).toBe(0);
    expect(await store().comments.change(on.id, report(on, 'early'))).toEqual({ refused: 'not-counted' });
    await apply(store(), on, report(on, 'late'));
    expect((await openOf(on)).map(({ reader }) => reader)).toEqual(['late']);
    await apply(store(), on, undo(on, confirmed.decisionId));
    expect((await openOf(on)).map(({ reader }) => reader)).toEqual(['early', 'late']);
    expect(await store().comments.find(on.id)).toMatchObject({ openReports: 2 });
    expect(await reported(on)).toBe(1);
  });

  it('hold the comment from the site’s number on, and then are not in the list of reported ones', async () => {
    const on = await fresh();
    await apply(store(), on, report(on, 'one', { holdAt: 2 }));
    const held = await apply(store(), on, report(on, 'two', { holdAt: 2 }));
    expect(held).toMatchObject({ status: 'pending', open: false, openReports: 2, version: 2 });
    expect(await store().comments.history(on.id)).toMatchObject([{ action: 'hold', by: { kind: 'system' } }]);
    expect(await reported(on)).toBe(0);
    await apply(store(), on, decision(on, 'approve'));
    expect(await openOf(on)).toEqual([]);
  });

  it('of a deleted comment are refused, and it is reported no longer', async () => {
    const on = await fresh();
    await apply(store(), on, report(on, 'one'));
    await apply(store(), on, removal(on));
    expect(await reported(on)).toBe(0);
    expect(await store().comments.change(on.id, report(on, 'two'))).toEqual({ refused: 'comment-deleted' });
  });
}
