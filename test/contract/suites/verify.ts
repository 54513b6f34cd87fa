import type { Comment } from '../../../src/comments/comment.ts';
import { COUNTER_FIELDS } from '../../../src/comments/counts.ts';
import type { Difference } from '../../../src/comments/difference.ts';
import type { VoteValue } from '../../../src/comments/vote-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  authorKey,
  decide,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  report,
  site,
} from '../../support/builders.ts';
import { corrupt } from '../../support/corrupt.ts';
import { goOn, newImport } from '../../support/imports.ts';
import { expectTrue } from '../../support/recount.ts';
import type { OpenedStore } from '../../support/stores.ts';

/** The self-check: it finds every kind of difference, mends it, and takes nothing for one that is none. */
export function verifyContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  async function differences(repair = false): Promise<Difference[]> {
    const found: Difference[] = [];
    for await (const one of store().verify({ repair })) found.push(one);
    return found;
  }

  interface Thread {
    at: Page;
    root: Comment;
    reply: Comment;
    leaf: Comment;
    ids: string[];
  }

  /** Three levels that are shown, one that waits, one that is gone and one that was reported. */
  async function thread(): Promise<Thread> {
    const at = page(freshSite(), 'https://a.example/1');
    const root = await postApproved(store(), at);
    const reply = await postApproved(store(), at, { parent: root });
    const leaf = await postApproved(store(), at, { parent: reply, author: 'grace' });
    const held = await post(store(), at, { parent: root });
    const gone = await postApproved(store(), at, { parent: leaf });
    const nobody = await postApproved(store(), at, { author: null });
    await apply(store(), gone, removal(gone));
    await apply(store(), leaf, report(leaf, 'one'));
    await decide(store(), nobody, 'spam');
    return { at, root, reply, leaf, ids: [root, reply, leaf, held, gone, nobody].map(({ id }) => id) };
  }

  /** Found, mended, and not found again; then everything is what the rows say. */
  async function expectMended(due: Partial<Difference>[], { ids }: Thread): Promise<void> {
    const found = await differences();
    expect(found).toEqual(
      expect.arrayContaining(due.map((one) => expect.objectContaining({ ...one, repaired: false }))),
    );
    expect(await differences()).toEqual(found);
    const mended = await differences(true);
    expect(mended).toEqual(
      expect.arrayContaining(due.map((one) => expect.objectContaining({ ...one, repaired: true }))),
    );
    expect(await differences()).toEqual([]);
    await expectTrue(store(), ids);
  }

  it('finds nothing where all is well', async () => {
    await thread();
    expect(await differences()).toEqual([]);
  });

  it('counters that are off, in every field, of site, page and author', async () => {
    const made = await thread();
    const { site, key } = made.at;
    const scopes = [`s/${site}`, `p/${site}/${key}`, `a/${site}/${authorKey(site, 'ada')}`];
    const before = await store().comments.counts(scopes);
    const due: Partial<Difference>[] = [];
    for (const [index, scope] of scopes.entries()) {
      for (const [place, field] of COUNTER_FIELDS.entries()) {
        const by = index + 1 + place;
        await corrupt(opened(), { counter: scope, field, by });
        const should = before.get(scope)?.[field] ?? 0;
        due.push({ what: 'counter', where: `${scope} ${field}`, kept: should + by, due: should });
      }
    }
    await expectMended(due, made);
  });

  it('counters that are missing, and counters of what is not there', async () => {
    const made = await thread();
    const { site, key } = made.at;
    await corrupt(opened(), { noCounter: `p/${site}/${key}` });
    const ghost = `p/${site}/0000000000000`;
    await corrupt(opened(), { counter: ghost, field: 'pending', by: 7 });
    await expectMended(
      [
        { what: 'counter', where: `p/${site}/${key} approved`, kept: 0, due: 3 },
        { what: 'counter', where: `${ghost} pending`, kept: 7, due: 0 },
      ],
      made,
    );
    // And they go on counting.
    made.ids.push((await postApproved(store(), made.at)).id);
    await expectTrue(store(), made.ids);
    expect(await differences()).toEqual([]);
  });

  it('a reply count that is off', async () => {
    const made = await thread();
    await corrupt(opened(), { comment: made.root.id, set: { replyCount: 9 } });
    await expectMended([{ what: 'reply-count', where: made.root.id, kept: 9, due: 2 }], made);
  });

  it('a comment that is said to stand below others than its parent and what is above that', async () => {
    const made = await thread();
    const { root, reply, leaf } = made;
    await corrupt(opened(), { comment: root.id, ancestors: [leaf.id] });
    await corrupt(opened(), { comment: reply.id, ancestors: [] });
    await corrupt(opened(), { comment: leaf.id, ancestors: [reply.id, root.id] });
    const due = [root, reply, leaf].map(({ id }) => ({ what: 'ancestors' as const, where: id, due: true }));
    await expectMended(due, made);
    const above = await Promise.all([root, reply, leaf].map(({ id }) => store().comments.find(id)));
    expect(above.map((one) => one?.ancestors)).toEqual([[], [root.id], [root.id, reply.id]]);
  });

  it('a reply that is shown under one that is not, and one that is hidden though all above are shown', async () => {
    const made = await thread();
    await corrupt(opened(), { comment: made.reply.id, set: { open: false } });
    await expectMended([{ what: 'open', where: made.reply.id, kept: false, due: true }], made);
  });

  it('a root that is hidden though it is approved', async () => {
    const made = await thread();
    await corrupt(opened(), { comment: made.root.id, set: { open: false } });
    await expectMended([{ what: 'open', where: made.root.id, kept: false, due: true }], made);
  });

  it('open reports that are none, or are not counted', async () => {
    const made = await thread();
    await corrupt(opened(), { comment: made.leaf.id, set: { openReports: 0 } });
    await corrupt(opened(), { comment: made.root.id, set: { openReports: 2 } });
    await expectMended(
      [
        { what: 'open-reports', where: made.leaf.id, kept: 0, due: 1 },
        { what: 'open-reports', where: made.root.id, kept: 2, due: 0 },
      ],
      made,
    );
  });

  it('votes that are not those of the readers who vote', async () => {
    const made = await thread();
    const { root, reply, at } = made;
    const cast = (on: Comment, reader: string, value: VoteValue) =>
      store().votes.cast({ commentId: on.id, site: at.site, reader, address: `of ${reader}`, value });
    await cast(root, 'ada', 1);
    await cast(root, 'ben', 1);
    await cast(reply, 'ada', -1);
    await corrupt(opened(), { comment: root.id, set: { votesUp: 5, votesDown: 1 } });
    await corrupt(opened(), { comment: reply.id, set: { votesDown: 0 } });
    await expectMended(
      [
        { what: 'votes-up', where: root.id, kept: 5, due: 2 },
        { what: 'votes-down', where: root.id, kept: 1, due: 0 },
        { what: 'votes-down', where: reply.id, kept: 0, due: 1 },
      ],
      made,
    );
    expect(await cast(root, 'ada', -1)).toEqual({ up: 1, down: 1 });
    expect(await differences()).toEqual([]);
  });

  it('votes that an import brought without readers are more than those who vote, and no difference', async () => {
    const made = await thread();
    const { at } = made;
    await store().sites.create({ ...site(at.site), origins: ['https://a.example'] });
    const line = {
      id: 'old',
      legacyId: 'old',
      page: { url: 'https://a.example/1' },
      author: { name: 'Mina' },
      text: 'Of old',
    };
    const votes = { up: 7, down: 3 };
    const file = Buffer.from(JSON.stringify({ ...line, votes, createdAt: '2015-01-01T00:00:00Z' }));
    const begun = newImport({ site: at.site, format: 'generic', file });
    await store().imports.begin(begun);
    await goOn(begun, { storage: store(), file, imports: store().imports });
    expect(await differences()).toEqual([]);
    const old = (await store().comments.findByLegacyId(at.site, 'old')) as Comment;
    made.ids.push(old.id);
    await store().votes.cast({
      commentId: old.id,
      site: at.site,
      reader: 'ada',
      address: 'of ada',
      value: 1,
    });
    expect(await differences()).toEqual([]);
    await corrupt(opened(), { comment: old.id, set: { votesUp: 0 } });
    await expectMended([{ what: 'votes-up', where: old.id, kept: 0, due: 1 }], made);
    expect(await store().comments.find(old.id)).toMatchObject({ votesUp: 1, votesDown: 3 });
  });

  it('what is under way is no difference, and nothing of it is lost by mending', async () => {
    const made = await thread();
    await corrupt(opened(), { counter: `s/${made.at.site}`, field: 'visible', by: 5 });
    let going = true;
    const writing = Array.from({ length: 4 }, async (_, client) => {
      for (let round = 0; going; round++) {
        const one = await postApproved(store(), made.at, { parent: round % 2 ? made.root : undefined });
        made.ids.push(one.id);
        await decide(store(), one, (round + client) % 3 ? 'spam' : 'approve');
        if (round % 5 === 0)
          await decide(store(), made.root, round % 2 ? 'spam' : 'approve').catch(() => undefined);
      }
    });
    const found: Difference[] = [];
    for (const repair of [false, true, false]) found.push(...(await differences(repair)));
    going = false;
    await Promise.allSettled(writing);
    expect(found.map(({ what, where }) => `${what} ${where}`)).toEqual(
      Array(2).fill(`counter s/${made.at.site} visible`),
    );
    expect(await differences()).toEqual([]);
    await expectTrue(store(), made.ids);
  });
}
