import type { CommentCommand } from '../../src/comments/commands.ts';
import type { Comment } from '../../src/comments/comment.ts';
import { aComment } from '../support/comments.ts';
import { decide, plan, planned, play, report, reported, undo } from '../support/plans.ts';

describe('a report', () => {
  const shown = aComment({ status: 'approved', open: true });

  test('counts as open, raises no version, and stands in no history', () => {
    const { next, entry, reports, event } = planned(plan(shown, [], report('a'), true));
    expect(next).toMatchObject({ openReports: 1, version: shown.version, status: 'approved' });
    expect(entry).toBeNull();
    expect(reports).toEqual({ kind: 'add', report: reported('a') });
    expect(event).toMatchObject({ type: 'reported', act: null });
  });

  test('counts once a reader, and for at most twenty readers of one address', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => reported(`r${i}`, 'one'));
    const refused = { refused: 'not-counted' };
    expect(plan(shown, [], report('a'), true, [reported('a', 'elsewhere')])).toEqual(refused);
    expect(plan(shown, [], report('b', { address: 'one' }), true, twenty)).toEqual(refused);
    expect(plan(shown, [], report('b', { address: 'two' }), true, twenty)).not.toEqual(refused);
  });

  test('holds an approved comment once there are as many as the site says', () => {
    const first = planned(plan(shown, [], report('a', { holdAt: 2 }), true)).next;
    expect(first.status).toBe('approved');
    const { next, entry } = planned(plan(first, [], report('b', { holdAt: 2 }), true, [reported('a')]));
    expect(next).toMatchObject({
      status: 'pending',
      open: false,
      version: 2,
      openReports: 2,
      decidedBy: null,
    });
    expect(entry).toMatchObject({ action: 'hold', from: 'approved', to: 'pending', by: { kind: 'system' } });
  });

  test('that holds a comment is not written away by its author, however often', () => {
    const edit = (version: number, screened: Comment['status']): CommentCommand => ({
      ...{
        kind: 'edit',
        decisionId: `e${version}`,
        at: 4,
        by: { kind: 'author', id: 'k', name: '' },
        version,
      },
      ...{ text: 'New', html: '<p>New</p>', duplicateKey: 'x', screened, screening: [], risk: 0 },
    });
    const { comment, history } = play(shown, [report('a', { holdAt: 1 }), edit(2, 'approved')]);
    expect(comment).toMatchObject({ status: 'pending', revision: 2, openReports: 1 });
    expect(planned(plan(comment, history, edit(3, 'approved'), true)).next.status).toBe('pending');
    expect(planned(plan(comment, history, edit(3, 'spam'), true)).next.status).toBe('spam');
    const looked = play(shown, [report('a', { holdAt: 1 }), decide('approve'), edit(3, 'approved')]);
    expect(looked.comment.status).toBe('approved');
  });

  test('is closed by a decision and open again by its undo, never by a restore', () => {
    const twice = { ...shown, openReports: 2 };
    const decided = planned(plan(twice, [], decide('approve'), true));
    expect(decided.next.openReports).toBe(0);
    expect(decided.reports).toEqual({ kind: 'close', decisionId: 'd1' });
    const history = decided.entry ? [decided.entry] : [];
    const since = { ...decided.next, openReports: 1 };
    const undone = planned(plan(since, history, undo('d1'), true));
    expect(undone.next.openReports).toBe(3);
    expect(undone.reports).toEqual({ kind: 'reopen', decisionId: 'd1' });
    expect(
      planned(plan(since, history, decide('restore', { decisionId: 'd2' }), true)).next.openReports,
    ).toBe(1);
  });
});
