import { createPageCache, type PageCache } from '../../../src/sites/page-cache.ts';
import { NO_RULES, type Page } from '../../../src/sites/site.ts';

const page = (key: string, site = 'one'): Page => ({
  site,
  key,
  url: `https://a.example/${key}`,
  id: null,
  title: null,
  ...NO_RULES,
});

describe('the pages kept in memory', () => {
  it('are found by every reference that named them until the page or its site is dropped', () => {
    const cache = createPageCache();
    for (const key of ['a', 'b']) {
      cache.put(`u:${key}`, page(key));
      cache.put(`i:${key}`, page(key));
    }
    cache.put('u:a', page('a', 'two'));
    cache.dropPage('one', 'a');
    expect(['u:a', 'i:a', 'u:b', 'i:b'].map((name) => cache.get('one', name)?.key)).toEqual([
      undefined,
      undefined,
      'b',
      'b',
    ]);
    cache.dropSite('one');
    expect(cache.get('one', 'u:b')).toBeUndefined();
    expect(cache.get('two', 'u:a')?.key).toBe('a');
  });

  it('never grow beyond their bound', () => {
    const cache = createPageCache(10);
    for (let i = 0; i < 100; i++) cache.put(`u:${i}`, page(`${i}`));
    const kept = Array.from({ length: 100 }, (_, i) => cache.get('one', `u:${i}`)).filter(Boolean);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['its page', (cache: PageCache) => cache.dropPage('one', 'a')],
    ['its site', (cache: PageCache) => cache.dropSite('one')],
    ['everything', (cache: PageCache) => cache.dropAll()],
  ])('do not hold what was read before %s was dropped', async (_, drop) => {
    const cache = createPageCache();
    const read = async (): Promise<Page> => {
      drop(cache);
      return page('a');
    };
    expect((await cache.fill('u:a', read))?.key).toBe('a');
    expect(cache.get('one', 'u:a')).toBeUndefined();
    await cache.fill('u:a', async () => page('a'));
    expect(cache.get('one', 'u:a')?.key).toBe('a');
  });
});
