import type { CommentStatus } from '../../../src/comments/comment.ts';
import { siteScope } from '../../../src/comments/counts.ts';
import { createIdSource } from '../../../src/ids.ts';
import { recordAct, SERVICE } from '../../../src/moderation/record.ts';
import { noResult } from '../../../src/moving/import.ts';
import { type Pace, type RetentionDeps, sweepSite } from '../../../src/moving/retention.ts';
import { followStore } from '../../../src/screening/follow-store.ts';
import { createLearner } from '../../../src/screening/learner/learner.ts';
import { createPrecedents } from '../../../src/screening/precedents/precedents.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/sites/policy.ts';
import type { Site } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { messagesOf } from '../../../src/webhooks/messages.ts';
import {
  apply,
  authorKey,
  comment,
  decide,
  EPOCH,
  freshId,
  freshSite,
  page,
  post,
  site,
  tick,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { IMPORT_KEYS } from '../../support/imports.ts';
import { expectTrue } from '../../support/recount.ts';
import { until } from '../../support/until.ts';

const DAY = 24 * 3_600_000;
const FOR_GOOD: Policy['retention'] = {
  spamDays: null,
  trashDays: null,
  rejectedDays: null,
  emailDays: null,
  auditDays: null,
};

const ACT = { by: SERVICE, action: 'site-updated', note: null } as const;

/** What a site keeps for a while only. */
export function retentionContract(store: () => Storage): void {
  function siteWith(retention: Partial<Policy['retention']>): Site {
    const id = freshSite();
    return site(id, { policy: { ...DEFAULT_POLICY, retention: { ...FOR_GOOD, ...retention } } });
  }

  const depsAt = (now: number): RetentionDeps => ({
    ...store(),
    ids: createIdSource(),
    clock: { now: () => now },
  });

  /** Sweeps as of a moment; `rest` is called between the parts. */
  async function sweep(one: Site, now: number, rest: Pace['rest'] = async () => true) {
    const taken = { comments: 0, addresses: 0, auditEntries: 0 };
    const done = await sweepSite(depsAt(now), one, {
      rest,
      onTaken({ comments = {}, addresses = 0, auditEntries = 0 }) {
        for (const count of Object.values(comments)) taken.comments += count;
        taken.addresses += addresses;
        taken.auditEntries += auditEntries;
      },
    });
    return { done, ...taken };
  }

  const beginImport = (one: Site, id: string, startedAt: number) =>
    store().imports.begin({
      id,
      site: one.id,
      format: 'generic',
      dryRun: false,
      by: { kind: 'system', id: 's', name: 's' },
      startedAt,
      finishedAt: null,
      state: 'writing',
      bytes: 1,
      read: 0,
      handled: 0,
      holder: 'first',
      heldUntil: 0,
      pending: [],
      opensSeals: false,
      failure: null,
      result: noResult(),
      faults: 0,
    });

  async function endImport(id: string, finishedAt: number): Promise<void> {
    const reached = { state: 'done', read: 1, handled: 1, failure: null, faults: 0 } as const;
    const progress = { ...reached, finishedAt, result: noResult() };
    const last = { comments: [], progress, heldUntil: finishedAt + 1 };
    expect(await store().imports.write(id, 'first', last)).toEqual([]);
  }

  const countsOf = async ({ id }: Site) =>
    (await store().comments.counts([siteScope(id)])).get(siteScope(id));
  const at = ({ id }: Site) => page(id, 'https://a.example/1');

  it.each([
    ['spam', 'spamDays'],
    ['trash', 'trashDays'],
    ['rejected', 'rejectedDays'],
  ] as const)('%s goes so many days after it became that, and not before', async (status, days) => {
    const one = siteWith({ [days]: 30 });
    const action = ({ spam: 'spam', trash: 'trash', rejected: 'reject' } as const)[status];
    const made = await post(store(), at(one), { author: 'mina' });
    const marked = made.createdAt + 20 * DAY;
    await decide(store(), made, action, { at: marked });
    const other = await post(store(), at(one), { author: 'mina', status: 'approved' });
    expect(await sweep(one, marked + 30 * DAY - 1)).toMatchObject({ done: true, comments: 0 });
    expect(await sweep(one, marked + 30 * DAY + 1)).toMatchObject({ done: true, comments: 1 });
    await expectTrue(store(), [made.id, other.id]);
    expect(await store().comments.find(made.id)).toMatchObject({
      status,
      text: null,
      html: null,
      deletedAt: marked + 30 * DAY + 1,
      author: { key: authorKey(one.id, 'mina'), name: null, url: null, email: null },
    });
    expect((await store().comments.find(other.id))?.author.name).toBe('mina');
    expect(await countsOf(one)).toMatchObject({ [status]: 0, approved: 1 });
    const entries = await store().audit.list({ sites: [one.id], action: 'expire', limit: 5 });
    expect(entries).toMatchObject([{ by: { kind: 'system' }, from: status, to: status, commentId: made.id }]);
  });

  it('what screening alone called spam counts from its making', async () => {
    const one = siteWith({ spamDays: 30 });
    const made = await post(store(), at(one), { status: 'spam' });
    expect(await sweep(one, made.createdAt + 30 * DAY)).toMatchObject({ comments: 0 });
    expect(await sweep(one, made.createdAt + 30 * DAY + 1)).toMatchObject({ comments: 1 });
    expect(await sweep(one, made.createdAt + 31 * DAY)).toMatchObject({ comments: 0 });
  });

  it('subscribers hear of it with its cause, and of nothing but the id', async () => {
    const one = siteWith({ spamDays: 1 });
    const before = (await store().events.ends()).last;
    const made = await post(store(), at(one), { status: 'spam' });
    await sweep(one, made.createdAt + 2 * DAY);
    const told = async () =>
      (await store().events.after(before, 100)).flatMap(({ event }) =>
        event.site === one.id ? messagesOf(event) : [],
      );
    await until('it is told', async () => (await told()).some(({ type }) => type === 'comment.deleted'));
    expect((await told()).at(-1)).toMatchObject({ commentId: made.id, cause: 'retention' });
  });

  it('whoever decides meanwhile wins', async () => {
    const one = siteWith({ spamDays: 30, trashDays: 30 });
    const spam = await post(store(), at(one), { status: 'spam' });
    const trash = await post(store(), at(one), { status: 'trash' });
    const now = trash.createdAt + 60 * DAY;
    const deps = depsAt(now);
    const { aged } = deps.retention;
    const retention: Storage['retention'] = {
      ...deps.retention,
      async aged(query) {
        const found = await aged(query);
        if (query.status === 'spam') await decide(store(), spam, 'approve');
        return found;
      },
    };
    const counted: number[] = [];
    await sweepSite({ ...deps, retention }, one, {
      rest: async () => true,
      onTaken: ({ comments = {} }) => counted.push(...Object.values(comments)),
    });
    expect(counted).toEqual([0, 1]);
    expect(await store().comments.find(spam.id)).toMatchObject({ status: 'approved', deletedAt: null });
    await expectTrue(store(), [spam.id, trash.id]);
  });

  it('cut off in the middle the next one goes on, and counts are true at every moment', async () => {
    const one = siteWith({ spamDays: 1 });
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await post(store(), at(one), { status: 'spam' })).id);
    const parent = await post(store(), at(one), { status: 'approved' });
    for (let i = 0; i < 120; i++) made.push((await post(store(), at(one), { status: 'spam', parent })).id);
    const now = tick() + 2 * DAY;
    expect(await sweep(one, now, async () => false)).toMatchObject({ done: false, comments: 100 });
    await expectTrue(store(), [...made, parent.id]);
    expect(await countsOf(one)).toMatchObject({ spam: 25, approved: 1 });
    expect(await sweep(one, now)).toMatchObject({ done: true, comments: 25 });
    expect(await countsOf(one)).toMatchObject({ spam: 0, approved: 1 });
    const differences = [];
    for await (const found of store().verify({ repair: false }))
      if (found.where.includes(one.id)) differences.push(found);
    expect(differences).toEqual([]);
  });

  it('what came from elsewhere counts from the last import, and waits for one that is under way', async () => {
    const one = siteWith({ spamDays: 30, emailDays: 365 });
    const made = EPOCH - 5 * 365 * DAY;
    const old = await post(store(), at(one), { status: 'spam', createdAt: made, screening: [] });
    const id = freshId(tick());
    const ended = tick();
    await beginImport(one, id, ended - 5);
    expect(await store().retention.lastImport(one.id)).toBe(Number.POSITIVE_INFINITY);
    expect(await sweep(one, ended + 99 * DAY)).toMatchObject({ comments: 0 });
    await endImport(id, ended);
    expect(await sweep(one, ended + 30 * DAY)).toMatchObject({ comments: 0 });
    expect(await sweep(one, ended + 30 * DAY + 1)).toMatchObject({ comments: 1 });
    await expectTrue(store(), [old.id]);
  });

  it('addresses go with the age of their comment; pseudonym, name and audit stay as they are', async () => {
    const one = siteWith({ emailDays: 365 });
    const key = authorKey(one.id, 'ada');
    const old = await post(store(), at(one), { status: 'approved' });
    expect((await store().authors.find(key))?.email).toBe('sealed-ada');
    const now = old.createdAt + 365 * DAY + 1;
    const young = await post(store(), at(one), { author: 'otto', createdAt: old.createdAt + DAY });
    expect(await sweep(one, now)).toMatchObject({ done: true, addresses: 1 });
    expect(await store().comments.find(old.id)).toMatchObject({
      version: 1,
      author: { key, name: 'ada', email: null },
    });
    expect((await store().comments.find(young.id))?.author.email).toBe('sealed-otto');
    expect(await store().authors.find(key)).toMatchObject({ name: 'ada', email: null });
    expect(await store().comments.history(old.id)).toEqual([]);
    expect(await store().audit.list({ sites: [one.id], limit: 5 })).toEqual([]);
    await expectTrue(store(), [old.id, young.id]);
    expect(await sweep(one, now + 2 * DAY)).toMatchObject({ addresses: 1 });
    // It has looked at those, and does not look again.
    const seen = JSON.parse((await store().retention.mark(`addresses/${one.id}`)) ?? '') as { upTo: string };
    expect(seen.upTo).toBe(young.id);
  });

  it('what an import brings after a clock that was ahead was set back is looked at for addresses, too', async () => {
    const one = siteWith({ emailDays: 365 });
    const old = await post(store(), at(one), { status: 'approved' });
    const now = old.createdAt + 365 * DAY + 1;
    expect(await sweep(one, now + DAY)).toMatchObject({ addresses: 1 });
    const [id, made] = [freshId(now), old.createdAt - 365 * DAY];
    await beginImport(one, id, now);
    const brought = await post(store(), at(one), { author: 'otto', createdAt: made, screening: [] });
    await endImport(id, now);
    expect(await sweep(one, now + 1)).toMatchObject({ addresses: 1 });
    expect((await store().comments.find(brought.id))?.author.email).toBeNull();
  });

  it('the audit goes by the age of its entries, that of other sites stays', async () => {
    const one = siteWith({ auditDays: 730 });
    const other = freshSite();
    const first = tick();
    const record = (of: string, at: number) =>
      recordAct({ ...store(), ids: createIdSource(), clock: { now: () => at } }, { ...ACT, site: of });
    for (let i = 0; i < 130; i++) await record(one.id, first + i);
    await record(other, first);
    expect(await sweep(one, first + 730 * DAY + 120)).toMatchObject({ auditEntries: 120 });
    expect(await store().audit.list({ sites: [one.id], limit: 200 })).toHaveLength(10);
    expect(await store().audit.list({ sites: [other], limit: 5 })).toHaveLength(1);
  });

  it('what was learnt of a comment outlives it, and goes when its author is forgotten', async () => {
    const one = siteWith({ spamDays: 1 });
    const made = await post(store(), at(one), { author: 'mina' });
    await decide(store(), made, 'spam', { at: made.createdAt });
    const lessons = () => store().lessons.after({ site: one.id, after: 0, limit: 9 });
    await until('it is a lesson', async () => (await lessons()).length > 0);
    await sweep(one, made.createdAt + 2 * DAY);
    expect((await lessons()).map(({ label, learnt }) => [label, learnt?.text])).toEqual([
      ['spam', made.text],
    ]);
    await store().authors.forget({ site: one.id, key: authorKey(one.id, 'mina') });
    expect((await lessons()).map(({ label }) => label)).toEqual([null]);
  });

  it('and goes from the memory of those who learnt it, too', async () => {
    const one = siteWith({ spamDays: 1 });
    const text = 'The cheapest watches of the whole town are to be had at the bridge behind the mill';
    const made = await post(store(), at(one), { author: 'mina', text });
    const report = (error: unknown): void => {
      throw error;
    };
    const learner = createLearner({ ...store(), keys: IMPORT_KEYS, report });
    const precedents = createPrecedents({ ...store(), report });
    followStore(store(), { learner, precedents });
    const known = async () => ({
      spam: (await learner.judge(one.id, { text, url: null }))?.spam ?? 0,
      copies: (await precedents.of(one.id, { id: null, text }))?.spam ?? 0,
    });
    const isKnown = (spam: number) =>
      eventually(async () => expect(await known()).toEqual({ spam, copies: spam }));
    await decide(store(), made, 'spam', { at: made.createdAt });
    await isKnown(1);
    await sweep(one, made.createdAt + 2 * DAY);
    await isKnown(1);
    await store().authors.forget({ site: one.id, key: authorKey(one.id, 'mina') });
    await isKnown(0);
    await Promise.all([learner.stop(), precedents.stop()]);
  });

  it('of what was rejected nothing is known any more once it is no longer kept', async () => {
    const one = siteWith({ rejectedDays: 1 });
    const made = await post(store(), at(one), { author: 'mina' });
    await decide(store(), made, 'reject', { at: made.createdAt });
    const labels = async () =>
      (await store().lessons.after({ site: one.id, after: 0, limit: 9 })).map(({ label }) => label);
    await until('it is in the log', async () => (await labels()).includes('rejected'));
    await sweep(one, made.createdAt + 2 * DAY);
    await until('it is taken back', async () => (await labels()).length === 2);
    expect(await labels()).toEqual([null, null]);
    const { keys, enough } = likenessOf(one.id, made.text ?? '');
    expect(await store().lessons.alike({ keys, enough, except: null, most: 9 })).toEqual([]);
  });

  it('an author who takes a comment away leaves retention nothing to do', async () => {
    const one = siteWith({ spamDays: 1, emailDays: 1 });
    const made = await post(store(), at(one), { status: 'spam' as CommentStatus });
    const removedAt = tick();
    const by = { kind: 'author', id: 'author', name: 'author' } as const;
    await apply(store(), made, {
      kind: 'remove',
      decisionId: freshId(removedAt) + made.id,
      at: removedAt,
      by,
    });
    expect(await sweep(one, removedAt + 9 * DAY)).toMatchObject({ comments: 0, addresses: 0 });
    expect(comment(at(one)).deletedAt).toBeNull();
  });
}
