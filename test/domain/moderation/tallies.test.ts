import type { Actor, CommentStatus, HistoryAction, PhaseOutcome } from '../../../src/comments/comment.ts';
import type { TalliedComment, TalliedEntry } from '../../../src/comments/tallies.ts';
import { readTally, SLOT_MS, slotOf, talliesOf, tallyChange } from '../../../src/comments/tallies.ts';
import { scorecardsOf } from '../../../src/moderation/scorecards.ts';
import { PHASES } from '../../../src/screening/index.ts';
import { createPhaseTimes } from '../../../src/screening/phase-times.ts';
import { expectLinear } from '../../support/growth.ts';

const MINA: Actor = { kind: 'moderator', id: 'm/1', name: 'Mina "M" — مینا' };
const OTTO: Actor = { kind: 'token', id: 'm2', name: 'Otto' };
const AUTHOR: Actor = { kind: 'author', id: 'a', name: '' };
const FILTER: Actor = { kind: 'filter', id: 'f', name: 'f' };
const POSTED = 1_767_225_600_000;

const said = (phase: string, outcome: PhaseOutcome['outcome']): PhaseOutcome => ({
  phase,
  outcome,
  code: null,
  detail: null,
  score: null,
  ms: 0,
});
const aComment = (rest: Partial<TalliedComment> = {}): TalliedComment => ({
  createdAt: POSTED,
  status: 'pending',
  decidedBy: null,
  screening: [said('links', 'pass'), said('moderation', 'hold')],
  ...rest,
});
const entry = (
  [from, to]: [CommentStatus, CommentStatus],
  rest: Partial<TalliedEntry> & { action: HistoryAction },
): TalliedEntry => ({ at: POSTED + 60_000, by: MINA, from, to, undone: false, ...rest });

/** What it stands in, by name: `2 × approved`. */
function named(comment: TalliedComment, history: TalliedEntry[] = []): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { what, by } of talliesOf(comment, history)) {
    const read = ['created', 'approved', 'rejected', 'spam'].includes(what) ? null : readTally(what);
    const name =
      read === null
        ? what
        : read.kind === 'phase'
          ? `${read.phase} ${read.tally}`
          : read.kind === 'wait'
            ? `waited ${read.seconds}`
            : read.kind === 'took'
              ? `${read.phase} took ${read.ms}`
              : `${read.kind} ${read.by.id}`;
    sums[name] = (sums[name] ?? 0) + by;
  }
  return sums;
}

test('a filter that has not answered counts as its admin said, and how long it took is told about', () => {
  const filter = { id: 'f', verdict: null, labels: [], reason: null, signedAt: null };
  const failed = { ...said('filter:f', 'error'), ms: 1234.5 };
  const held = { ...failed, filter: { ...filter, onFailure: 'hold' as const } };
  expect(named(aComment({ screening: [held] }))).toEqual({
    created: 1,
    'filter:f held': 1,
    'filter:f took 1400': 1,
  });
  const published = { ...failed, filter: { ...filter, onFailure: 'publish' as const } };
  expect(named(aComment({ screening: [published] }))).toEqual({ created: 1, 'filter:f took 1400': 1 });
});

test('a new comment is created and has the status that screening gave it; pending and trash are no volume', () => {
  expect(named(aComment())).toEqual({ created: 1, 'moderation held': 1 });
  expect(named(aComment({ status: 'approved', screening: [said('links', 'pass')] }))).toEqual({
    created: 1,
    approved: 1,
  });
});

test('each change of status is its day’s, a confirmation is none', () => {
  const later = POSTED + 3 * 24 * SLOT_MS * 4;
  const history = [
    entry(['pending', 'approved'], { action: 'approve' }),
    entry(['approved', 'approved'], { action: 'approve', by: OTTO }),
    entry(['approved', 'spam'], { action: 'spam', at: later }),
  ];
  const tallies = talliesOf(aComment({ status: 'spam', decidedBy: MINA }), history);
  const slotsOf = (what: string) => tallies.filter((one) => one.what === what).map(({ slot }) => slot);
  expect(slotsOf('approved')).toEqual([slotOf(POSTED)]);
  expect(slotsOf('spam')).toEqual([slotOf(later)]);
});

test('a moderator’s decisions are counted, and those that a later one changed the status of', () => {
  const history = [
    entry(['pending', 'approved'], { action: 'approve' }),
    entry(['approved', 'approved'], { action: 'approve', by: OTTO, at: POSTED + 120_000 }),
    entry(['approved', 'rejected'], { action: 'reject', by: OTTO, at: POSTED + 180_000 }),
  ];
  expect(named(aComment({ status: 'rejected', decidedBy: OTTO, screening: [] }), history)).toEqual({
    created: 1,
    approved: 1,
    rejected: 1,
    'decisions m/1': 1,
    'overturned m/1': 1,
    'decisions m2': 2,
    'overturned m2': 1,
    'waited 60': 1,
  });
});

test('of two minds is every decision that a later one means otherwise, however many stand between', () => {
  const turns: CommentStatus[] = ['spam', 'approved', 'spam', 'spam', 'approved', 'approved'];
  const history = turns.map((to, i) =>
    entry([turns[i - 1] ?? 'pending', to], { action: to === 'spam' ? 'spam' : 'approve' }),
  );
  expect(named(aComment({ status: 'approved' }), history)).toMatchObject({
    'decisions m/1': 6,
    'overturned m/1': 4,
  });
});

test.each(['the same again and again', 'taking turns'])(
  'a decision on a comment that was often decided on, %s, costs what there is of them',
  async (how) => {
    const other = how === 'taking turns' ? 'rejected' : 'spam';
    await expectLinear((size) => {
      const before = Array.from({ length: size }, (_, i) => {
        const [from, to]: [CommentStatus, CommentStatus] = i % 2 === 0 ? [other, 'spam'] : ['spam', other];
        return entry([from, to], { action: to === 'spam' ? 'spam' : 'reject' });
      });
      const after = [...before, entry([other, 'approved'], { action: 'approve' })];
      const moved = tallyChange(talliesOf(aComment(), before), talliesOf(aComment(), after));
      expect(moved.length).toBeLessThan(5);
    }, 16_000);
  },
);

test('authors, filters and the service decide nothing; reveals, edits and undos are no decisions', () => {
  const history = [
    entry(['approved', 'pending'], { action: 'hold', by: { kind: 'system', id: 'reports', name: '' } }),
    entry(['pending', 'spam'], { action: 'spam', by: FILTER }),
    entry(['spam', 'spam'], { action: 'reveal' }),
    entry(['spam', 'pending'], { action: 'edit', by: AUTHOR }),
  ];
  expect(named(aComment({ screening: [] }), history)).toEqual({ created: 1, approved: 1, spam: 1 });
});

test('what was taken back leaves everything as before it', () => {
  const before = aComment();
  const history = [
    entry(['pending', 'spam'], { action: 'spam', undone: true }),
    entry(['spam', 'pending'], { action: 'undo', by: OTTO }),
  ];
  expect(tallyChange(talliesOf(before, []), talliesOf(before, history))).toEqual([]);
});

test('the first decision is what was waited for, in seconds, of many three digits', () => {
  const waited = (ms: number) =>
    Object.keys(named(aComment(), [entry(['pending', 'trash'], { action: 'trash', at: POSTED + ms })])).find(
      (name) => name.startsWith('waited'),
    );
  expect(waited(499)).toBe('waited 0');
  expect(waited(999_400)).toBe('waited 999');
  expect(waited(1_234_000)).toBe('waited 1230');
  expect(waited(86_431_000)).toBe('waited 86400');
  expect(waited(-5000)).toBe('waited 0');
});

const decided = (
  outcomes: PhaseOutcome['outcome'][],
  status: CommentStatus,
  decidedBy: Actor | null = MINA,
): Record<string, number> => {
  const screening = outcomes.map((outcome, i) => said(`p${i}`, outcome));
  const {
    created: _,
    approved: _a,
    spam: _s,
    rejected: _r,
    ...phases
  } = named(aComment({ status, decidedBy, screening }));
  return phases;
};

test('a phase is overturned when a person approves what it called spam or rejected', () => {
  expect(decided(['spam', 'reject', 'pass'], 'approved')).toEqual({
    'p0 spam': 1,
    'p0 decided': 1,
    'p0 overturned': 1,
    'p1 rejected': 1,
    'p1 decided': 1,
    'p1 overturned': 1,
  });
  expect(decided(['spam'], 'spam')).toEqual({ 'p0 spam': 1, 'p0 decided': 1 });
});

test('a held comment that is approved overturns nothing', () => {
  expect(decided(['hold', 'error', 'waiting'], 'approved')).toEqual({
    'p0 held': 1,
    'p0 decided': 1,
    'p1 held': 1,
    'p1 decided': 1,
    'p2 held': 1,
    'p2 decided': 1,
  });
});

test('a phase that passed a comment alone is overturned when a person calls it spam', () => {
  expect(decided(['pass', 'skipped'], 'spam')).toEqual({ 'p0 decided': 1, 'p0 overturned': 1 });
  expect(decided(['pass'], 'rejected')).toEqual({ 'p0 decided': 1 });
  expect(decided(['pass', 'hold'], 'spam')).toEqual({ 'p1 held': 1, 'p1 decided': 1 });
});

test('without a person’s word nothing is decided', () => {
  expect(decided(['spam'], 'approved', FILTER)).toEqual({ 'p0 spam': 1 });
  expect(decided(['pass'], 'spam', null)).toEqual({});
});

test('names of phases and people may hold anything', () => {
  const screening = [said('filter:a/b/c', 'spam')];
  expect(named(aComment({ status: 'spam', screening }))).toMatchObject({ 'filter:a/b/c spam': 1 });
});

test('what is no rule of ours is shown behind them by name, in whichever order a store counted it', () => {
  const sums = ['filter:Words', 'links', 'filter:Akismet'].map((name) => ({
    what: `phase/held/${name}`,
    n: 1,
    last: 0,
  }));
  const names = (given: typeof sums) => scorecardsOf(given, createPhaseTimes()).map(({ phase }) => phase);
  const expected = [...PHASES.map(({ name }) => name), 'filter:Akismet', 'filter:Words'];
  expect([names(sums), names(sums.reverse())]).toEqual([expected, expected]);
});
