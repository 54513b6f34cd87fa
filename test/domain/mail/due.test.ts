import type { CommentEvent } from '../../../src/comments/event.ts';
import { dueMail, type PlanningFacts } from '../../../src/mail/due.ts';
import type { Policy } from '../../../src/sites/policy.ts';
import { DEFAULT_POLICY } from '../../../src/sites/policy.ts';
import { freshId, site, tick } from '../../support/builders.ts';
import { moderator } from '../../support/staff-builders.ts';

const paper = (notify: Partial<Policy['notify']>) => ({
  ...site('paper'),
  policy: { ...DEFAULT_POLICY, notify: { ...DEFAULT_POLICY.notify, ...notify } },
});
const everybody = moderator({ sites: ['*'] });
const local = moderator({ sites: ['paper'] });
const elsewhere = moderator({ sites: ['other'] });

function facts(notify: Partial<Policy['notify']>, rest: Partial<PlanningFacts> = {}): PlanningFacts {
  return {
    sites: new Map([['paper', paper(notify)]]),
    staff: [everybody, local, elsewhere],
    subscriptions: new Map(),
    replies: new Map(),
    now: tick(),
    ...rest,
  };
}

function event(rest: Partial<CommentEvent> = {}): CommentEvent {
  const at = tick();
  const id = freshId(at);
  return {
    ...{ id, type: 'created', at, site: 'paper', commentId: id, from: null, to: 'pending' },
    ...{ version: 1, revision: 1, act: null, ...rest },
  };
}

const toldOf = (events: CommentEvent[], known: PlanningFacts) =>
  dueMail(events, known).map(({ message }) => message);

test('what newly waits is told to the moderators who see the site, and to no other', () => {
  const created = event();
  expect(toldOf([created], facts({ moderators: 'each' }))).toEqual(
    [everybody, local].map(({ id }) => ({
      ...{ type: 'mail.notice', at: created.at, site: 'paper', commentId: created.commentId, moderator: id },
    })),
  );
  expect(toldOf([created], facts({}))).toEqual([]);
});

test.each<[string, Partial<CommentEvent>, boolean]>([
  ['an edit holds it', { type: 'edited', from: 'approved' }, true],
  ['a verdict holds it', { type: 'judged', from: 'approved' }, true],
  ['a reader reports it', { type: 'reported', from: 'approved', to: 'approved' }, true],
  ['it waited before', { type: 'edited', from: 'pending' }, false],
  ['a person puts it back', { type: 'decided', from: 'spam' }, false],
  ['a person takes a decision back', { type: 'undone', from: 'spam' }, false],
  ['it is spam', { to: 'spam' }, false],
])('of a comment it is told or not when %s', (_, change, told) => {
  expect(toldOf([event(change)], facts({ moderators: 'each' }))).toHaveLength(told ? 2 : 0);
});

test('a moderator’s own choice goes before the site’s, but for a site that is silent', () => {
  const staff = (['off', 'each', 'daily', null] as const).map((notices) => moderator({ notices }));
  const types = (often: Policy['notify']['moderators']) =>
    toldOf([event()], facts({ moderators: often }, { staff })).map(({ type }) => type);
  expect(types('hourly')).toEqual(['mail.notice', 'mail.digest', 'mail.digest']);
  expect(types('each')).toEqual(['mail.notice', 'mail.digest', 'mail.notice']);
  expect(types('off')).toEqual([]);
});

test('further reports of one version on one day are no news', () => {
  const reported = { type: 'reported', from: 'approved', to: 'approved', commentId: 'c' } as const;
  const deliveries = dueMail([event(reported), event(reported)], facts({ moderators: 'each' }));
  expect(deliveries.map(({ message }) => message)).toMatchObject([
    { moderator: everybody.id },
    { moderator: local.id },
  ]);
});

test('of an hour there is one summary for each moderator, due at its end', () => {
  const at = Date.UTC(2026, 4, 4, 10, 20);
  const events = [event({ at }), event({ at: at + 60_000 })];
  const deliveries = dueMail(events, facts({ moderators: 'hourly' }));
  // The site's clocks are those of Tehran, three and a half hours ahead.
  expect(deliveries.map(({ nextAt }) => nextAt)).toEqual([
    Date.UTC(2026, 4, 4, 10, 30),
    Date.UTC(2026, 4, 4, 10, 30),
  ]);
  // Planned again after a crash they are the same.
  const again = dueMail(events, facts({ moderators: 'hourly' }));
  expect(again.map(({ id }) => id)).toEqual(deliveries.map(({ id }) => id));
});

describe('an answer', () => {
  const parentId = freshId(tick());
  const reader = 'ada';
  const wish = { commentId: parentId, site: 'paper', reader, email: 'sealed', createdAt: tick() };

  function answered(rest: {
    confirmedAt: number | null;
    authorKey?: string;
    now?: number;
  }): [CommentEvent, PlanningFacts] {
    const published = event({ to: 'approved' });
    const { confirmedAt, authorKey = 'otto', now = tick() } = rest;
    const known = facts(
      { replies: true },
      {
        now,
        subscriptions: new Map([[parentId, { ...wish, confirmedAt }]]),
        replies: new Map([[published.commentId, { parentId, authorKey, createdAt: published.at }]]),
      },
    );
    return [published, known];
  }

  test('is told of to who has said yes before, by another than themselves', () => {
    const [published, known] = answered({ confirmedAt: tick() });
    expect(toldOf([published], known)).toMatchObject([
      { type: 'mail.reply', commentId: published.commentId, parentId },
    ]);
  });

  test('is told of, too, to who has said yes under a clock that was set back since', () => {
    const [published, known] = answered({ confirmedAt: tick() + 1_000_000 });
    expect(toldOf([published], known)).toHaveLength(1);
  });

  test.each([
    ['nobody said yes', { confirmedAt: null }],
    [
      'the yes came later, however late the mail is planned',
      { confirmedAt: tick() + 1_000_000, now: tick() + 2_000_000 },
    ],
    ['it is their own', { confirmedAt: 0, authorKey: reader }],
  ])('is not told of where %s', (_, rest) => {
    const [published, known] = answered(rest);
    expect(toldOf([published], known)).toEqual([]);
  });

  test('has one mail however often it is published', () => {
    const [published, known] = answered({ confirmedAt: 0 });
    const again = {
      ...published,
      id: freshId(tick()),
      at: tick(),
      type: 'decided',
      from: 'rejected',
    } as const;
    expect(dueMail([published, again], known)).toHaveLength(1);
  });
});
