import type { Comment } from '../../../src/comments/comment.ts';
import { hasWords, queryWords, searchWords, wordLines } from '../../../src/moderation/search.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { foldWords } from '../../../src/text/words.ts';
import { apply, edit, freshSite, page, post, removal } from '../../support/builders.ts';
import { readCorpus, readNaughtyStrings } from '../../support/corpora.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { createRandom, type Random, seedOfRun } from '../../support/random.ts';
import { searchFilled } from '../../support/search-filled.ts';
import type { OpenedStore } from '../../support/stores.ts';
import { found } from './search.ts';

const OF_EACH = 150;
const QUERIES = 40;

/** Search among what people really wrote, and under hostile and crowded conditions. */
export function searchCorporaContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  function draw(random: Random, texts: string[]): string {
    const words = foldWords(random.pick(texts));
    const some = Array.from({ length: 1 + random.between(0, 1) }, () =>
      random.pick(words.length > 0 ? words : ['x']),
    );
    return some
      .map((word) => [...word].slice(0, 1 + random.between(0, [...word].length - 1)).join(''))
      .join(' ');
  }

  it('of real comments finds exactly those that hold the words, before and after the index has them', async () => {
    const site = freshSite();
    const texts = (['persian-instagram', 'youtube-01-psy', 'youtube-02-katyperry'] as const).flatMap((name) =>
      readCorpus(name)
        .slice(0, OF_EACH)
        .map(({ text }) => text),
    );
    const pages = [
      page(site, 'https://a.example/fa', { title: 'نظرهای فارسی' }),
      page(site, 'https://a.example/en', { title: 'Psy & Katy Perry' }),
    ] as const;
    const all = await inParallel(texts, 50, (text, i) =>
      post(store(), i < OF_EACH ? pages[0] : pages[1], { text, author: `reader ${i % 9}` }),
    );
    const lines = new Map(
      all.map((one) => [
        one.id,
        wordLines(searchWords(one, one.pageKey === pages[0].key ? pages[0].title : pages[1].title)),
      ]),
    );
    const seed = seedOfRun();
    const random = createRandom(seed);
    const queries = Array.from({ length: QUERIES }, () => draw(random, texts));
    const expected = (q: string): string[] =>
      all
        .filter(({ id }) => hasWords(lines.get(id) ?? '', queryWords(q)))
        .map(({ id }) => id)
        .sort()
        .reverse();
    const check = async (some: string[]): Promise<void> => {
      for (const q of some) {
        const ids = (await found(store(), [site], { q, limit: 1000 })).map(({ id }) => id);
        expect({ seed, q, ids }).toEqual({ seed, q, ids: expected(q) });
      }
    };
    await check(queries.slice(0, 10));
    await searchFilled(opened());
    await check(queries);
  });

  it('takes any string for words, and finds what was posted in that very string', async () => {
    const site = freshSite();
    const where = page(site, 'https://a.example/naughty');
    // Each is posted; every third is asked for, too.
    const strings = readNaughtyStrings().map((text) =>
      [...text.replaceAll(/\p{Surrogate}/gu, '').replaceAll('\0', '')].slice(0, 200).join(''),
    );
    const posted = await inParallel(strings, 20, (text) => post(store(), where, { text }));
    await searchFilled(opened());
    await inParallel(strings, 10, async (q, i) => {
      if (i % 3 !== 0) return;
      const items = await store().comments.queue({
        sites: [site],
        status: 'all',
        sort: 'newest',
        limit: 1000,
        q,
      });
      const ids = items.map(({ id }) => id);
      if (queryWords(q).length > 0) expect([q, ids]).toEqual([q, expect.arrayContaining([posted[i]?.id])]);
      else expect([q, ids]).toEqual([q, []]);
    });
  });

  it('finds each of many comments the moment it is stored, and loses it the moment it is gone', async () => {
    const site = freshSite();
    const where = page(site, 'https://a.example/busy');
    const lonely = async (word: string): Promise<Comment[]> =>
      store().comments.queue({ sites: [site], status: 'all', sort: 'newest', limit: 500, q: word });
    await inParallel([...Array(90).keys()], 50, async (i) => {
      const one = await post(store(), where, { text: `first${i} said in a crowd`, author: `author ${i}` });
      expect((await lonely(`first${i} crowd`)).map(({ id }) => id)).toContain(one.id);
      const changed = await apply(store(), one, edit(one, `second${i} said in a crowd`));
      expect((await lonely(`first${i} said`)).map(({ id }) => id)).not.toContain(one.id);
      expect((await lonely(`second${i} crowd`)).map(({ id }) => id)).toContain(one.id);
      if (i % 3 === 0) {
        await apply(store(), changed, removal(changed));
        expect((await lonely(`second${i}`)).map(({ id }) => id)).not.toContain(one.id);
      }
    });
    await searchFilled(opened());
    expect(await found(store(), [site], { q: 'crowd', limit: 100 })).toHaveLength(60);
    expect(await found(store(), [site], { q: 'first' })).toEqual([]);
  });
}
