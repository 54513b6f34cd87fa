import type { Token } from '../../../src/staff/token.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, tick, token } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

/** Bearer tokens. */
export function tokensContract(store: () => Storage): void {
  it('are found by hash and by id as they were made', async () => {
    const one = token({ role: 'admin', sites: [freshSite()], expiresAt: tick() });
    expect(await store().tokens.findByHash(one.hash)).toBeNull();
    await store().tokens.create(one);
    expect(await store().tokens.findByHash(one.hash)).toEqual(one);
    expect(await store().tokens.find(one.id)).toEqual(one);
    expect(await store().tokens.find(token().id)).toBeNull();
  });

  it('are gone once removed', async () => {
    const one = token();
    await store().tokens.create(one);
    await store().tokens.findByHash(one.hash);
    expect(await store().tokens.remove(one.id)).toBe(true);
    expect(await store().tokens.remove(one.id)).toBe(false);
    expect(await store().tokens.findByHash(one.hash)).toBeNull();
    expect(await store().tokens.find(one.id)).toBeNull();
  });

  it('list newest first, page by page, only those whose sites all lie in scope', async () => {
    const [a, b, c] = [freshSite(), freshSite(), freshSite()];
    const sites = [[a], [a, b], [b], [a, c], ['*'], [b, a]];
    const made: Token[] = [];
    for (const scope of sites) {
      const one = token({ sites: scope });
      await store().tokens.create(one);
      made.push(one);
    }
    const inScope = [made[5], made[2], made[1], made[0]];
    const first = await store().tokens.list({ scope: [a, b], limit: 3 });
    expect(first).toEqual({ items: inScope.slice(0, 3), total: 4 });
    const rest = await store().tokens.list({ scope: [a, b], before: first.items.at(-1)?.id, limit: 3 });
    expect(rest).toEqual({ items: inScope.slice(3), total: 4 });
    const all = await store().tokens.list({ scope: null, limit: 6 });
    expect(all.items).toEqual([...made].reverse());
    expect(await store().tokens.list({ scope: [], limit: 6 })).toEqual({ items: [], total: 0 });
  });

  it('remember when they were last used', async () => {
    const one = token();
    await store().tokens.create(one);
    const at = tick();
    store().tokens.touch(one.id, at);
    await eventually(async () => expect((await store().tokens.find(one.id))?.lastUsedAt).toBe(at));
    expect((await store().tokens.findByHash(one.hash))?.lastUsedAt).toBe(at);
  });
}
