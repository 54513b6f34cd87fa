import type { Comment } from '../../../src/comments/comment.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  comment,
  decide,
  decision,
  freshId,
  freshSite,
  page,
  post,
  postApproved,
  submission,
  tick,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleOf } from '../../support/long-run.ts';
import { expectTrue } from '../../support/recount.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

const STEPS = [
  'fold: checked',
  'fold: journalled',
  'fold: events handed on',
  'fold: inbox cleared',
  'fold: counted',
  'fold: replies counted',
  'fold: tails cut',
];

/** Fails at the step named last; the store then tries again, and fails there again. */
function createStopper(): { at: string | null; reached: Set<string>; failpoint: (name: string) => void } {
  const stopper = {
    at: null as string | null,
    reached: new Set<string>(),
    failpoint(name: string) {
      if (name !== stopper.at) return;
      stopper.reached.add(name);
      throw new Error(`stopped at ${name}`);
    },
  };
  return stopper;
}

let installation: Installation;
beforeEach(() => {
  installation = createMongoInstallation();
});
afterEach(() => installation.dispose());

const folded = () => eventually(async () => expect(await isFolded(installation)).toBe(true));

/** A few threads with decisions on them. */
async function busyPage(store: Storage): Promise<{ at: Page; ids: string[]; roots: Comment[] }> {
  const at = page(freshSite(), 'https://a.example/1');
  const roots = await Promise.all([1, 2, 3].map((i) => postApproved(store, at, { author: `reader ${i}` })));
  const replies = await Promise.all(roots.map((root) => postApproved(store, at, { parent: root })));
  const held = await post(store, at);
  await decide(store, roots[0] as Comment, 'spam');
  return { at, roots, ids: [...roots, ...replies, held].map((one) => one.id) };
}

describe('a folder that dies', () => {
  it.each(sampleOf(STEPS, { oneOf: 3 }))(
    'at "%s" leaves counts true, and another finishes its work',
    async (step) => {
      const stopper = createStopper();
      const first = await installation.open({ failpoint: stopper.failpoint });
      await busyPage(first);
      await folded();
      stopper.at = step;
      const { at, ids, roots } = await busyPage(first);
      await eventually(() => expect(stopper.reached.has(step)).toBe(true));
      const second = await installation.open();
      for (const store of [first, second]) await expectTrue(store, ids);
      // Life goes on meanwhile, and what happens is counted too.
      await decide(second, roots[1] as Comment, 'spam');
      ids.push((await postApproved(second, at, { parent: roots[2] })).id);
      for (const store of [first, second]) await expectTrue(store, ids);
      await first.close();
      await folded();
      await expectTrue(second, ids);
    },
  );

  it('with a note in its hands writes none down of a comment that was erased meanwhile', async () => {
    const stopper = createStopper();
    const first = await installation.open({ failpoint: stopper.failpoint });
    const on = await postApproved(first, page(freshSite(), 'https://a.example/1'));
    await folded();
    stopper.at = 'fold: journalled';
    await decide(first, on, 'spam', { note: 'wrote as Mina before' });
    await eventually(() => expect(stopper.reached.size).toBe(1));
    const second = await installation.open();
    const at = tick();
    const by = { kind: 'token', id: 'eraser', name: 'An admin' } as const;
    await apply(second, on, { kind: 'erase', decisionId: freshId(at) + on.id, at, by, mode: 'delete' });
    await first.close();
    await folded();
    const notes = await installation.raw((database) =>
      database.collection('audit').find({ commentId: on.id }).sort({ _id: 1 }).toArray(),
    );
    expect(notes.map(({ action, note }) => [action, note])).toEqual([
      ['spam', null],
      ['erase', null],
    ]);
  });

  it('in the middle of the counters leaves counts true', async () => {
    const stopper = createStopper();
    const first = await installation.open({ failpoint: stopper.failpoint });
    stopper.at = 'fold: journalled';
    const { ids } = await busyPage(first);
    await eventually(() => expect(stopper.reached.size).toBe(1));
    await installation.raw(async (database) => {
      const journal = await database.collection('journal').findOne({});
      const counters = (journal?.counters ?? []) as { scope: string; by: Record<string, number> }[];
      expect(counters.length).toBeGreaterThan(2);
      for (const { scope, by } of counters.filter((_, i) => i % 2 === 0)) {
        const filter = { _id: scope as never };
        await database
          .collection('counters')
          .updateOne(filter, { $inc: by, $set: { batch: journal?.seq } }, { upsert: true });
      }
    });
    const second = await installation.open();
    await expectTrue(second, ids);
    await first.close();
    await folded();
    await expectTrue(second, ids);
  });

  it('without giving its lease back is followed once the lease has run out', async () => {
    const first = await installation.open({ instance: 'living' });
    const { ids } = await busyPage(first);
    await folded();
    await first.close();
    const later = new Date(Date.now() + 3000);
    await installation.raw((database) =>
      database
        .collection('leases')
        .updateOne({ _id: 'fold' as never }, { $set: { holder: 'dead', until: later } }),
    );
    const second = await installation.open();
    ids.push((await post(second, page(freshSite(), 'https://a.example/1'))).id);
    await folded();
    await expectTrue(second, ids.slice(-1));
  });

  it('counts stay true for every reader while batches are folded', async () => {
    const [writer, reader] = [await installation.open(), await installation.open()];
    const at = page(freshSite(), 'https://a.example/1');
    let posted = 0;
    let going = true;
    const reading = (async () => {
      let reads = 0;
      while (going) {
        const before = posted;
        const counts = (await reader.comments.counts([`s/${at.site}`, `p/${at.site}/${at.key}`])).values();
        const sent = posted + 8;
        for (const { pending } of counts) {
          expect(pending).toBeGreaterThanOrEqual(before);
          expect(pending).toBeLessThanOrEqual(sent);
        }
        reads += 1;
      }
      return reads;
    })();
    const ids: string[] = [];
    const client = async (): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        ids.push((await post(writer, at)).id);
        posted += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    going = false;
    expect(await reading).toBeGreaterThan(10);
    await expectTrue(reader, ids);
  });
});

describe('what a crash leaves behind is mended by the lease holder', () => {
  it('a decision whose carrying never began', async () => {
    const stopper = createStopper();
    const dying = await installation.open({ failpoint: stopper.failpoint });
    const { ids, roots } = await busyPage(dying);
    stopper.at = 'change: written';
    const root = roots[1] as Comment;
    await expect(dying.comments.change(root.id, decision(root, 'spam'))).rejects.toThrow('stopped');
    expect((await dying.comments.find(root.id))?.status).toBe('spam');
    await eventually(() => expectTrue(dying, ids).then(() => undefined));
    await folded();
    await expectTrue(dying, ids);
  });

  it('a reply that was inserted while its parent was being hidden', async () => {
    const living = await installation.open();
    const at = page(freshSite(), 'https://a.example/1');
    const root = await postApproved(living, at);
    const dying = await installation.open({
      async failpoint(name) {
        if (name === 'submit: claimed') await decide(living, root, 'spam');
        if (name === 'submit: inserted') throw new Error('stopped');
      },
    });
    const reply = comment(at, { parentId: root.id, status: 'approved' });
    await expect(dying.comments.submit(submission(at, reply))).rejects.toThrow('stopped');
    await eventually(() => expectTrue(living, [root.id, reply.id]).then(() => undefined));
    expect((await living.comments.find(reply.id))?.open).toBe(false);
  });

  it('a claim on a text whose comment was never stored', async () => {
    const store = await installation.open();
    const at = page(freshSite(), 'https://a.example/1');
    const duplicateKey = `left behind ${at.site}`;
    await installation.raw((database) =>
      database.collection('duplicates').insertOne({
        _id: duplicateKey as never,
        site: at.site,
        comments: [comment(at).id],
        at: new Date(),
        expireAt: new Date(Date.now() + 600_000),
      }),
    );
    const again = submission(at, comment(at), { duplicateKey, duplicateSince: 0 });
    expect((await store.comments.submit(again)).kind).toBe('stored');
    const third = submission(at, comment(at), { duplicateKey, duplicateSince: 0 });
    expect(await store.comments.submit(third)).toEqual({ kind: 'duplicate', id: again.comment.id });
  });
});
