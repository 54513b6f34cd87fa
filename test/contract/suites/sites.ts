import { NO_COUNTS, siteScope } from '../../../src/comments/counts.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, decide, freshSite, page, postApproved, site } from '../../support/builders.ts';

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
}
