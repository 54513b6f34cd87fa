import type { AuditEntry, AuditQuery } from '../../../src/moderation/audit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  decide,
  decision,
  freshId,
  freshSite,
  MODERATOR,
  OTHER_MODERATOR,
  page,
  post,
  tick,
} from '../../support/builders.ts';

function entry(site: string | null, rest: Partial<AuditEntry> = {}): AuditEntry {
  const at = rest.at ?? tick();
  return {
    id: freshId(at),
    at,
    by: MODERATOR,
    action: 'token-created',
    site,
    commentId: null,
    from: null,
    to: null,
    reason: null,
    note: null,
    decisionId: null,
    batchId: null,
    ...rest,
  };
}

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

  it('entries of no site are for callers of all sites alone', async () => {
    const none = entry(null);
    await store().audit.record(none);
    expect((await list({ sites: null, limit: 5 })).map(({ id }) => id)).toContain(none.id);
    expect((await list({ sites: [freshSite()] })).map(({ id }) => id)).not.toContain(none.id);
  });
}
