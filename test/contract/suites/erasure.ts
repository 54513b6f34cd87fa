import type { CommentStatus } from '../../../src/comments/comment.ts';
import { authorScope } from '../../../src/comments/counts.ts';
import { createIdSource } from '../../../src/ids.ts';
import { createKeyring } from '../../../src/keys.ts';
import type { ErasureRecord } from '../../../src/moving/erasure-journal.ts';
import { repeatErasures } from '../../../src/moving/repeat-erasures.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { entry } from '../../support/acts.ts';
import {
  apply,
  authorKey,
  comment,
  decide,
  freshId,
  freshSite,
  MODERATOR,
  page,
  post,
  report,
  stored,
  submission,
  tick,
} from '../../support/builders.ts';
import { expectTrue } from '../../support/recount.ts';

/** Whoever wrote comments is taken out of them, with the comments or without. */
export function erasureContract(store: () => Storage): void {
  const erasure = (id: string, mode: 'anonymise' | 'delete') => {
    const at = tick();
    return { kind: 'erase', decisionId: freshId(at) + id, at, by: MODERATOR, mode } as const;
  };

  async function written(statuses: CommentStatus[] = ['approved', 'pending', 'spam']) {
    const at = page(freshSite(), 'https://a.example/1');
    const comments = [];
    for (const status of statuses) {
      const what = comment(at, { author: 'mina', status });
      const named = { ...what, author: { ...what.author, name: 'Mina', url: 'https://mina.example/' } };
      comments.push(stored(await store().comments.submit(submission(at, named))));
    }
    return { at, comments, key: authorKey(at.site, 'mina') };
  }

  it.each(['anonymise', 'delete'] as const)(
    '%s: counts are true at every moment, the author has none',
    async (mode) => {
      const { at, comments, key } = await written();
      const other = stored(
        await store().comments.submit(submission(at, comment(at, { author: 'otto', status: 'approved' }))),
      );
      const ids = [...comments, other].map(({ id }) => id);
      for (const { id } of comments) {
        await apply(store(), { id }, erasure(id, mode));
        await expectTrue(store(), ids);
      }
      const scopes = [authorScope(at.site, key), authorScope(at.site, authorKey(at.site, 'otto'))];
      const counts = await store().comments.counts(scopes);
      expect(Object.values(counts.get(scopes[0] ?? '') ?? {}).every((count) => count === 0)).toBe(true);
      expect(counts.get(scopes[1] ?? '')?.approved).toBe(1);
      const differences = [];
      for await (const one of store().verify({ repair: false })) {
        if (one.where.includes(at.site)) differences.push(one);
      }
      expect(differences).toEqual([]);
    },
  );

  it.each(['anonymise', 'delete'] as const)(
    '%s: nothing of the author is left, nor of what was noted',
    async (mode) => {
      const { at, comments, key } = await written(['approved']);
      const [first] = comments;
      if (!first) throw new Error('no comment');
      await apply(store(), first, report(first, 'reader', { report: { note: 'this is Mina of Tehran' } }));
      await apply(store(), first, {
        kind: 'decide',
        decisionId: freshId(tick()) + first.id,
        at: tick(),
        by: MODERATOR,
        action: 'approve',
        reason: null,
        note: 'wrote as Mina before',
      });
      await apply(store(), first, erasure(first.id, mode));
      const now = await store().comments.find(first.id);
      expect(now?.author).toMatchObject({ key: null, name: null, url: null, email: null });
      expect(now?.text).toBe(mode === 'delete' ? null : first.text);
      expect(now?.version).toBe(first.version + 2);
      const history = await store().comments.history(first.id);
      expect(history.map(({ action, note }) => [action, note])).toEqual([
        ['approve', null],
        [mode === 'delete' ? 'erase' : 'anonymise', null],
      ]);
      const audit = await store().audit.list({ sites: [at.site], limit: 10 });
      expect(audit.map(({ note }) => note)).toEqual([null, null]);
      expect((await store().authors.find(key))?.comments ?? 0).toBe(0);
      expect(await store().authors.list({ sites: [at.site], sort: 'recent', limit: 5 })).toEqual([]);
      const queue = { sites: [at.site], status: 'all', sort: 'oldest', limit: 5 } as const;
      expect(await store().comments.queue({ ...queue, sites: [at.site], authorKey: key })).toEqual([]);
      expect(await store().comments.queue({ ...queue, sites: [at.site], q: 'mina' })).toEqual([]);
    },
  );

  it('tells nobody whose an anonymised text was by refusing it as a duplicate', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const duplicateKey = `words of mina ${at.site}`;
    const first = await post(store(), at, { author: 'mina', status: 'approved', duplicateKey });
    const again = () => submission(at, comment(at, { author: 'mina' }), { duplicateKey, duplicateSince: 0 });
    expect(await store().comments.submit(again())).toEqual({ kind: 'duplicate', id: first.id });
    await apply(store(), first, erasure(first.id, 'anonymise'));
    const { id } = stored(await store().comments.submit(again()));
    expect(await store().comments.submit(again())).toEqual({ kind: 'duplicate', id });
  });

  it('leaves a comment whose author is gone to moderators as it was', async () => {
    const { comments } = await written(['pending']);
    const [first] = comments;
    if (!first) throw new Error('no comment');
    await apply(store(), first, erasure(first.id, 'anonymise'));
    await decide(store(), first, 'approve');
    await expectTrue(store(), [first.id]);
    expect((await store().comments.find(first.id))?.status).toBe('approved');
  });

  it('erases once more what came back, and nothing that was written since', async () => {
    const { at, key } = await written(['approved', 'spam']);
    const until = tick();
    const own = await post(store(), at, { author: 'otto' });
    const later = await post(store(), at, { author: 'mina' });
    const records = async function* (): AsyncGenerator<ErasureRecord> {
      yield { kind: 'person', id: 'one', at: until, mode: 'delete', people: [{ site: at.site, key }] };
      yield { kind: 'comment', id: own.id, at: until };
      yield { kind: 'comment', id: 'nowhere', at: until };
    };
    const deps = { ...store(), ids: createIdSource(), keys: createKeyring(Buffer.alloc(32, 7)) };
    const repeat = (since: number) =>
      repeatErasures({ ...deps, clock: { now: () => tick() } }, { records: records(), since });
    expect(await repeat(until + 1)).toEqual({ erasures: 0, comments: 0 });
    expect(await repeat(0)).toEqual({ erasures: 2, comments: 3 });
    expect(await repeat(0)).toEqual({ erasures: 0, comments: 0 });
    const left = await store().comments.queue({ sites: [at.site], status: 'all', sort: 'oldest', limit: 9 });
    expect(left.map(({ id }) => id)).toEqual([later.id]);
  });

  it('forgets what people said of an author', async () => {
    const { at, key } = await written(['approved']);
    const record = { site: at.site, key, standing: 'banned', until: null, reason: null } as const;
    const noted = { action: 'author-banned', note: 'Mina of Tehran' } as const;
    const act = entry(at.site, { ...noted, subject: key });
    const ofAnother = entry(at.site, { ...noted, subject: 'another' });
    await store().audit.record(ofAnother);
    await store().authors.setStanding({ ...record, by: MODERATOR, at: tick(), version: 2 }, 1, { act });
    expect((await store().authors.standings(at.site)).size).toBe(1);
    await store().authors.forget({ site: at.site, key });
    const audit = await store().audit.list({ sites: [at.site], action: 'author-banned', limit: 9 });
    expect(audit.map(({ id, note }) => [id, note])).toEqual([
      [ofAnother.id, ofAnother.note],
      [act.id, null],
    ]);
    expect(await store().authors.findStanding(key)).toBeNull();
    expect((await store().authors.standings(at.site)).size).toBe(0);
    await store().authors.forget({ site: at.site, key });
  });

  it('lists what is kept in the order of the keys, until it is forgotten', async () => {
    const { idempotency } = store();
    const request = { fingerprint: 'f', plan: 'p', owner: 'o', at: Date.now() };
    for (const key of ['erase-b', 'erase-a', 'erase-c']) await idempotency.begin(key, request);
    await idempotency.finish('erase-a', 'A');
    await idempotency.finish('erase-b', 'B');
    const plan = 'p';
    expect(await idempotency.list('erase', 1)).toEqual([{ key: 'erase-a', plan, answer: 'A' }]);
    expect((await idempotency.list('erase-a', 1)).map(({ key }) => key)).toEqual(['erase-b']);
    await idempotency.forget('erase-b');
    const left = async () =>
      (await idempotency.list('erase-a', 9)).filter(({ key }) => key.startsWith('erase'));
    expect(await left()).toEqual([{ key: 'erase-c', plan, answer: null }]);
    await idempotency.forget('erase-c');
    expect(await left()).toEqual([]);
    // An answer that comes after that is nobody's.
    await idempotency.finish('erase-c', 'C');
    expect(await left()).toEqual([]);
  });
}
