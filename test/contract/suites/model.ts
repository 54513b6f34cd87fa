import fc from 'fast-check';
import type { CommentCommand } from '../../../src/comments/commands.ts';
import type { Comment } from '../../../src/comments/comment.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  comment,
  decision,
  edit,
  freshSite,
  page,
  removal,
  report,
  revision,
  submission,
  undo,
} from '../../support/builders.ts';
import { randomCases } from '../../support/long-run.ts';
import { expectTrue } from '../../support/recount.ts';

const ACTIONS = ['approve', 'reject', 'spam', 'trash', 'restore'] as const;

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      under: fc.nat(9),
      shown: fc.boolean(),
      by: fc.nat(2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      on: fc.nat(9),
      action: fc.constantFrom(...ACTIONS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), on: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('edit' as const), on: fc.nat(9), shown: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), on: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('report' as const), on: fc.nat(9), by: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revise' as const), on: fc.nat(9) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A small thread that random acts are done to. */
class Thread {
  readonly ids: string[] = [];
  constructor(
    private readonly store: Storage,
    private readonly at: Page,
  ) {}

  async take(one: Step): Promise<void> {
    if (one.do === 'post') return this.post(one.under, one.shown, one.by);
    const id = this.ids[one.on % Math.max(1, this.ids.length)];
    const current = id === undefined ? null : await this.store.comments.find(id);
    if (current === null) return;
    const command = await this.command(one, current);
    if (command) await this.store.comments.change(current.id, command);
  }

  private async post(under: number, shown: boolean, by: number): Promise<void> {
    const parentId = this.ids[under] ?? null;
    const what = comment(this.at, {
      parentId,
      status: shown ? 'approved' : 'pending',
      author: [null, 'ada', 'bob'][by],
    });
    const result = await this.store.comments.submit(submission(this.at, what));
    if (result.kind === 'stored') this.ids.push(result.comment.id);
  }

  private async command(
    one: Exclude<Step, { do: 'post' }>,
    current: Comment,
  ): Promise<CommentCommand | null> {
    switch (one.do) {
      case 'decide':
        return decision(current, one.action);
      case 'undo': {
        const last = (await this.store.comments.history(current.id))
          .filter((entry) => !entry.undone && entry.action !== 'undo')
          .at(-1);
        return last ? undo(current, last.decisionId) : null;
      }
      case 'edit':
        return edit(current, 'edited', { screened: one.shown ? 'approved' : 'pending' });
      case 'remove':
        return removal(current);
      case 'report':
        return report(current, `reader ${one.by}`, { holdAt: 3 });
      case 'revise':
        return revision(current, 'revised');
    }
  }
}

/** Random acts on a small thread: afterwards every counter and every `open` is what the rows say. */
export function modelContract(store: () => Storage): void {
  const open = (): Thread => new Thread(store(), page(freshSite(), 'https://a.example/1'));

  it('any sequence of acts leaves counts, reply counts and visibility as the rows say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const thread = open();
        for (const one of steps) await thread.take(one);
        if (thread.ids.length > 0) await expectTrue(store(), thread.ids);
      }),
      { numRuns: randomCases(40) },
    );
  });

  it('any acts done at the same time do so too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 2, maxLength: 12 }), { minLength: 2, maxLength: 8 }),
        async (rounds) => {
          const thread = open();
          for (const steps of rounds) await Promise.all(steps.map((one) => thread.take(one)));
          if (thread.ids.length > 0) await expectTrue(store(), thread.ids);
        },
      ),
      { numRuns: randomCases(40) },
    );
  });
}
