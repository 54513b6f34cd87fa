import type { CommentCommand } from '../../src/comments/commands.ts';
import type { Comment } from '../../src/comments/comment.ts';
import { DECISION_ACTIONS, STATUSES } from '../../src/comments/comment.ts';
import { aComment, moderator } from '../support/comments.ts';
import { decide, plan, planned, play, undo } from '../support/plans.ts';

describe('a decision', () => {
  const given = DECISION_ACTIONS.filter((action) => action !== 'restore');
  const leads = { approve: 'approved', reject: 'rejected', spam: 'spam', trash: 'trash' };
  test.each(STATUSES.flatMap((from) => given.map((action) => [from, action] as const)))(
    'may go from %s by %s, and raises the version',
    (from, action) => {
      const { next, entry } = planned(plan(aComment({ status: from }), [], decide(action), true));
      expect(next).toMatchObject({ status: leads[action], version: 2, decidedBy: moderator });
      expect(entry).toMatchObject({ from, to: leads[action], version: 2 });
    },
  );

  test('on another version than the one seen is a conflict that tells what stands', () => {
    const { comment, history } = play(aComment(), [decide('approve')]);
    const late = decide('spam', { version: 1, decisionId: 'd2' });
    expect(plan(comment, history, late, true)).toEqual({
      refused: 'conflict',
      current: { status: 'approved', version: 2, by: moderator, at: 1 },
    });
  });

  test('opens a comment only where its parent is open', () => {
    expect(planned(plan(aComment(), [], decide('approve'), true)).next.open).toBe(true);
    expect(planned(plan(aComment(), [], decide('approve'), false)).next.open).toBe(false);
  });

  test('on a deleted comment is refused', () => {
    expect(plan(aComment({ deletedAt: 5 }), [], decide('approve'), true)).toEqual({
      refused: 'comment-deleted',
    });
  });
});

describe('restore', () => {
  test('returns to the status before the newest decision', () => {
    const { comment } = play(aComment({ status: 'approved' }), [
      decide('spam', { decisionId: 'a' }),
      decide('restore', { decisionId: 'b' }),
    ]);
    expect(comment.status).toBe('approved');
  });

  test('passes over decisions that were undone', () => {
    const { comment } = play(aComment(), [
      decide('approve', { decisionId: 'a' }),
      decide('trash', { decisionId: 'b' }),
      undo('b'),
      decide('restore', { decisionId: 'c' }),
    ]);
    expect(comment.status).toBe('pending');
  });

  test('of what only screening decided leads to pending', () => {
    const { comment } = play(aComment({ status: 'spam' }), [decide('restore')]);
    expect(comment.status).toBe('pending');
  });

  test('with nothing to return to is refused', () => {
    const decided = aComment({ status: 'spam', decidedBy: moderator });
    expect(plan(decided, [], decide('restore'), true)).toEqual({ refused: 'nothing-to-restore' });
  });
});

describe('an act sent again', () => {
  test.each([
    ['a decision', [decide('spam', { version: 1 })]],
    ['an undo', [decide('spam'), undo('d1')]],
    ['a decision that was taken back', [decide('spam', { version: 1 }), undo('d1')]],
  ] as const)('%s: tells what it did, and does nothing', (_, acts) => {
    const { comment, history } = play(aComment(), [...acts]);
    for (const act of acts) {
      const entry = history.find((one) => 'decisionId' in act && one.decisionId === act.decisionId);
      expect(plan(comment, history, act, true)).toEqual({ refused: 'repeated', entry });
    }
  });

  test('tells so of a comment that its author has taken away since', () => {
    const { comment, history } = play(aComment(), [decide('spam')]);
    const gone = { ...comment, deletedAt: 9 };
    expect(plan(gone, history, decide('spam'), true)).toMatchObject({ refused: 'repeated' });
  });
});

describe('undo', () => {
  test('gives status and decider back and raises the version', () => {
    const { comment, history } = play(aComment(), [decide('spam'), undo('d1')]);
    expect(comment).toMatchObject({ status: 'pending', decidedBy: null, version: 3 });
    expect(history[0]?.undone).toBe(true);
  });

  test('a second time is a conflict', () => {
    const { comment, history } = play(aComment(), [decide('spam'), undo('d1')]);
    const again = { ...undo('d1'), decisionId: 'd3' };
    expect(plan(comment, history, again, true)).toMatchObject({ refused: 'conflict' });
  });

  test('after a newer decision is a conflict', () => {
    const { comment, history } = play(aComment(), [
      decide('spam', { decisionId: 'a' }),
      decide('approve', { decisionId: 'b' }),
    ]);
    expect(plan(comment, history, undo('a'), true)).toMatchObject({ refused: 'conflict' });
  });

  test('goes back decision by decision, newest first', () => {
    const { comment } = play(aComment(), [
      decide('spam', { decisionId: 'a' }),
      decide('approve', { decisionId: 'b' }),
      undo('b'),
      undo('a'),
    ]);
    expect(comment.status).toBe('pending');
  });

  test('of a decision that is not this comment’s is not found', () => {
    expect(plan(aComment(), [], undo('x'), true)).toEqual({ refused: 'not-found' });
  });
});

describe('an edit', () => {
  const edit = (screened: Comment['status'], version = 1): CommentCommand => ({
    kind: 'edit',
    decisionId: 'e1',
    at: 3,
    by: { kind: 'author', id: 'k', name: '' },
    version,
    text: 'New',
    html: '<p dir="auto">New</p>',
    duplicateKey: 'x',
    screened,
    screening: [],
    risk: 0,
  });

  test.each([
    ['approved', 'pending', 'pending'],
    ['approved', 'approved', 'approved'],
    ['rejected', 'approved', 'rejected'],
    ['spam', 'approved', 'spam'],
    ['trash', 'pending', 'trash'],
  ] as const)('of what a person made %s and screening calls %s becomes %s', (status, screened, becomes) => {
    const current = aComment({ status, decidedBy: moderator });
    expect(planned(plan(current, [], edit(screened), true)).next).toMatchObject({
      status: becomes,
      revision: 2,
    });
  });

  test.each(['pending', 'approved', 'spam', 'rejected'] as const)(
    'of a machine’s status is given anew: %s',
    (screened) => {
      const current = aComment({ status: 'spam' });
      expect(planned(plan(current, [], edit(screened), true)).next.status).toBe(screened);
    },
  );

  test('of a version that changed meanwhile is a conflict, so nothing unseen is overwritten', () => {
    expect(plan(aComment({ version: 2 }), [], edit('approved', 1), true)).toMatchObject({
      refused: 'conflict',
    });
  });

  test('stands in the way of undoing an older decision', () => {
    const { comment, history } = play(aComment(), [
      decide('approve', { decisionId: 'a' }),
      edit('approved', 2),
    ]);
    expect(plan(comment, history, undo('a'), true)).toMatchObject({ refused: 'conflict' });
  });
});

describe('a removal', () => {
  test('erases text, name, url and address at once and keeps the place open', () => {
    const current = aComment({
      status: 'approved',
      open: true,
      author: { key: 'k', name: 'Sara', url: 'https://x.example', email: 'sealed', moderator: false },
    });
    const command: CommentCommand = {
      kind: 'remove',
      decisionId: 'r',
      at: 9,
      by: { kind: 'author', id: 'k', name: '' },
    };
    expect(planned(plan(current, [], command, true)).next).toMatchObject({
      text: null,
      html: null,
      open: true,
      deletedAt: 9,
      author: { key: 'k', name: null, url: null, email: null },
    });
  });
});

describe('what a moderator does beside deciding', () => {
  const revise = (version: number, body?: string): CommentCommand => ({
    kind: 'revise',
    decisionId: 'r1',
    at: 4,
    by: moderator,
    version,
    author: { name: 'Named anew' },
    ...(body !== undefined && { body: { text: body, html: `<p>${body}</p>` } }),
  });

  test('a revised text raises version and revision, a name alone the version; the status stays', () => {
    const current = aComment({ status: 'approved', open: true });
    expect(planned(plan(current, [], revise(1, 'better'), true)).next).toMatchObject({
      text: 'better',
      version: 2,
      revision: 2,
      status: 'approved',
      author: { name: 'Named anew' },
    });
    expect(planned(plan(current, [], revise(1), true)).next).toMatchObject({ version: 2, revision: 1 });
    expect(plan(current, [], revise(7), true)).toMatchObject({ refused: 'conflict' });
  });

  test('a highlight is in the history, raises no version, and does not stand in the way of an undo', () => {
    const { comment, history } = play(aComment(), [
      decide('approve'),
      { kind: 'note', decisionId: 'h', at: 5, by: moderator, action: 'highlight', pinned: true },
    ]);
    expect(comment).toMatchObject({ pinned: true, version: 2 });
    expect(history.map((entry) => entry.action)).toEqual(['approve', 'highlight']);
    expect(planned(plan(comment, history, undo('d1'), true)).next.status).toBe('pending');
  });
});
