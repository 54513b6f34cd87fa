import { NO_COUNTS, siteScope } from '../../../src/comments/counts.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, decide, freshSite, page, postApproved, site, tick, token } from '../../support/builders.ts';
import { filter } from '../../support/filters.ts';
import { due, webhook } from '../../support/outbox-builders.ts';
import { moderator } from '../../support/staff-builders.ts';

/** Sites and their policies. */
export function sitesContract(store: () => Storage): void {
  it('are found as they were made, an id only once', async () => {
    const one = site(freshSite(), { origins: ['https://خبر.example', 'https://*.a.example'] });
    expect(await store().sites.find(one.id)).toBeNull();
    expect(await store().sites.create(one)).toBe(true);
    expect(await store().sites.find(one.id)).toEqual(one);
    expect(await store().sites.create({ ...one, name: 'Other' })).toBe(false);
    expect(await store().sites.find(one.id)).toEqual(one);
    expect(await store().sites.ids()).toContain(one.id);
  });

  it('of one id made by ten at once are made by one', async () => {
    const id = freshSite();
    const made = await Promise.all(Array.from({ length: 10 }, () => store().sites.create(site(id))));
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it('are replaced where the version still stands, else the version that stands is told', async () => {
    const one = site(freshSite());
    await store().sites.create(one);
    const two = { ...one, name: 'Two', version: 2 };
    const answers = await Promise.all([
      store().sites.replace(two, 1),
      store().sites.replace({ ...two, name: 'Three' }, 1),
    ]);
    expect(answers.filter((answer) => answer.replaced)).toHaveLength(1);
    expect(answers).toContainEqual({ replaced: false, version: 2 });
    expect((await store().sites.find(one.id))?.version).toBe(2);
    expect(await store().sites.replace(site(freshSite()), 1)).toEqual({ replaced: false, version: null });
  });

  it('list newest first, page by page, those in scope only', async () => {
    const made = Array.from({ length: 5 }, () => site(freshSite()));
    for (const one of made) await store().sites.create(one);
    const newest = [...made].reverse();
    const scope = made.map((one) => one.id);
    const first = await store().sites.list({ scope, limit: 2 });
    expect(first).toEqual({ items: newest.slice(0, 2), total: 5 });
    const before = first.items.at(-1)?.id;
    expect(await store().sites.list({ scope, before, limit: 2 })).toEqual({
      items: newest.slice(2, 4),
      total: 5,
    });
    const all = await store().sites.list({ scope: null, limit: 3 });
    expect(all.items).toEqual(newest.slice(0, 3));
    expect(all.total).toBe((await store().sites.ids()).length);
    const further = await store().sites.list({ scope: null, before: all.items.at(-1)?.id, limit: 2 });
    expect(further.items).toEqual(newest.slice(3, 5));
    expect(await store().sites.list({ scope: [], limit: 2 })).toEqual({ items: [], total: 0 });
  });

  it('are removed with their comments, pages, aliases and counters, and leave others alone', async () => {
    const [gone, kept] = [site(freshSite()), site(freshSite())];
    for (const one of [gone, kept]) await store().sites.create(one);
    const [at, other] = [page(gone.id, 'https://a.example/1'), page(kept.id, 'https://a.example/1')];
    const first = await postApproved(store(), at);
    const second = await postApproved(store(), other);
    await decide(store(), first, 'approve');
    await store().sites.addAlias(alias(gone.id, 'https://a.example/s', 'https://a.example/1'), at);
    expect(await store().sites.remove(gone.id)).toBe(true);
    expect(await store().sites.remove(gone.id)).toBe(false);
    expect(await store().sites.find(gone.id)).toBeNull();
    expect(await store().sites.ids()).not.toContain(gone.id);
    expect(await store().comments.find(first.id)).toBeNull();
    expect(await store().comments.history(first.id)).toEqual([]);
    expect(await store().sites.findPage(gone.id, urlReference('https://a.example/1'))).toBeNull();
    expect(await store().sites.findPage(gone.id, urlReference('https://a.example/s'))).toBeNull();
    expect((await store().sites.aliases({ site: gone.id, limit: 10 })).total).toBe(0);
    expect(await store().comments.counts([siteScope(gone.id)])).toEqual(
      new Map([[siteScope(gone.id), NO_COUNTS]]),
    );
    expect(await store().comments.find(second.id)).toEqual(second);
    expect(await store().sites.find(kept.id)).toEqual(kept);
    expect(await store().sites.create(gone)).toBe(true);
    expect(
      await store().comments.queue({ sites: [gone.id], status: 'all', sort: 'oldest', limit: 10 }),
    ).toEqual([]);
  });

  it('end what is theirs alone, and take themselves out of what names others, too', async () => {
    const [gone, kept] = [site(freshSite()), site(freshSite())];
    for (const one of [gone, kept]) await store().sites.create(one);
    const scopes = [[gone.id], [gone.id, kept.id], [kept.id], ['*']];
    const tokens = scopes.map((sites) => token({ sites }));
    const filters = scopes.map((sites) => filter({ sites }));
    const accounts = scopes.map((sites) => moderator({ sites }));
    const webhooks = [gone.id, kept.id, null].map((of) => webhook({ site: of }));
    for (const one of tokens) await store().tokens.create(one);
    for (const one of filters) await store().filters.create(one);
    for (const one of accounts) await store().staff.createModerator(one);
    for (const one of webhooks) await store().webhooks.create(one);
    const receivers = [...filters, ...webhooks].map(({ id }) => id);
    for (const receiver of receivers) await store().outbox.add(due(receiver, tick()));
    // They are kept in memory once they were asked for.
    for (const { hash } of tokens) await store().tokens.findByHash(hash);
    await store().filters.all();

    expect(await store().sites.remove(gone.id)).toBe(true);
    expect(await store().sites.create(gone)).toBe(true);
    const left = [null, [kept.id], [kept.id], ['*']];
    const sitesOf = (found: ({ sites: string[] } | null | undefined)[]) =>
      found.map((one) => one?.sites ?? null);
    expect(sitesOf(await Promise.all(tokens.map(({ hash }) => store().tokens.findByHash(hash))))).toEqual(
      left,
    );
    const all = await store().filters.all();
    expect(sitesOf(filters.map(({ id }) => all.find((one) => one.id === id)))).toEqual(left);
    expect((await store().filters.find(filters[1]?.id ?? ''))?.version).toBe(2);
    const found = await Promise.all(accounts.map(({ id }) => store().staff.findModerator(id)));
    expect(sitesOf(found)).toEqual([[], ...left.slice(1)]);
    expect(found.map((one) => one?.version)).toEqual([2, 2, 1, 1]);
    const listed = await store().staff.listModerators({ scope: [kept.id], limit: 10 });
    expect(listed.items.map(({ id }) => id)).toEqual([accounts[2]?.id, accounts[1]?.id]);
    const hooks = await Promise.all(webhooks.map(({ id }) => store().webhooks.find(id)));
    expect(hooks.map((one) => one && [one.site])).toEqual([null, [kept.id], [null]]);
    const deliveries = await Promise.all(
      receivers.map((receiver) => store().outbox.list({ receiver, limit: 5 })),
    );
    expect(deliveries.map(({ total }) => total)).toEqual([0, 1, 1, 1, 0, 1, 1]);
  });
}
