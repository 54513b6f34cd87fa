import type { Comment } from '../../../src/comments/comment.ts';
import type { QueueFilter } from '../../../src/comments/comment-store.ts';
import type { Difference } from '../../../src/comments/difference.ts';
import { slotOf } from '../../../src/comments/tallies.ts';
import { countSimilar, idsSimilarTo } from '../../../src/moderation/similar.ts';
import type { Page } from '../../../src/sites/site.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import {
  alias,
  apply,
  authorKey,
  decide,
  edit,
  freshSite,
  page,
  post,
  postApproved,
  site,
} from '../../support/builders.ts';
import { corrupt } from '../../support/corrupt.ts';
import type { OpenedStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

/** The self-check of what is worked out from comments behind them: statistics, directories, words. */
export function verifyBehindContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  async function differences(repair = false): Promise<Difference[]> {
    const found: Difference[] = [];
    for await (const one of store().verify({ repair })) found.push(one);
    return found;
  }

  interface Made {
    at: Page;
    one: Comment;
    other: Comment;
  }

  /** Two authors, two comments, one of them decided twice; all is filled in. */
  async function made(): Promise<Made> {
    const at = page(freshSite(), 'https://a.example/1', { title: 'The river' });
    await store().sites.create(site(at.site));
    const one = await postApproved(store(), at, { author: 'ada', text: 'The mayor swims' });
    const other = await post(store(), at, { author: 'grace', text: 'Nobody swims' });
    await decide(store(), one, 'spam');
    await store().authors.list({ sites: [at.site], sort: 'recent', limit: 10 });
    await store().sites.listPages({ site: at.site, sort: 'recent', limit: 10 });
    return { at, one, other };
  }

  const byPlace = (a: { where: string }, b: { where: string }) => (a.where < b.where ? -1 : 1);

  /** These are found and nothing else, mended, and not found again. */
  async function expectMended(due: Omit<Difference, 'repaired'>[]): Promise<void> {
    const expected = (repaired: boolean) => due.map((one) => ({ ...one, repaired })).sort(byPlace);
    expect((await differences()).sort(byPlace)).toEqual(expected(false));
    expect((await differences(true)).sort(byPlace)).toEqual(expected(true));
    expect(await differences()).toEqual([]);
  }

  it('numbers of statistics that are off, and such of what never was', async () => {
    const { at, one } = await made();
    const slot = slotOf(one.createdAt);
    const off = { behind: 'tally', site: at.site, slot, tally: 'created', by: 3 } as const;
    await corrupt(opened(), off);
    await corrupt(opened(), { ...off, slot: slot + 9, tally: 'spam', by: 1 });
    await expectMended([
      { what: 'tally', where: `${at.site} ${slot} created`, kept: 5, due: 2 },
      { what: 'tally', where: `${at.site} ${slot + 9} spam`, kept: 1, due: 0 },
    ]);
  });

  it('numbers of statistics that are missing, which are counted as they were', async () => {
    const { at, one } = await made();
    const bounds = [0, slotOf(one.createdAt) + 10_000];
    const before = await store().stats.tallies({ sites: [at.site], bounds });
    await corrupt(opened(), { behind: 'no-tallies', site: at.site });
    const found = await differences(true);
    expect(found.map(({ what, kept }) => [what, kept])).toEqual(found.map(() => ['tally', 0]));
    expect(found.map(({ where }) => where)).toContain(`${at.site} ${slotOf(one.createdAt)} created`);
    const sorted = (sums: typeof before) => [...sums.rest].sort((a, b) => (a.what < b.what ? -1 : 1));
    const after = await store().stats.tallies({ sites: [at.site], bounds });
    expect([after.volumes, sorted(after)]).toEqual([before.volumes, sorted(before)]);
    expect(await differences()).toEqual([]);
  });

  it('authors with a wrong number, authors that are missing, and authors of no comment', async () => {
    const { at } = await made();
    const [ada, grace, ghost] = ['ada', 'grace', 'ghost'].map((name) => authorKey(at.site, name)) as [
      string,
      string,
      string,
    ];
    await corrupt(opened(), { behind: 'author', site: at.site, key: ada, comments: 8 });
    await corrupt(opened(), { behind: 'no-author', site: at.site, key: grace });
    await corrupt(opened(), { behind: 'author', site: at.site, key: ghost, comments: 1 });
    await expectMended([
      { what: 'author', where: `${at.site}/${ada} comments`, kept: 8, due: 1 },
      { what: 'author', where: `${at.site}/${grace}`, kept: false, due: true },
      { what: 'author', where: `${at.site}/${ghost}`, kept: true, due: false },
    ]);
    const listed = await store().authors.list({ sites: [at.site], sort: 'recent', limit: 10 });
    expect(listed.map(({ key, comments }) => [key, comments]).sort()).toEqual(
      [ada, grace].sort().map((key) => [key, 1]),
    );
  });

  it('pages with a wrong number, pages that are missing, and such as are none', async () => {
    const { at } = await made();
    await corrupt(opened(), { behind: 'page', site: at.site, key: at.key, comments: 8 });
    await expectMended([{ what: 'page', where: `${at.site}/${at.key} comments`, kept: 8, due: 2 }]);
    const ghost = { site: at.site, key: '0000000000000' };
    await corrupt(opened(), { behind: 'no-page', site: at.site, key: at.key });
    await corrupt(opened(), { behind: 'page', ...ghost, comments: 1 });
    await expectMended([
      { what: 'page', where: `${at.site}/${at.key}`, kept: false, due: true },
      { what: 'page', where: `${at.site}/${ghost.key}`, kept: true, due: false },
    ]);
  });

  it('pages of comments that are not there, and pages that nothing leads to, which readers find again', async () => {
    const { at, one } = await made();
    const find = () => store().sites.findPage(at.site, urlReference(at.url ?? ''));
    const lost = { what: 'lost-page', where: `${at.site}/${at.key}`, kept: false, due: true };
    const nameless = {
      what: 'reference',
      where: `${at.site}/${at.key} ${urlReference(at.url ?? '')}`,
      kept: false,
      due: true,
    };
    for (const [keeps, due] of [
      ['reference', lost],
      ['page', nameless],
    ] as const) {
      await corrupt(opened(), { behind: 'no-end', site: at.site, url: at.url ?? '', keeps });
      expect(await differences()).toContainEqual({ ...due, repaired: false });
      expect(await differences(true)).toContainEqual({ ...due, repaired: true });
      expect(await differences()).toEqual([]);
      expect(await find()).toMatchObject({ key: at.key, url: at.url });
      expect((await postApproved(store(), at)).pageKey).toBe(one.pageKey);
    }
    const listed = await store().sites.listPages({ site: at.site, sort: 'recent', limit: 10 });
    expect(listed.map((page) => [page.page.key, page.comments])).toEqual([[at.key, 4]]);
  });

  it('aliases that lead to no page, which is made again', async () => {
    const { at } = await made();
    const find = (url: string) => store().sites.findPage(at.site, urlReference(url));
    const kept = ['page', 'reference', 'nothing'] as const;
    const from = (keeps: string): string => `https://a.example/from/${keeps}`;
    const keys = new Map<string, string>();
    for (const keeps of kept) {
      const to = page(at.site, `https://a.example/to/${keeps}`);
      await store().sites.addAlias(alias(at.site, from(keeps), to.url ?? ''), to);
      // One that leads over another is right once that is.
      await store().sites.addAlias(alias(at.site, `${from(keeps)}/short`, from(keeps)), to);
      keys.set(keeps, to.key);
    }
    await store().sites.listPages({ site: at.site, sort: 'recent', limit: 10 });
    for (const keeps of kept)
      await corrupt(opened(), {
        behind: 'no-end',
        site: at.site,
        url: `https://a.example/to/${keeps}`,
        keeps,
      });
    const ofAliases = async (repair: boolean) =>
      (await differences(repair)).filter(({ what }) => what === 'alias').sort(byPlace);
    const due = kept.map((keeps) => ({
      what: 'alias',
      where: `${at.site} ${from(keeps)}`,
      kept: false,
      due: true,
    }));
    expect(await ofAliases(false)).toEqual(due.map((one) => ({ ...one, repaired: false })).sort(byPlace));
    expect(await ofAliases(true)).toEqual(due.map((one) => ({ ...one, repaired: true })).sort(byPlace));
    expect(await differences()).toEqual([]);
    for (const keeps of kept) {
      const end = await find(`${from(keeps)}/short`);
      expect(end).toMatchObject({ url: `https://a.example/to/${keeps}` });
      // Under the key that its comments stand under, where anything tells it.
      if (keeps !== 'nothing') expect(end?.key).toBe(keys.get(keeps));
      const said = await postApproved(store(), page(at.site, `${from(keeps)}/short`));
      expect(said.pageKey).toBe(end?.key);
    }
    expect(await differences()).toEqual([]);
  });

  it('nothing where the words of a title went with it', async () => {
    const { at } = await made();
    await store().sites.updatePage(at, { title: 'An estuary' }, { expected: at.version });
    expect(await differences()).toEqual([]);
    const other = page(at.site, 'https://a.example/2', { title: 'Harbour' });
    await store().sites.addAlias(alias(at.site, 'https://a.example/1', 'https://a.example/2'), other);
    expect(await differences()).toEqual([]);
  });

  it('nothing where several lose a word at once that was theirs alone', async () => {
    const { at } = await made();
    const same = await Promise.all(
      Array.from({ length: 4 }, () => post(store(), at, { text: 'A zeppelin lands' })),
    );
    expect(await differences()).toEqual([]);
    const edits = same.map((one) => apply(store(), one, edit(one, 'It lands', { screened: 'approved' })));
    await Promise.all(edits);
    expect(await differences()).toEqual([]);
  });

  it('comments that are found by words that are not theirs, or not by their own', async () => {
    const { at, one, other } = await made();
    const find = async (q: string) => {
      const filter: QueueFilter = { sites: [at.site], status: 'all', q };
      const found = await store().comments.queue({ ...filter, sort: 'newest', limit: 10 });
      return found.map(({ id }) => id);
    };
    await corrupt(opened(), { behind: 'word', comment: one.id, word: 'neverwritten' });
    await corrupt(opened(), { behind: 'no-words', comment: other.id });
    await expectMended([
      { what: 'words', where: one.id, kept: false, due: true },
      { what: 'words', where: other.id, kept: false, due: true },
    ]);
    expect(await find('nobody swims')).toEqual([other.id]);
    expect(await find('mayor')).toEqual([one.id]);
    expect(await find('neverwritten')).toEqual([]);
    // What the mending leaves behind is filled in, and all is well then, too.
    await corrupt(opened(), { behind: 'lost-word', word: `lost${one.id.toLowerCase()}` });
    const lost = (await differences(true)).map(({ what, kept, due }) => ({ what, kept, due }));
    expect(lost).toContainEqual({ what: 'words', kept: true, due: false });
    expect(await differences()).toEqual([]);
  });

  it('comments whose near copies are looked for by keys that are not theirs, or by none', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const text = 'The river was closed to swimmers for two weeks, and nobody had told those who live there.';
    const [one, other] = [await post(store(), at, { text }), await post(store(), at, { text: `${text}!` })];
    await corrupt(opened(), { behind: 'no-keys', comment: one.id });
    await corrupt(opened(), { behind: 'key', comment: other.id });
    expect(await idsSimilarTo(store(), other)).toEqual([]);
    await expectMended([
      { what: 'likeness', where: one.id, kept: false, due: true },
      { what: 'likeness', where: other.id, kept: false, due: true },
    ]);
    expect(await idsSimilarTo(store(), one)).toEqual([other.id]);
    expect(await idsSimilarTo(store(), other)).toEqual([one.id]);
    expect([...(await countSimilar(store(), [one, other])).values()]).toEqual([1, 1]);
  });

  it('decisions that their near copies are not told of, and such as do not stand any more', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const text = 'The river was closed to swimmers for two weeks, and nobody had told those who live there.';
    const [one, other] = [await post(store(), at, { text }), await post(store(), at, { text: `${text}!` })];
    await decide(store(), one, 'spam');
    await decide(store(), other, 'approve');
    await decide(store(), other, 'trash');
    const alike = async () => store().lessons.alike({ ...likenessOf(at.site, text), except: null, most: 9 });
    await until('the decision to be told', async () => (await alike()).length === 1);
    await corrupt(opened(), { behind: 'no-precedent', comment: one.id });
    await corrupt(opened(), { behind: 'stale-precedent', comment: other.id });
    expect(await alike()).toEqual([]);
    await expectMended([
      { what: 'precedent', where: one.id, kept: false, due: true },
      { what: 'precedent', where: other.id, kept: true, due: false },
    ]);
    expect((await alike()).map(({ label }) => label)).toEqual(['spam']);
  });

  it('comments in the lists of phases where they do not belong, or not where they do', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const outcome = {
      phase: 'links',
      outcome: 'hold',
      code: null,
      detail: null,
      score: null,
      ms: 0,
    } as const;
    const one = await post(store(), at, { screening: [outcome] });
    const other = await post(store(), at);
    const find = async (phase: string) => {
      const filter: QueueFilter = { sites: [at.site], status: 'all', phase };
      return (await store().comments.queue({ ...filter, sort: 'oldest', limit: 10 })).map(({ id }) => id);
    };
    await corrupt(opened(), { behind: 'no-marks', comment: one.id });
    await corrupt(opened(), { behind: 'mark', comment: other.id, mark: 'p:links' });
    await expectMended([
      { what: 'marks', where: one.id, kept: false, due: true },
      { what: 'marks', where: other.id, kept: true, due: false },
    ]);
    expect(await find('links')).toEqual([one.id]);
  });
}
