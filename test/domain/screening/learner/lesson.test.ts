import type { Actor, HistoryAction, HistoryEntry } from '../../../../src/comments/comment.ts';
import { labelOf } from '../../../../src/screening/learner/lesson.ts';
import { MODERATOR } from '../../../support/builders.ts';

function entry(action: HistoryAction, rest: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    decisionId: action,
    at: 0,
    by: MODERATOR,
    action,
    from: 'pending',
    to: 'pending',
    reason: null,
    note: null,
    batchId: null,
    version: 1,
    closedReports: 0,
    undone: false,
    undoes: null,
    previousBy: null,
    revision: null,
    ...rest,
  };
}

const FILTER: Actor = { kind: 'filter', id: 'f', name: 'f' };
const undone = { undone: true };

describe('what people say of a comment', () => {
  it.each<[string, HistoryEntry[], string | null]>([
    ['nothing yet', [], null],
    ['approved', [entry('approve')], 'ham'],
    ['spam', [entry('spam')], 'spam'],
    ['rejected', [entry('reject')], 'rejected'],
    ['trashed', [entry('trash')], null],
    ['the newest word counts', [entry('approve'), entry('spam')], 'spam'],
    ['rejected after approval is no ham any more', [entry('approve'), entry('reject')], 'rejected'],
    ['trashed after approval', [entry('approve'), entry('trash')], null],
    ['a rejection undone', [entry('reject', undone), entry('undo')], null],
    ['undone', [entry('spam', undone), entry('undo')], null],
    ['undone to what was before', [entry('approve'), entry('spam', undone), entry('undo')], 'ham'],
    ['restored from the trash', [entry('approve'), entry('trash'), entry('restore')], 'ham'],
    ['restored from the only word', [entry('spam'), entry('restore')], null],
    ['decided after a restore', [entry('spam'), entry('restore'), entry('approve')], 'ham'],
    ['what changes nothing', [entry('spam'), entry('reveal'), entry('highlight'), entry('reply')], 'spam'],
    ['edited after it was decided', [entry('approve'), entry('edit')], 'ham'],
    ['a filter is no person', [entry('spam', { by: FILTER })], null],
  ])('%s', (_, history, label) => {
    expect(labelOf(history)).toBe(label);
  });
});
