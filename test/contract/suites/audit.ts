import type { AuditEntry, AuditQuery } from '../../../src/moderation/audit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { entry } from '../../support/acts.ts';
import {
  apply,
  comment,
  decide,
  decision,
  freshSite,
  MODERATOR,
  OTHER_MODERATOR,
  page,
  post,
  postApproved,
  report,
  site,
  stored,
  submission,
  tick,
} from '../../support/builders.ts';

/** What people did, newest first; nothing changes it. */
export function auditContract(store: () => Storage): void {
  const list = (query: Partial<AuditQuery> & Pick<AuditQuery, 'sites'>): Promise<AuditEntry[]> =>
    store().audit.list({ limit: 100, ...query });

  it('an entry is given back as it was recorded, and recorded once', async () => {
    const site = freshSite();
    const one = entry(site, { note: 'یادداشت', reason: 'abuse' });
    await store().audit.record(one);
    await store().audit.record({ ...one, note: 'changed' });
    expect(await list({ sites: [site] })).toEqual([one]);
  });

  it('a decision is in it at once, with its batch, and so is its undo', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const on = await post(store(), at);
    const command = decision(on, 'spam', { batchId: 'b1', reason: 'spam', note: 'again' });
    await store().comments.change(on.id, command);
    expect(await list({ sites: [at.site] })).toEqual([
      {
        id: command.decisionId,
        at: command.at,
        by: MODERATOR,
        action: 'spam',
        site: at.site,
        commentId: on.id,
        from: 'pending',
        to: 'spam',
        reason: 'spam',
        note: 'again',
        decisionId: command.decisionId,
        batchId: 'b1',
      },
    ]);
  });

  it('is found by site, actor, action, comment and span, newest first, and walked on from an id', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const [one, two] = [await post(store(), at), await post(store(), at)];
    await decide(store(), one, 'approve');
    await decide(store(), two, 'approve', { by: OTHER_MODERATOR });
    await decide(store(), one, 'spam', { by: OTHER_MODERATOR });
    await store().audit.record(entry(at.site));
    const all = await list({ sites: [at.site] });
    expect(all.map(({ action, by }) => [action, by.id])).toEqual([
      ['token-created', MODERATOR.id],
      ['spam', OTHER_MODERATOR.id],
      ['approve', OTHER_MODERATOR.id],
      ['approve', MODERATOR.id],
    ]);
    const where = async (query: Partial<AuditQuery>): Promise<number[]> =>
      (await list({ sites: [at.site], ...query })).map((found) => all.findIndex(({ id }) => id === found.id));
    expect(await where({ by: OTHER_MODERATOR.id })).toEqual([1, 2]);
    expect(await where({ action: 'approve' })).toEqual([2, 3]);
    expect(await where({ commentId: one.id })).toEqual([1, 3]);
    expect(await where({ since: all[2]?.at, until: all[1]?.at })).toEqual([1, 2]);
    expect(await where({ before: all[1]?.id, limit: 1 })).toEqual([2]);
    expect(await where({ sites: [freshSite()] })).toEqual([]);
  });

  it('is found by every combination of filters, by callers of one site, of several and of all', async () => {
    const [one, two] = [page(freshSite(), 'https://a.example/1'), page(freshSite(), 'https://a.example/1')];
    const actors = [MODERATOR, OTHER_MODERATOR].map((by) => ({ ...by, id: `${by.id} of ${one.site}` }));
    const made: AuditEntry[] = [];
    for (let i = 0; i < 24; i++) {
      const site = [one.site, two.site, null][i % 3] ?? null;
      const action = (['token-created', 'site-updated', 'alias-added'] as const)[(i >> 1) % 3];
      made.push(
        entry(site, { by: actors[(i >> 2) % 2], action, commentId: i % 4 ? null : `c${i % 3}${one.site}` }),
      );
    }
    await Promise.all(made.map((each) => store().audit.record(each)));
    const newest = [...made].reverse();
    const scopes = [[one.site], [two.site, one.site], [freshSite()], null];
    for (const sites of scopes) {
      for (let mask = 0; mask < 16; mask++) {
        const query: Partial<AuditQuery> = {
          ...(mask & 1 ? { by: actors[0]?.id } : sites === null && { by: actors[1]?.id }),
          ...(mask & 2 && { action: 'site-updated' as const }),
          ...(mask & 4 && { since: made[5]?.at, until: made[20]?.at }),
          ...(mask & 8 && { commentId: `c0${one.site}` }),
        };
        const expected = newest.filter(
          (each) =>
            (sites === null || (each.site !== null && sites.includes(each.site))) &&
            (query.by === undefined || each.by.id === query.by) &&
            (query.action === undefined || each.action === query.action) &&
            (query.commentId === undefined || each.commentId === query.commentId) &&
            (query.since === undefined || (each.at >= query.since && each.at <= (query.until ?? 0))),
        );
        const walked: AuditEntry[] = [];
        for (let before: string | undefined; ; ) {
          const found = await list({ sites, ...query, before, limit: 3 });
          walked.push(...found);
          before = found.at(-1)?.id;
          if (before === undefined) break;
        }
        expect(walked).toEqual(expected);
      }
    }
  });

  it('has a moderator’s reply as the comment that it is, once', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const parent = await postApproved(store(), at);
    const noteId = decision(parent, 'approve').decisionId;
    const act = {
      action: 'reply',
      by: MODERATOR,
      reason: null,
      note: null,
      decisionId: noteId,
      batchId: null,
    } as const;
    const reply = comment(at, {
      parentId: parent.id,
      ancestors: [parent.id],
      status: 'approved',
      author: null,
    });
    stored(await store().comments.submit({ ...submission(at, reply), act }));
    await apply(store(), parent, {
      kind: 'note',
      decisionId: noteId,
      at: tick(),
      by: MODERATOR,
      action: 'reply',
      note: reply.id,
    });
    expect(await store().comments.history(parent.id)).toMatchObject([{ action: 'reply', note: reply.id }]);
    expect(await list({ sites: [at.site] })).toMatchObject([
      {
        id: reply.id,
        action: 'reply',
        by: MODERATOR,
        commentId: reply.id,
        from: null,
        to: 'approved',
        decisionId: noteId,
      },
    ]);
  });

  it('outlives the site, also what was done a moment before its removal', async () => {
    const made = site(freshSite());
    await store().sites.create(made);
    const at = page(made.id, 'https://a.example/1');
    const on = await postApproved(store(), at);
    await apply(store(), on, report(on, 'a reader'));
    const command = decision(on, 'spam');
    await apply(store(), on, command);
    await store().sites.remove(made.id);
    expect(await list({ sites: [made.id] })).toMatchObject([{ id: command.decisionId, commentId: on.id }]);
    expect(await list({ sites: null, by: MODERATOR.id, action: 'spam', limit: 5 })).toContainEqual(
      expect.objectContaining({ id: command.decisionId }),
    );
    expect((await store().comments.openReports([on.id])).size).toBe(0);
  });

  it('entries of no site are for callers of all sites alone', async () => {
    const none = entry(null);
    await store().audit.record(none);
    expect((await list({ sites: null, limit: 5 })).map(({ id }) => id)).toContain(none.id);
    expect((await list({ sites: [freshSite()] })).map(({ id }) => id)).not.toContain(none.id);
  });
}
