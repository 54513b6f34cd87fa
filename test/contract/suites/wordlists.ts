import type { Wordlist } from '../../../src/screening/wordlist-store.ts';
import { freshSite, site, tick } from '../../support/builders.ts';
import { inParallel } from '../../support/in-parallel.ts';
import type { OpenedStore } from '../../support/stores.ts';

const listOf = (of: string, version: number, hold: string[] = []): Wordlist => ({
  site: of,
  hold,
  reject: ['کلاهبردار', 'a"b\\c'],
  version,
  changedAt: tick(),
});

/** A site's word lists. */
export function wordlistsContract(opened: () => OpenedStore): void {
  const store = () => opened().storage;

  async function freshOne(): Promise<string> {
    const one = site(freshSite());
    await store().sites.create(one);
    return one.id;
  }

  it('are none until they are set, then as they were set, in order', async () => {
    const id = await freshOne();
    expect(await store().wordlists.find(id)).toBeNull();
    const list = listOf(id, 1, ['b', 'a', 'می‌خرم', '😀x']);
    expect(await store().wordlists.replace(list, 0)).toEqual({ replaced: true });
    expect(await store().wordlists.find(id)).toEqual(list);
    const second = listOf(id, 2);
    expect(await store().wordlists.replace(second, 1)).toEqual({ replaced: true });
    expect(await store().wordlists.find(id)).toEqual(second);
  });

  it('are given as the same object as long as they stand', async () => {
    const id = await freshOne();
    await store().wordlists.replace(listOf(id, 1), 0);
    expect(await store().wordlists.find(id)).toBe(await store().wordlists.find(id));
  });

  it('stay as they are where another version stands, which is told', async () => {
    const id = await freshOne();
    const list = listOf(id, 1);
    expect(await store().wordlists.replace(listOf(id, 2), 1)).toEqual({ replaced: false, version: 0 });
    await store().wordlists.replace(list, 0);
    expect(await store().wordlists.replace(listOf(id, 1), 0)).toEqual({ replaced: false, version: 1 });
    expect(await store().wordlists.replace(listOf(id, 8), 7)).toEqual({ replaced: false, version: 1 });
    expect(await store().wordlists.find(id)).toEqual(list);
  });

  it('are replaced by exactly one of thirty at once', async () => {
    const id = await freshOne();
    const results = await inParallel([...Array(30).keys()], 30, (n) =>
      store().wordlists.replace(listOf(id, 1, [`term ${n}`]), 0),
    );
    expect(results.filter(({ replaced }) => replaced)).toHaveLength(1);
    const winner = results.findIndex(({ replaced }) => replaced);
    expect((await store().wordlists.find(id))?.hold).toEqual([`term ${winner}`]);
  });

  it('are of one site, and go with it', async () => {
    const [one, other] = [await freshOne(), await freshOne()];
    const list = listOf(other, 1);
    await store().wordlists.replace(listOf(one, 1), 0);
    await store().wordlists.replace(list, 0);
    await store().sites.remove(one);
    expect(await store().wordlists.find(one)).toBeNull();
    expect(await store().wordlists.find(other)).toEqual(list);
    expect(await store().wordlists.replace(listOf(one, 2), 1)).toEqual({ replaced: false, version: null });
    await store().sites.create(site(one));
    expect(await store().wordlists.find(one)).toBeNull();
  });

  it('cannot be set for a site that is not there', async () => {
    const id = freshSite();
    expect(await store().wordlists.replace(listOf(id, 1), 0)).toEqual({ replaced: false, version: null });
    expect(await store().wordlists.find(id)).toBeNull();
  });

  it('tell of their change before its promise is fulfilled', async () => {
    const id = await freshOne();
    let heard = false;
    store().onInvalidation((change) => {
      heard ||= change.kind === 'wordlist' && change.site === id;
    });
    await store().wordlists.replace(listOf(id, 1), 0);
    expect(heard).toBe(true);
  });

  it('stand after a restart', async () => {
    const id = await freshOne();
    const list = listOf(id, 1, ['kept']);
    await store().wordlists.replace(list, 0);
    await opened().reopen();
    expect(await store().wordlists.find(id)).toEqual(list);
  });
}
