import type { VerdictCommand } from '../../../src/comments/commands.ts';
import type { Comment, PhaseOutcome } from '../../../src/comments/comment.ts';
import { spokenOutcome } from '../../../src/filters/answer.ts';
import { type Filter, filterActor } from '../../../src/filters/filter.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  type CommentOptions,
  comment,
  decision,
  freshSite,
  page,
  post,
  removal,
  tick,
} from '../../support/builders.ts';
import { filter } from '../../support/filters.ts';
import { inParallel } from '../../support/in-parallel.ts';
import type { OpenedStore } from '../../support/stores.ts';

const HELD: PhaseOutcome = {
  phase: 'links',
  outcome: 'hold',
  code: 'links',
  detail: null,
  score: null,
  ms: 0,
};

let signed = 1_767_225_600;

function verdictOn(
  { id }: Pick<Comment, 'id'>,
  by: Filter,
  rest: Partial<VerdictCommand> & { verdict?: 'ham' | 'spam' | 'unsure'; signedAt?: number } = {},
): VerdictCommand {
  const { verdict = 'spam', signedAt = signed++, ...command } = rest;
  const at = tick();
  const word = { verdict, score: verdict === 'spam' ? 0.9 : 0.1, labels: ['casino'], reason: 'تبلیغ' };
  return {
    kind: 'verdict',
    decisionId: filter().id + id,
    at,
    by: filterActor(by),
    outcome: spokenOutcome(by, word, { ms: 0, signedAt }),
    ...command,
  };
}

/** Outside filters, and their verdicts that come later. */
export function filtersContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const posted = (rest: CommentOptions = {}): Promise<Comment> =>
    post(store(), page(freshSite(), 'https://a.example/1'), { status: 'approved', screening: [], ...rest });

  describe('filters', () => {
    it('are found as they were made, in all and in pages, and gone once removed', async () => {
      const [a, b] = [freshSite(), freshSite()];
      const made = [
        filter({ sites: [a], thresholds: { approve: 0.1, spam: 0.9 } }),
        filter({ sites: [a, b] }),
      ];
      for (const one of made) expect(await store().filters.create(one)).toBe(true);
      const [first, second] = made as [Filter, Filter];
      expect(await store().filters.find(first.id)).toEqual(first);
      expect((await store().filters.all()).filter(({ sites }) => sites.includes(a))).toEqual(made);
      expect(await store().filters.list({ scope: [a], limit: 5 })).toEqual({ items: [first], total: 1 });
      expect(await store().filters.list({ scope: [a, b], limit: 1 })).toEqual({ items: [second], total: 2 });
      expect(await store().filters.list({ scope: [a, b], before: second.id, limit: 5 })).toEqual({
        items: [first],
        total: 2,
      });
      expect(await store().filters.remove(first.id)).toBe(true);
      expect(await store().filters.remove(first.id)).toBe(false);
      expect(await store().filters.find(first.id)).toBeNull();
      expect((await store().filters.all()).map(({ id }) => id)).not.toContain(first.id);
    });

    it('are given as the same array as long as nothing changes', async () => {
      await store().filters.create(filter());
      const all = await store().filters.all();
      expect(await store().filters.all()).toBe(all);
      await store().filters.create(filter());
      expect(await store().filters.all()).not.toBe(all);
    });

    it('have names of their own, however they are written', async () => {
      const one = filter({ name: `Akismet ${freshSite()}` });
      await store().filters.create(one);
      expect(await store().filters.create(filter({ name: one.name.toUpperCase() }))).toBe(false);
      const other = filter();
      await store().filters.create(other);
      const renamed = { ...other, name: one.name, version: 2 };
      expect(await store().filters.replace(renamed, 1)).toEqual({ replaced: false, why: 'taken' });
      const louder = { ...one, name: one.name.toUpperCase(), version: 2 };
      expect(await store().filters.replace(louder, 1)).toEqual({ replaced: true });
    });

    it('are changed by exactly one of thirty at once', async () => {
      const one = filter();
      await store().filters.create(one);
      const results = await inParallel([...Array(30).keys()], 30, (n) =>
        store().filters.replace({ ...one, deadlineMs: 100 + n, version: 2 }, 1),
      );
      const winner = results.findIndex(({ replaced }) => replaced);
      expect(results.filter(({ replaced }) => replaced)).toHaveLength(1);
      expect((await store().filters.find(one.id))?.deadlineMs).toBe(100 + winner);
      const stale = { replaced: false, why: 'stale', version: 2 };
      expect(results.filter((_, i) => i !== winner)).toEqual(Array(29).fill(stale));
      expect(await store().filters.replace(filter(), 1)).toEqual({ replaced: false, why: 'gone' });
    });
  });

  describe('a verdict', () => {
    it('gives the status anew, raises the version and is kept with what it said', async () => {
      const one = await posted();
      const by = filter();
      const command = verdictOn(one, by);
      const result = await store().comments.change(one.id, command);
      expect(result).toMatchObject({ next: { status: 'spam', version: 2, open: false, risk: 0.9 } });
      const stored = await store().comments.find(one.id);
      expect(stored).toMatchObject({ decidedBy: filterActor(by), screening: [command.outcome] });
      expect(await store().comments.history(one.id)).toMatchObject([
        {
          action: 'verdict',
          from: 'approved',
          to: 'spam',
          by: filterActor(by),
          decisionId: command.decisionId,
        },
      ]);
      const queue = { sites: [one.site], sort: 'oldest' as const, limit: 5 };
      expect(await store().comments.queue({ ...queue, status: 'spam' })).toHaveLength(1);
      expect(
        await store().comments.queue({ ...queue, status: 'all', phase: `filter:${by.name}` }),
      ).toHaveLength(1);
    });

    it('replaces its own phase only, and never publishes what another holds', async () => {
      const by = filter();
      const waiting = {
        ...verdictOn(comment(page('x', 'https://a.example')), by).outcome,
        outcome: 'waiting' as const,
      };
      const one = await posted({
        status: 'pending',
        screening: [HELD, { ...waiting, filter: { ...waiting.filter, signedAt: null } }],
      });
      const result = await store().comments.change(one.id, verdictOn(one, by, { verdict: 'ham' }));
      expect(result).toMatchObject({ next: { status: 'pending', version: 2, decidedBy: null } });
      expect((await store().comments.find(one.id))?.screening.map(({ outcome }) => outcome)).toEqual([
        'hold',
        'pass',
      ]);
    });

    it('never moves what a person has decided, nor what is gone', async () => {
      const one = await posted();
      await store().comments.change(one.id, decision(one, 'approve'));
      const by = filter();
      expect(await store().comments.change(one.id, verdictOn(one, by))).toEqual({ refused: 'decided' });
      expect(await store().comments.find(one.id)).toMatchObject({
        status: 'approved',
        version: 2,
        screening: [],
      });
      const other = await posted();
      await store().comments.change(other.id, removal(other));
      expect(await store().comments.change(other.id, verdictOn(other, by))).toEqual({
        refused: 'comment-deleted',
      });
    });

    it('on an older text, or older than one that came in, is stale', async () => {
      const one = await posted({ revision: 2 });
      const by = filter();
      expect(await store().comments.change(one.id, verdictOn(one, by, { revision: 1 }))).toEqual({
        refused: 'stale',
      });
      await store().comments.change(one.id, verdictOn(one, by, { revision: 2, signedAt: 100 }));
      const older = verdictOn(one, by, { verdict: 'ham', signedAt: 99 });
      expect(await store().comments.change(one.id, older)).toEqual({ refused: 'stale' });
      const newer = verdictOn(one, by, { verdict: 'ham', signedAt: 101 });
      expect(await store().comments.change(one.id, newer)).toMatchObject({
        next: { status: 'approved', version: 3 },
      });
    });

    it('that is sent again is known, also where it changed no status', async () => {
      const one = await posted();
      const command = verdictOn(one, filter(), { verdict: 'ham' });
      expect(await store().comments.change(one.id, command)).toMatchObject({
        next: { status: 'approved', version: 2 },
      });
      expect(await store().comments.change(one.id, command)).toMatchObject({ refused: 'repeated' });
      expect((await store().comments.find(one.id))?.version).toBe(2);
    });

    it('of fifty at once each counts, and a person’s word ends it', async () => {
      const one = await posted();
      const by = filter();
      const others = [...Array(49).keys()].map(() => verdictOn(one, by, { signedAt: 500 }));
      const results = await inParallel([...others, decision(one, 'approve')], 50, (command) =>
        store().comments.change(one.id, command),
      );
      const applied = results.filter(({ refused }) => refused === undefined);
      expect(results.filter(({ refused }) => refused !== undefined && refused !== 'decided')).toEqual([]);
      const stored = await store().comments.find(one.id);
      expect(stored).toMatchObject({ status: 'approved', version: 1 + applied.length });
      expect(await store().comments.history(one.id)).toHaveLength(applied.length);
    });
  });
}
