import type { CommentCommand, PlannedChange, Refusal } from '../../src/comments/changes.ts';
import { planChange } from '../../src/comments/changes.ts';
import type { Comment, DecisionAction, HistoryEntry } from '../../src/comments/comment.ts';
import { DECISION_ACTIONS, STATUSES } from '../../src/comments/comment.ts';
import { aComment, moderator } from '../support/comments.ts';

const decide = (
  action: DecisionAction,
  given: { version?: number; decisionId?: string } = {},
): CommentCommand => ({
  kind: 'decide',
  decisionId: 'd1',
  at: 1,
  by: moderator,
  action,
  reason: null,
  note: null,
  ...given,
});

const undo = (undoes: string): CommentCommand => ({
  kind: 'undo',
  decisionId: `undo-${undoes}`,
  at: 2,
  by: moderator,
  undoes,
});

function planned(result: PlannedChange | Refusal): PlannedChange {
  if (result.refused !== undefined) throw new Error(`refused: ${result.refused}`);
  return result;
}

/** Applies commands one after another as a store does. */
function play(start: Comment, commands: CommentCommand[]): { comment: Comment; history: HistoryEntry[] } {
  let comment = start;
  let history: HistoryEntry[] = [];
  for (const command of commands) {
    const { next, entry, undone } = planned(planChange(comment, history, command, true));
    history = [...history.map((e) => (e.decisionId === undone ? { ...e, undone: true } : e)), entry];
    comment = next;
  }
  return { comment, history };
}

describe('a decision', () => {
  const given = DECISION_ACTIONS.filter((action) => action !== 'restore');
  const leads = { approve: 'approved', reject: 'rejected', spam: 'spam', trash: 'trash' };
  test.each(STATUSES.flatMap((from) => given.map((action) => [from, action] as const)))(
    'may go from %s by %s, and raises the version',
    (from, action) => {
      const { next, entry } = planned(planChange(aComment({ status: from }), [], decide(action), true));
      expect(next).toMatchObject({ status: leads[action], version: 2, decidedBy: moderator });
      expect(entry).toMatchObject({ from, to: leads[action], version: 2 });
    },
  );

  test('on another version than the one seen is a conflict that tells what stands', () => {
    const { comment, history } = play(aComment(), [decide('approve')]);
    expect(planChange(comment, history, decide('spam', { version: 1 }), true)).toEqual({
      refused: 'conflict',
      current: { status: 'approved', version: 2, by: moderator, at: 1 },
    });
  });

  test('opens a comment only where its parent is open', () => {
    expect(planned(planChange(aComment(), [], decide('approve'), true)).next.open).toBe(true);
    expect(planned(planChange(aComment(), [], decide('approve'), false)).next.open).toBe(false);
  });

  test('on a deleted comment is refused', () => {
    expect(planChange(aComment({ deletedAt: 5 }), [], decide('approve'), true)).toEqual({
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
    expect(planChange(decided, [], decide('restore'), true)).toEqual({ refused: 'nothing-to-restore' });
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
    expect(planChange(comment, history, undo('d1'), true)).toMatchObject({ refused: 'conflict' });
  });

  test('after a newer decision is a conflict', () => {
    const { comment, history } = play(aComment(), [
      decide('spam', { decisionId: 'a' }),
      decide('approve', { decisionId: 'b' }),
    ]);
    expect(planChange(comment, history, undo('a'), true)).toMatchObject({ refused: 'conflict' });
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
    expect(planChange(aComment(), [], undo('x'), true)).toEqual({ refused: 'not-found' });
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
    expect(planned(planChange(current, [], edit(screened), true)).next).toMatchObject({
      status: becomes,
      revision: 2,
    });
  });

  test.each(['pending', 'approved', 'spam', 'rejected'] as const)(
    'of a machine’s status is given anew: %s',
    (screened) => {
      const current = aComment({ status: 'spam' });
      expect(planned(planChange(current, [], edit(screened), true)).next.status).toBe(screened);
    },
  );

  test('of a version that changed meanwhile is a conflict, so nothing unseen is overwritten', () => {
    expect(planChange(aComment({ version: 2 }), [], edit('approved', 1), true)).toMatchObject({
      refused: 'conflict',
    });
  });

  test('stands in the way of undoing an older decision', () => {
    const { comment, history } = play(aComment(), [
      decide('approve', { decisionId: 'a' }),
      edit('approved', 2),
    ]);
    expect(planChange(comment, history, undo('a'), true)).toMatchObject({ refused: 'conflict' });
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
    expect(planned(planChange(current, [], command, true)).next).toMatchObject({
      text: null,
      html: null,
      open: true,
      deletedAt: 9,
      author: { key: 'k', name: null, url: null, email: null },
    });
  });
});
