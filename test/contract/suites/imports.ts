import { storeUnavailable } from '../../../src/errors.ts';
import type { Import } from '../../../src/moving/import.ts';
import type { ImportStore } from '../../../src/moving/import-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, site } from '../../support/builders.ts';
import { goOn, newImport } from '../../support/imports.ts';
import { isLongRun } from '../../support/long-run.ts';
import { createRandom, type Random, seedOfRun } from '../../support/random.ts';
import type { OpenedStore } from '../../support/stores.ts';

const COMMENTS = 700;
const TITLED_FROM = 100;
const AT = Date.UTC(2015, 0, 1);

/**
 * A tree of comments on three pages, every seventh of them waiting, as our own format has them. The pages' titles
 * come after the first of their comments.
 */
function file(): Buffer {
  const lines = Array.from({ length: COMMENTS }, (_, i) =>
    JSON.stringify({
      id: `c-${i}`,
      page: { url: `https://news.example/${i % 3}`, title: i < TITLED_FROM ? null : `Page ${i % 3}` },
      parentId: i < 30 ? null : `c-${(i % 3) + 3 * (i % 5)}`,
      author: { name: `Name ${i % 11}`, email: `name${i % 11}@example.org` },
      text: `Comment number ${i}`,
      status: i % 7 === 0 ? 'pending' : 'approved',
      createdAt: new Date(AT + i * 60_000).toISOString(),
    }),
  );
  return Buffer.from(lines.join('\n'));
}

/** Few ids for many comments, which answer each other in any order, at moments that lie close to a day apart. */
function tangled(random: Random): string {
  const hours = [0, 1, 23, 24, 25, 27, 30, 48];
  const lines = Array.from({ length: 40 }, () => {
    const id = random.pick([...'abcdef', 'a.2', 'b.2']);
    return JSON.stringify({
      id,
      page: random.between(0, 9) === 0 ? null : `https://news.example/${random.between(0, 1)}`,
      parentId: random.between(0, 2) === 0 ? random.pick([...'abcdefg', 'a.2']) : null,
      legacyId: random.between(0, 4) === 0 ? random.pick(['a', 'c', 'x']) : null,
      author: { name: 'Mina', email: 'mina@example.org' },
      text: random.pick(['One', 'One ', 'Two', 'mina@example.org wrote', ' ']),
      deletedAt: random.between(0, 9) === 0 ? '2021-01-01T00:00:00Z' : null,
      createdAt: new Date(AT + random.pick(hours) * 3_600_000).toISOString(),
    });
  });
  return lines.join('\n');
}

/** The way of old comments into a store. */
export function importsContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  async function begin(): Promise<Import> {
    const one = { ...site(freshSite()), origins: ['https://news.example'] };
    await store().sites.create(one);
    const begun = newImport({ site: one.id, format: 'generic', file: file() });
    await store().imports.begin(begun);
    return begun;
  }

  async function run(one: Import, imports = store().imports): Promise<Import> {
    return goOn(one, { storage: store(), file: file(), imports });
  }

  async function differences(): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const one of store().verify({ repair: false })) found.push(one);
    return found;
  }

  const PENDING = Array.from({ length: COMMENTS }, (_, i) => i).filter((i) => i % 7 === 0).length;

  it('bring every comment with its counts, and nobody is told of one', async () => {
    const one = await begin();
    const before = (await store().events.ends()).last;
    const { state, result } = await run(one);
    expect({ state, ...result.comments, pages: result.pages }).toEqual({
      state: 'done',
      added: COMMENTS,
      unchanged: 0,
      skipped: 0,
      pages: 3,
    });
    const counts = (await store().comments.counts([`s/${one.site}`])).get(`s/${one.site}`);
    expect(counts).toMatchObject({ pending: PENDING, approved: COMMENTS - PENDING });
    expect(await differences()).toEqual([]);
    const events = await store().events.after(before, 1000);
    expect(events.filter(({ event }) => event.site === one.site && event.type !== 'import')).toEqual([]);
    expect(await store().imports.find(one.id)).toMatchObject({ state: 'done', handled: COMMENTS });
  });

  it('take a page’s first title, with whichever of its comments that comes', async () => {
    const one = await begin();
    await run(one);
    const first = await store().comments.findByLegacyId(one.site, 'c-0');
    const [page] = await store().sites.findPagesByKey(one.site, [first?.pageKey ?? '']);
    expect(page?.title).toBe('Page 0');
  });

  it('are rehearsed to the comment: files that say the same ids again, at other times and otherwise', async () => {
    const seed = seedOfRun();
    const random = createRandom(seed);
    for (let round = 0; round < (isLongRun ? 30 : 2); round += 1) {
      let rehearsed: unknown;
      const text = tangled(random);
      const ofSite = { ...site(freshSite()), origins: ['https://news.example'] };
      await store().sites.create(ofSite);
      // The second time what is here already is told from what the file says twice.
      for (const dryRun of [true, false, true, false]) {
        const begun = newImport({ site: ofSite.id, format: 'generic', file: text, dryRun });
        await store().imports.begin(begun);
        const { state, result } = await goOn(begun, { storage: store(), file: text, mostInPart: 5 });
        const told = { seed, round, state, ...result };
        if (dryRun) rehearsed = told;
        else expect(rehearsed).toEqual(told);
      }
    }
  });

  it('find what a reply answers by its id or its former id, however far away it stands', async () => {
    const PART = 5;
    const comment = (i: number, parentId: string | null): string =>
      JSON.stringify({
        ...{ id: `${i}`, legacyId: `wp-${i}`, parentId, text: `Number ${i}`, page: 'https://news.example/a' },
        createdAt: new Date(AT + i * 60_000).toISOString(),
      });
    // Answers behind their comment and before it, some of them parts away, by either name.
    const far = 4 * PART;
    const lines = [comment(0, null), ...Array.from({ length: far }, (_, i) => comment(i + 1, `${i + 200}`))];
    lines.push(comment(100, '0'), comment(101, 'wp-0'), comment(102, '100'), comment(103, 'wp-103'));
    lines.push(...Array.from({ length: far }, (_, i) => comment(i + 200, i % 2 === 0 ? 'wp-1' : null)));
    lines[1] = comment(1, null);
    lines[2] = comment(2, 'wp-201');
    const text = lines.join('\n');
    const ofSite = { ...site(freshSite()), origins: ['https://news.example'] };
    await store().sites.create(ofSite);
    const results: unknown[] = [];
    for (const dryRun of [true, false]) {
      const begun = newImport({ site: ofSite.id, format: 'generic', file: text, dryRun });
      await store().imports.begin(begun);
      results.push((await goOn(begun, { storage: store(), file: text, mostInPart: PART })).result);
    }
    expect(results[0]).toEqual(results[1]);
    expect(results[1]).toMatchObject({ comments: { added: lines.length, skipped: 0 }, problems: [] });
    const idOf = async (i: number) => (await store().comments.findByLegacyId(ofSite.id, `wp-${i}`))?.id;
    const parentOf = async (i: number) =>
      (await store().comments.findByLegacyId(ofSite.id, `wp-${i}`))?.parentId ?? null;
    for (const [reply, parent] of [
      ...[[100, 0] as const, [101, 0] as const, [102, 100] as const, [2, 201] as const, [3, 202] as const],
      ...[[20, 219] as const, [200, 1] as const, [218, 1] as const],
    ])
      expect([reply, await parentOf(reply)]).toEqual([reply, await idOf(parent)]);
    expect(await parentOf(103)).toBeNull();
  });

  it('hide what answers a comment that waits', async () => {
    const one = await begin();
    await run(one);
    const hidden = await store().comments.findByLegacyId(one.site, 'c-0');
    const [first] = await store().imports.findLegacy(one.site, ['c-30']);
    const reply = await store().comments.find(first?.id ?? '');
    expect(reply).toMatchObject({
      parentId: hidden?.id,
      ancestors: [hidden?.id],
      status: 'approved',
      open: false,
    });
  });

  it.each([
    ['before a part is written', 'before'],
    ['when a part is written but nobody has heard so', 'after'],
  ] as const)('cut off %s go on where they were, and count each comment once', async (_, where) => {
    const one = await begin();
    let parts = 0;
    const failing: ImportStore = {
      ...store().imports,
      async write(id, holder, part) {
        if (part.comments.length > 0) parts += 1;
        if (parts === 2 && where === 'before') throw storeUnavailable();
        const written = await store().imports.write(id, holder, part);
        if (parts === 2) throw storeUnavailable();
        return written;
      },
    };
    await expect(run(one, failing)).rejects.toMatchObject({ code: 'store-unavailable' });
    const now = Date.now() + 60_000;
    const taken = await store().imports.take(one.id, 'second', { now, heldUntil: now + 1000 });
    if (!taken) throw new Error('nobody has it');
    expect(taken.state).toBe('writing');
    const { result } = await run(taken);
    expect(result.comments).toEqual({ added: COMMENTS, unchanged: 0, skipped: 0 });
    expect(result.byStatus).toMatchObject({ pending: PENDING, approved: COMMENTS - PENDING });
    expect(await differences()).toEqual([]);
  });

  describe('of one file at the same time', () => {
    /** Two imports of one site. */
    async function beginTwo(): Promise<[Import, Import]> {
      const one = await begin();
      const other = newImport({ site: one.site, format: 'generic', file: file() });
      await store().imports.begin(other);
      return [one, other];
    }
    const sumsOf = ({ result }: Import) => ({
      all: result.comments.added + result.comments.unchanged,
      added: result.comments.added,
      byStatus: Object.values(result.byStatus).reduce((sum, n) => sum + n),
    });

    /** What is to be written by the one is brought by the other before; then it ends, or is cut off behind that. */
    async function overtaken(end: 'well' | 'cut off'): Promise<{ fast: Import; slow: Import }> {
      const [first, second] = await beginTwo();
      let parts = 0;
      let fast = first;
      const imports: ImportStore = {
        ...store().imports,
        async write(id, holder, part) {
          if (part.comments.length > 0) parts += 1;
          if (parts === 2) fast = await run(first);
          const written = await store().imports.write(id, holder, part);
          if (parts === 2 && end === 'cut off') throw storeUnavailable();
          return written;
        },
      };
      const running = run(second, imports);
      if (end === 'well') return { slow: await running, fast };
      await expect(running).rejects.toMatchObject({ code: 'store-unavailable' });
      return { slow: second, fast };
    }

    async function expectTrueOf(imports: Import[]): Promise<void> {
      for (const one of imports) {
        const { all, added, byStatus } = sumsOf(one);
        expect([all, byStatus]).toEqual([COMMENTS, added]);
        expect((await store().imports.find(one.id))?.result).toEqual(one.result);
      }
      expect(imports.reduce((sum, one) => sum + sumsOf(one).added, 0)).toBe(COMMENTS);
      expect(await differences()).toEqual([]);
    }

    it('count each comment as added once', async () => {
      const both = await beginTwo();
      await expectTrueOf(await Promise.all(both.map((one) => run(one))));
    });

    it('call what the other brought a moment ago unchanged', async () => {
      const { fast, slow } = await overtaken('well');
      await expectTrueOf([fast, slow]);
      expect(sumsOf(fast).added).toBeGreaterThan(sumsOf(slow).added);
    });

    it('do so when they are cut off behind it, too', async () => {
      const { fast, slow } = await overtaken('cut off');
      const now = Date.now() + 60_000;
      const taken = await store().imports.take(slow.id, 'second', { now, heldUntil: now + 1000 });
      if (!taken) throw new Error('nobody has it');
      await expectTrueOf([fast, await run(taken)]);
    });
  });

  it('are one worker’s at a time', async () => {
    const one = await begin();
    const { imports } = store();
    const held = { now: 1000, heldUntil: 2000 };
    expect(await imports.take(one.id, 'second', held)).toMatchObject({ holder: 'second' });
    expect(await imports.take(one.id, 'third', { now: 1999, heldUntil: 3000 })).toBeNull();
    const { state, read, handled, result, failure, finishedAt, faults } = one;
    const progress = { state, read, handled, result, failure, finishedAt, faults };
    expect(await imports.write(one.id, 'first', { comments: [], progress, heldUntil: 0 })).toBeNull();
    expect(await imports.unfinished()).toContain(one.id);
    const over = { ...progress, state: 'done' as const };
    expect(await imports.write(one.id, 'second', { comments: [], progress: over, heldUntil: 0 })).toEqual([]);
    expect(await imports.unfinished()).not.toContain(one.id);
    expect(await imports.take(one.id, 'third', { now: 9000, heldUntil: 9999 })).toBeNull();
  });

  it('are another’s to take where a clock that was set back since holds them', async () => {
    const one = await begin();
    const { imports } = store();
    const [now, ahead] = [1000, 9_000_000];
    await imports.take(one.id, 'second', { now: ahead, heldUntil: ahead + 15_000 });
    const held = { now, heldUntil: now + 15_000 };
    expect(await imports.take(one.id, 'third', held)).toMatchObject({ holder: 'third' });
    expect(await imports.take(one.id, 'fourth', held)).toBeNull();
  });

  it('go with their site', async () => {
    const one = await begin();
    await run(one);
    await store().sites.remove(one.site);
    expect(await store().imports.find(one.id)).toBeNull();
    expect(await store().imports.findLegacy(one.site, ['c-1'])).toEqual([]);
  });
}
