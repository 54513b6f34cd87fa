import type { Comment } from '../../../src/comments/comment.ts';
import type { ListedPage, PageListQuery, PagePosition } from '../../../src/sites/page-rules.ts';
import type { Page } from '../../../src/sites/site.ts';
import { idReference, urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { foldQuery } from '../../../src/text/words.ts';
import {
  alias,
  apply,
  decide,
  freshSite,
  page,
  post,
  postApproved,
  removal,
} from '../../support/builders.ts';

const sortValue = ({ lastId, comments }: ListedPage, sort: PageListQuery['sort']): string | number =>
  sort === 'recent' ? lastId : comments;

async function walk(store: Storage, query: Omit<PageListQuery, 'from'>): Promise<string[]> {
  const met: string[] = [];
  for (let from: PagePosition | undefined; ; ) {
    const items = await store.sites.listPages({ ...query, from });
    expect(items.length).toBeLessThanOrEqual(query.limit);
    met.push(...items.map((one) => one.page.key));
    const last = items.at(-1);
    if (!last) return met;
    from = { key: last.page.key, value: sortValue(last, query.sort) };
  }
}

/** The admins' list of pages, and what they may say of one. */
export function pageListContract(store: () => Storage): void {
  const find = async (at: Page): Promise<Page> => {
    const [found] = await store().sites.findPagesByKey(at.site, [at.key]);
    if (!found) throw new Error('no such page');
    return found;
  };

  it('lists a site’s pages by their newest comment and by how many they have, at once', async () => {
    const id = freshSite();
    const pages = Array.from({ length: 7 }, (_, i) =>
      page(id, `https://a.example/${i}`, { title: i % 2 ? `Odd news ${i}` : `خبرِ زوج ${i}` }),
    );
    const posted: Comment[] = [];
    for (let i = 0; i < 30; i++) posted.push(await post(store(), pages[(i * i) % 7] as Page));
    const used = [...new Set(posted.map((one) => one.pageKey))];
    const check = async (comments: Comment[]): Promise<void> => {
      const live = comments.filter((one) => one.deletedAt === null);
      const lastOf = (key: string): string => {
        const ids = live.filter((one) => one.pageKey === key).map((one) => one.id);
        return ids.sort().at(-1) ?? '';
      };
      const countOf = (key: string): number => live.filter((one) => one.pageKey === key).length;
      const ordered = (value: (key: string) => string | number): string[] =>
        [...used].sort((a, b) => (value(a) === value(b) ? (a > b ? -1 : 1) : value(a) > value(b) ? -1 : 1));
      for (const limit of [1, 3, 10]) {
        expect(await walk(store(), { site: id, sort: 'recent', limit })).toEqual(ordered(lastOf));
        expect(await walk(store(), { site: id, sort: 'comments', limit })).toEqual(ordered(countOf));
      }
    };
    await check(posted);
    const busiest = posted.filter((one) => one.pageKey === posted[0]?.pageKey);
    for (const one of busiest.slice(1)) await apply(store(), one, removal(one));
    await check(await store().comments.findMany(posted.map((one) => one.id)));
    expect(await store().sites.countPages({ site: id }, 100)).toBe(used.length);
    expect(await store().sites.countPages({ site: id }, 2)).toBe(2);
  });

  it('finds pages by words of title, address and id', async () => {
    const id = freshSite();
    const odd = page(id, 'https://a.example/%D8%AE%D8%A8%D8%B1/spring-flood', { title: 'Rivers rise' });
    const even = page(id, 'https://a.example/2', { id: 'story-99', title: 'می‌آید' });
    for (const at of [odd, even]) await post(store(), at);
    const found = async (q: string): Promise<string[]> =>
      (await store().sites.listPages({ site: id, words: foldQuery(q), sort: 'recent', limit: 10 })).map(
        (one) => one.page.key,
      );
    expect(await found('riv')).toEqual([odd.key]);
    expect(await found('RISE flood')).toEqual([odd.key]);
    expect(await found('خبر')).toEqual([odd.key]);
    expect(await found('می آید')).toEqual([even.key]);
    expect(await found('99')).toEqual([even.key]);
    expect(await found('iver')).toEqual([]);
    expect(await store().sites.countPages({ site: id, words: foldQuery('story') }, 10)).toBe(1);
  });

  it('leaves out a page that an alias joined to another, and counts its comments there', async () => {
    const id = freshSite();
    const [old, now] = [page(id, 'https://a.example/old'), page(id, 'https://a.example/now')];
    await post(store(), old);
    await post(store(), now);
    await store().sites.addAlias(alias(id, old.url ?? '', now.url ?? ''), now);
    const list = (): Promise<ListedPage[]> =>
      store().sites.listPages({ site: id, sort: 'comments', limit: 10 });
    expect((await list()).map((one) => [one.page.key, one.comments])).toEqual([[now.key, 2]]);
    await store().sites.removeAlias(old);
    expect((await list()).map((one) => [one.page.key, one.comments])).toEqual([
      [now.key, 2],
      [old.key, 0],
    ]);
  });

  it('changes what is named and leaves the rest, by version', async () => {
    const at = page(freshSite(), 'https://a.example/1', { title: 'First' });
    await post(store(), at);
    const patch = { closed: true, moderation: 'first', publishedAt: 1000, title: 'Second' } as const;
    const changed = { ...(await find(at)), ...patch, version: 2 };
    expect(await store().sites.updatePage(at, patch, { expected: 1 })).toEqual({
      result: 'updated',
      page: changed,
    });
    expect(await find(at)).toEqual(changed);
    expect(await store().sites.findPage(at.site, urlReference(at.url ?? ''))).toEqual(changed);
    expect(await store().sites.updatePage(at, { closed: null }, { expected: 1 })).toEqual({
      result: 'conflict',
      version: 2,
    });
    expect(await store().sites.updatePage(at, { closed: false }, { expected: 2 })).toMatchObject({
      result: 'updated',
    });
    expect(await find(at)).toEqual({ ...changed, closed: false, version: 3 });
    await store().sites.updatePage(at, { title: null, moderation: null }, { expected: 3 });
    await post(store(), at, { page: { title: 'By a comment' } });
    expect(await find(at)).toMatchObject({
      title: 'By a comment',
      moderation: null,
      closed: false,
      version: 4,
    });
    const unknown = { site: at.site, key: 'zzzzzzzzzzzzz' };
    expect(await store().sites.updatePage(unknown, { closed: true }, { expected: 1 })).toEqual({
      result: 'not-found',
    });
  });

  it('of fifty changes of one version makes one', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    await post(store(), at);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        store().sites.updatePage(at, { title: `Title ${i}` }, { expected: 1 }),
      ),
    );
    expect(answers.filter(({ result }) => result === 'updated')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'conflict')).toHaveLength(49);
  });

  it('is led to by a new address and id from now on, and by the earlier ones still', async () => {
    const id = freshSite();
    const at = page(id, 'https://a.example/old', { id: 'one' });
    const first = await postApproved(store(), at);
    const patch = { url: 'https://a.example/new', id: 'two' };
    expect(await store().sites.updatePage(at, patch, { expected: 1 })).toMatchObject({
      result: 'updated',
      page: patch,
    });
    for (const reference of [
      urlReference('https://a.example/old'),
      urlReference('https://a.example/new'),
      idReference('one'),
      idReference('two'),
    ]) {
      expect(await store().sites.findPage(id, reference)).toMatchObject({ key: at.key, ...patch });
    }
    for (const named of [page(id, 'https://a.example/old'), page(id, 'https://a.example/new')]) {
      expect(await postApproved(store(), named)).toMatchObject({ pageKey: first.pageKey });
    }
    expect(await postApproved(store(), page(id, 'https://a.example/x', { id: 'two' }))).toMatchObject({
      pageKey: first.pageKey,
    });
  });

  it('takes no address and no id that leads to another page', async () => {
    const id = freshSite();
    const [one, two] = [
      page(id, 'https://a.example/1', { id: 'one' }),
      page(id, 'https://a.example/2', { id: 'two' }),
    ];
    for (const at of [one, two]) await post(store(), at);
    await store().sites.addAlias(alias(id, 'https://a.example/short', two.url ?? ''), two);
    for (const patch of [{ url: two.url }, { id: 'two' }, { url: 'https://a.example/short' }]) {
      expect(await store().sites.updatePage(one, patch, { expected: 1 })).toEqual({ result: 'taken' });
    }
    expect(await find(one)).toMatchObject({ url: one.url, id: 'one', version: 1 });
    expect(await store().sites.updatePage(one, { url: one.url, id: 'one' }, { expected: 1 })).toMatchObject({
      result: 'updated',
    });
  });

  it('follows a decision: a comment in any status is counted', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const one = await post(store(), at);
    await decide(store(), one, 'spam');
    const [listed] = await store().sites.listPages({ site: at.site, sort: 'recent', limit: 5 });
    expect(listed).toMatchObject({ lastId: one.id, comments: 1 });
  });
}
