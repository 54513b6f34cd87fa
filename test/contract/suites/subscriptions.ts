import type { Subscription } from '../../../src/mail/subscription-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { authorKey, freshId, freshSite, page, site, tick } from '../../support/builders.ts';
import type { OpenedStore } from '../../support/stores.ts';

type Wish = Omit<Subscription, 'confirmedAt'>;

function wish(of: string, author: string, rest: Partial<Wish> = {}): Wish {
  const createdAt = rest.createdAt ?? tick();
  const commentId = freshId(createdAt) + page(of, `https://${of}.example/1`).key;
  return {
    commentId,
    site: of,
    reader: authorKey(of, author),
    email: `sealed-${author}`,
    createdAt,
    ...rest,
  };
}

/** Readers' wishes for mail about answers. */
export function subscriptionsContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const port = () => store().subscriptions;

  async function added(...wishes: Wish[]): Promise<void> {
    for (const one of wishes) await port().add(one);
  }
  const ofReader = (reader: string) => port().ofReader({ reader, limit: 10 });

  it('are found by their comment, unconfirmed at first, and one of a comment is enough', async () => {
    const one = wish(freshSite(), 'ada');
    await added(one, { ...one, email: 'another' });
    expect(await port().ofComments([one.commentId, 'none'])).toEqual([{ ...one, confirmedAt: null }]);
  });

  it('of one reader are confirmed together, and later ones with them; another’s are not', async () => {
    const of = freshSite();
    const [first, second, later, other] = [
      wish(of, 'ada'),
      wish(of, 'ada'),
      wish(of, 'ada'),
      wish(of, 'otto'),
    ];
    await added(first, second, other);
    const at = tick();
    expect(await port().confirm(first.reader, at)).toBe(2);
    expect(await port().confirm(first.reader, tick())).toBe(0);
    await added(later);
    expect((await ofReader(first.reader)).map(({ confirmedAt }) => confirmedAt)).toEqual([at, at, at]);
    expect(await ofReader(other.reader)).toEqual([{ ...other, confirmedAt: null }]);
  });

  it('of a reader are walked by comment', async () => {
    const of = freshSite();
    const wishes = Array.from({ length: 5 }, () => wish(of, 'ada'));
    await added(...wishes);
    const { reader } = wishes[0] as Wish;
    const ids = wishes.map(({ commentId }) => commentId).sort();
    const first = await port().ofReader({ reader, limit: 3 });
    expect(first.map(({ commentId }) => commentId)).toEqual(ids.slice(0, 3));
    const rest = await port().ofReader({ reader, after: ids[2], limit: 3 });
    expect(rest.map(({ commentId }) => commentId)).toEqual(ids.slice(3));
  });

  it('go with their comments or with their reader, who is asked anew then', async () => {
    const of = freshSite();
    const [one, two, three] = [wish(of, 'ada'), wish(of, 'ada'), wish(of, 'ada')];
    await added(one, two, three);
    await port().confirm(one.reader, tick());
    expect(await port().remove([one.commentId, 'none'])).toBe(1);
    expect(await port().remove([one.commentId])).toBe(0);
    expect(await port().removeReader(one.reader)).toBe(2);
    expect(await port().removeReader(one.reader)).toBe(0);
    const again = wish(of, 'ada');
    await added(again);
    expect(await ofReader(one.reader)).toEqual([{ ...again, confirmedAt: null }]);
  });

  it('that were never confirmed are trimmed, confirmed ones stay', async () => {
    const of = freshSite();
    const [old, kept, young] = [wish(of, 'ada'), wish(of, 'otto'), wish(of, 'mina')];
    await added(old, kept);
    await port().confirm(kept.reader, tick());
    const before = tick();
    await added({ ...young, createdAt: before });
    expect(await port().trim(before)).toBe(false);
    const all = [old, kept, young].map(({ commentId }) => commentId);
    const left = (await port().ofComments(all)).map(({ commentId }) => commentId).sort();
    expect(left).toEqual([kept.commentId, young.commentId].sort());
  });

  it('go with their site', async () => {
    const gone = site(freshSite());
    await store().sites.create(gone);
    const [one, other] = [wish(gone.id, 'ada'), wish(freshSite(), 'ada')];
    await added(one, other);
    await store().sites.remove(gone.id);
    expect(await port().ofComments([one.commentId, other.commentId])).toHaveLength(1);
  });

  it('outlive a start', async () => {
    const one = wish(freshSite(), 'ada');
    await added(one);
    await opened().reopen();
    expect(await port().ofComments([one.commentId])).toHaveLength(1);
  });
}
