import type { Comment } from '../../../src/comments/comment.ts';
import { countSimilar, idsSimilarTo } from '../../../src/moderation/similar.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { apply, decide, edit, freshSite, page, post, removal } from '../../support/builders.ts';
import { searchFilled } from '../../support/search-filled.ts';
import type { OpenedStore } from '../../support/stores.ts';

const SPAM =
  'Buy the finest watches of the town at half the price, only today and only in our shop of wonders';
const VARIANTS = [
  SPAM.toUpperCase(),
  SPAM.replace('watches', 'handbags'),
  `${SPAM}, my friend!`,
  SPAM.replaceAll(' ', '  '),
];
const OTHERS = [
  'The road by the lake was closed for two weeks in the spring, and nobody had told those who live there.',
  'I bought a watch in that town once, and it went on for twenty years without being repaired even once.',
  'Buy the finest',
];
const PERSIAN = 'بهترین ساعت‌های شهر را با نصف قیمت بخرید، فقط امروز و فقط در فروشگاه ما می‌توانید پیدا کنید';
const PERSIAN_OTHERWISE =
  'بهترین ساعتهاي شهر را با نصف قيمت بخرید، فقط امروز و فقط در فروشگاه ما میتوانید پیدا کنید!';

/** Near copies are found, whether the index has them yet or not. */
export function similarContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const write = (site: string, text: string, path = '1'): Promise<Comment> =>
    post(store(), page(site, `https://a.example/${path}`), { text });
  const writeAll = async (site: string, texts: string[]): Promise<Comment[]> => {
    const written: Comment[] = [];
    for (const [i, text] of texts.entries()) written.push(await write(site, text, `${i}`));
    return written;
  };
  const newestFirst = (comments: Comment[]): string[] =>
    comments
      .map(({ id }) => id)
      .sort()
      .reverse();
  /** At once, while they wait to be filled in, and when nothing waits any more. */
  const expectSimilar = async (to: Comment, comments: Comment[]): Promise<void> => {
    const check = async (): Promise<void> => {
      expect(await idsSimilarTo(store(), to)).toEqual(newestFirst(comments));
      expect((await countSimilar(store(), [to])).get(to.id) ?? 0).toBe(comments.length);
    };
    await check();
    await searchFilled(opened());
    await check();
  };

  it('copies and near copies of all pages are found, other texts and other sites are not', async () => {
    const site = freshSite();
    const first = await write(site, SPAM);
    const copies = await writeAll(site, VARIANTS);
    await writeAll(site, OTHERS);
    await write(freshSite(), SPAM);
    await expectSimilar(first, copies);
    for (const copy of copies) expect(await idsSimilarTo(store(), copy)).toContain(first.id);
    const counts = await countSimilar(store(), [first, ...copies]);
    expect([...counts.values()].every((count) => count >= 3)).toBe(true);
  });

  it('letters, digits and half-spaces of Persian are compared folded', async () => {
    const site = freshSite();
    const first = await write(site, PERSIAN);
    await expectSimilar(first, [await write(site, PERSIAN_OTHERWISE, '2')]);
  });

  it('a short text has no near copy but its equals, folded', async () => {
    const site = freshSite();
    const [first, ...rest] = await writeAll(site, [
      'Thanks!',
      'thanks',
      'Thanks a lot',
      'Thank you',
      '👍',
      '👍👍',
    ]);
    await expectSimilar(first as Comment, [rest[0] as Comment]);
    await expectSimilar(rest[3] as Comment, []);
  });

  it('an edit makes it another text’s copy, a deletion nobody’s, a decision changes nothing', async () => {
    const site = freshSite();
    const [first, second, third] = (await writeAll(site, [SPAM, OTHERS[0] ?? '', SPAM])) as [
      Comment,
      Comment,
      Comment,
    ];
    const other = await write(site, OTHERS[0] ?? '', '9');
    await expectSimilar(second, [other]);
    const edited = await apply(store(), second, edit(second, SPAM));
    await expectSimilar(edited, [first, third]);
    await expectSimilar(other, []);
    await decide(store(), third, 'spam');
    await expectSimilar(first, [edited, third]);
    const gone = await apply(store(), first, removal(first));
    await expectSimilar(gone, []);
    await expectSimilar(edited, [third]);
    await opened().reopen();
    await expectSimilar(edited, [third]);
  });

  it('no more are counted and told than are asked for, the newest', async () => {
    const site = freshSite();
    const all = await writeAll(
      site,
      Array.from({ length: 30 }, (_, i) => `${SPAM} ${i}`),
    );
    await searchFilled(opened());
    const [first] = all as [Comment];
    expect(await store().similar.count([first, first], 5)).toEqual([5, 5]);
    expect(await store().similar.count([], 5)).toEqual([]);
    const ids = await store().similar.list(first, 5);
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(await store().similar.list(first, 100)).toHaveLength(29);
  });
}
