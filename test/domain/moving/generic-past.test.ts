import { firstApproval } from '../../../src/comments/changes/second-review.ts';
import { createKeyring } from '../../../src/keys.ts';
import { buildPast, shapeOf } from '../../../src/moving/build-past.ts';
import { createPastReader } from '../../../src/moving/formats/generic-past.ts';

/** What became of a comment as any file may tell it. */

const keys = createKeyring(Buffer.alloc(32, 7));
const COMMENT = { id: '01f101f2ea001ndx3k1gsghq6xn5vby', createdAt: Date.UTC(2021, 0, 1) };
const AT = '2022-01-01T00:00:00.000Z';
const act = (rest: object = {}) => ({
  ...{ at: AT, by: { kind: 'moderator', id: 'm1', name: 'Ada' }, action: 'approve', from: 'pending' },
  ...{ to: 'approved', version: 2, ...rest },
});

function pastOf(line: object) {
  const past = createPastReader().read(line as Record<string, unknown>);
  if (!past) throw new Error('nothing is told');
  return { past, built: buildPast({ keys }, COMMENT, past) };
}

test('a line that tells nothing of it has no past', () => {
  expect(createPastReader().read({ id: '1', text: 'Hello' })).toBeNull();
});

test('people of a file are nobody here, whatever id they come with', () => {
  const ids = ['m1', 'root', '', null, 7, 'x'.repeat(500), 'imported/m1'];
  const { built } = pastOf({ history: ids.map((id) => act({ by: { kind: 'moderator', id, name: 'Ada' } })) });
  expect(built.history.map(({ by }) => by.id.slice(0, 14))).toEqual([
    ...[
      'imported/m1',
      'imported/root',
      'imported',
      'imported',
      'imported/7',
      'imported/xxxxx',
      'imported/impor',
    ],
  ]);
});

test('an approval that was given elsewhere is none of the two that a site may want', () => {
  const { built } = pastOf({ history: [act({ to: 'pending' })] });
  expect(firstApproval(built.history)).toBeNull();
  expect(
    firstApproval(built.history.map((entry) => ({ ...entry, by: { ...entry.by, id: 'm1' } }))),
  ).not.toBeNull();
});

test('what an act took back or a report was closed by is told by its place, and by none that is not there', () => {
  const { past, built } = pastOf({
    history: [
      act({ undone: true }),
      act({ action: 'undo', undoes: 1 }),
      act({ undoes: 3 }),
      act({ undoes: -1 }),
    ],
    reports: [
      ...[
        { reason: 'spam', note: 'x', at: AT, closedBy: 4 },
        { reason: 'nonsense', closedBy: 99 },
        'text',
        null,
      ],
      { reason: 'abuse', closedBy: 0 },
    ],
  });
  const [first, second, third, fourth] = built.history;
  expect(second?.undoes).toBe(first?.decisionId);
  expect([third?.undoes, fourth?.undoes]).toEqual([null, null]);
  expect(built.history.map(({ closedReports }) => closedReports)).toEqual([0, 0, 0, 1]);
  expect(built.reports.map(({ reason, closedBy }) => [reason, closedBy === null])).toEqual([
    ...[['spam', false] as const, ['other', true] as const, ['abuse', false] as const],
  ]);
  expect(built.reports[0]?.closedBy).toBe(fourth?.decisionId);
  expect(new Set(built.reports.map(({ reader }) => reader)).size).toBe(3);
  expect(shapeOf(past, false).openReports).toBe(1);
});

test('an act of a kind that is not known here is left out, and leaves the places of the others', () => {
  const { built } = pastOf({
    history: [act({ action: 'levitate' }), act(), act({ action: 'undo', undoes: 2 })],
  });
  expect(built.history.map(({ action }) => action)).toEqual(['approve', 'undo']);
  expect(built.history[1]?.undoes).toBe(built.history[0]?.decisionId);
});

test('building it again gives the same ids, and another comment gives others', () => {
  const { past, built } = pastOf({ history: [act()], reports: [{ reason: 'spam', at: AT }] });
  expect(buildPast({ keys }, COMMENT, past)).toEqual(built);
  const other = buildPast({ keys }, { ...COMMENT, id: COMMENT.id.replace(/^01/, '02') }, past);
  expect(other.history[0]?.decisionId.slice(0, 18)).not.toBe(built.history[0]?.decisionId.slice(0, 18));
  expect(other.reports[0]?.reader).not.toBe(built.reports[0]?.reader);
});

test('of what rules said that stays which means something here, and no file names many filters', () => {
  const outcome = (phase: unknown, rest: object = {}) => ({
    phase,
    outcome: 'hold',
    score: 0.5,
    ms: 1,
    ...rest,
  });
  const reader = createPastReader();
  const hostile = [
    ...[
      outcome('links', { score: 7, ms: -1, matches: [{ field: 'body', start: 1, end: 2, weight: 'x' }, 4] }),
    ],
    ...[outcome('made-up'), outcome(4), outcome('links', { outcome: 'explode' }), null, 'text'],
    outcome('filter:Words', { filter: { id: 'f1', verdict: 'yes', labels: [1, {}, 'ad'], signedAt: 'x' } }),
  ];
  expect(reader.read({ screening: hostile })?.screening).toEqual([
    { phase: 'links', outcome: 'hold', code: null, detail: null, score: null, ms: 0, matches: [] },
    {
      ...{ phase: 'filter:Words', outcome: 'hold', code: null, detail: null, score: 0.5, ms: 1 },
      filter: {
        ...{ id: 'imported/f1', verdict: null, labels: ['1', 'ad'], reason: null, signedAt: null },
        onFailure: 'hold',
      },
    },
  ]);
  const names = new Set<string>();
  for (let i = 0; i < 500; i++)
    for (const { phase } of reader.read({ screening: [outcome(`filter:f${i}`)] })?.screening ?? [])
      names.add(phase);
  expect(names.size).toBe(49);
});

test('lists, numbers and notes of any size come to something bounded', () => {
  const { past, built } = pastOf({
    version: 1e300,
    revision: -3,
    history: Array.from({ length: 3000 }, () => act({ note: 'n'.repeat(5000), at: 1e300, version: 1.5 })),
    reports: Array.from({ length: 3000 }, () => ({ reason: 'spam', at: 'yesterday' })),
  });
  expect(shapeOf(past, false)).toMatchObject({ version: 1, revision: 1, openReports: 1000 });
  expect([built.history.length, built.reports.length]).toEqual([1000, 1000]);
  expect(built.history[0]).toMatchObject({ at: COMMENT.createdAt, version: 1 });
  expect(built.history[0]?.note).toHaveLength(1000);
});
