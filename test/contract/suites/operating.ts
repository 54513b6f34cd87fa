import type { Invalidation, Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  apply,
  decide,
  edit,
  freshSite,
  page,
  post,
  postApproved,
  removal,
  site,
  token,
} from '../../support/builders.ts';
import type { OpenedStore } from '../../support/stores.ts';

/** What is told to those who keep answers in memory, and what survives a restart. */
export function operatingContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  describe('an invalidation', () => {
    /** What the listener had heard when the promise of `act` was fulfilled. */
    async function heard(act: () => Promise<unknown>): Promise<Invalidation[]> {
      const changes: Invalidation[] = [];
      let listening = true;
      store().onInvalidation((change) => {
        if (listening) changes.push(change);
      });
      await act();
      const known = [...changes];
      listening = false;
      return known;
    }

    it('names the page before the promise of a write that alters its public answer is fulfilled', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const expected = { kind: 'page', site: at.site, pageKey: at.key };
      expect(await heard(() => postApproved(store(), at))).toContainEqual(expected);
      const held = await post(store(), at);
      expect(await heard(() => decide(store(), held, 'approve'))).toContainEqual(expected);
      const edited = { ...held, version: 2 };
      expect(
        await heard(() => apply(store(), held, edit(edited, 'x', { screened: 'approved' }))),
      ).toContainEqual(expected);
      expect(await heard(() => decide(store(), held, 'spam'))).toContainEqual(expected);
      await decide(store(), held, 'approve');
      expect(await heard(() => apply(store(), held, removal(held)))).toContainEqual(expected);
      expect(await heard(() => post(store(), at, { page: { title: 'A title' } }))).toContainEqual(expected);
    });

    it('finds what it told of already written', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const held = await post(store(), at);
      const seen: Promise<boolean | undefined>[] = [];
      store().onInvalidation((change) => {
        if (change.kind === 'page' && change.pageKey === at.key) {
          seen.push(
            store()
              .comments.find(held.id)
              .then((one) => one?.open),
          );
        }
      });
      await decide(store(), held, 'approve');
      expect(await Promise.all(seen)).toContain(true);
    });

    it('names the site when its settings, its aliases or its existence change', async () => {
      const one = site(freshSite());
      const expected = { kind: 'site', site: one.id };
      expect(await heard(() => store().sites.create(one))).toContainEqual(expected);
      expect(await heard(() => store().sites.replace({ ...one, version: 2 }, 1))).toContainEqual(expected);
      const at = page(one.id, 'https://a.example/1');
      const joined = alias(one.id, 'https://a.example/s', 'https://a.example/1');
      expect(await heard(() => store().sites.addAlias(joined, at))).toContainEqual(expected);
      expect(
        await heard(() => store().sites.removeAlias(page(one.id, 'https://a.example/s'))),
      ).toContainEqual(expected);
      expect(await heard(() => store().sites.remove(one.id))).toContainEqual(expected);
    });

    it('tells of tokens made and removed', async () => {
      const one = token();
      expect(await heard(() => store().tokens.create(one))).toContainEqual({ kind: 'tokens' });
      expect(await heard(() => store().tokens.remove(one.id))).toContainEqual({ kind: 'tokens' });
    });
  });

  it('the data key is written once, and replaced only by who knew it', async () => {
    expect(await store().readDataKey()).toBeNull();
    const first = await Promise.all(['one', 'two', 'three'].map((key) => store().writeDataKey(key, null)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const stands = ['one', 'two', 'three'][first.indexOf(true)] ?? '';
    expect(await store().readDataKey()).toBe(stands);
    expect(await store().writeDataKey('four', 'none of them')).toBe(false);
    expect(await store().writeDataKey('four', stands)).toBe(true);
    expect(await store().readDataKey()).toBe('four');
  });

  it('is ready while it can be read and written', async () => {
    await expect(store().ready()).resolves.toBeUndefined();
  });

  it('closing waits for what is under way, and all of it is there after opening again', async () => {
    const one = site(freshSite());
    await store().sites.create(one);
    const at = page(one.id, 'https://a.example/1');
    const posts = Promise.all(Array.from({ length: 50 }, () => postApproved(store(), at)));
    const reopening = opened().reopen();
    const kept = await posts;
    await reopening;
    expect(await store().comments.findMany(kept.map((comment) => comment.id))).toHaveLength(50);
    expect(await store().sites.find(one.id)).toEqual(one);
    const counts = await store().comments.counts([`s/${one.id}`]);
    expect(counts.get(`s/${one.id}`)).toMatchObject({ approved: 50, visible: 50 });
  });
}
