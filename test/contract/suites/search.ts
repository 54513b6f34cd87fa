import type { Comment } from '../../../src/comments/comment.ts';
import type { Position, QueueFilter, QueueQuery } from '../../../src/comments/comment-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  apply,
  decide,
  edit,
  freshSite,
  page,
  post,
  removal,
  report,
  revision,
  undo,
} from '../../support/builders.ts';
import { searchFilled } from '../../support/search-filled.ts';
import type { OpenedStore } from '../../support/stores.ts';

type Asked = Partial<Omit<QueueQuery, 'sites'>>;

/** What a query finds, page by page, newest first unless it says otherwise; its total is checked beside it. */
export async function found(store: Storage, sites: string[], asked: Asked): Promise<Comment[]> {
  const query: QueueQuery = { sites, status: 'all', sort: 'newest', limit: 7, ...asked };
  const met: Comment[] = [];
  for (let from: Position | undefined; ; ) {
    const items = await store.comments.queue({ ...query, from });
    met.push(...items);
    const last = items.at(-1);
    if (!last || items.length < query.limit) break;
    from = query.sort === 'risk' ? { id: last.id, value: last.risk } : { id: last.id };
  }
  const { sort: _sort, limit: _limit, from: _from, ...filter } = query;
  expect(await store.comments.countQueue(filter as QueueFilter, 10_000)).toBe(met.length);
  return met;
}

const idsOf = (comments: Comment[]): string[] => comments.map(({ id }) => id);

/** The queue's filters that look into comments: words, phases, reasons. */
export function searchContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const at = (site: string, title?: string): Page => page(site, 'https://a.example/1', { title });

  /** So many others that no store looks through all of them to find a few. */
  async function crowd(site: string): Promise<void> {
    const where = page(site, 'https://a.example/crowd');
    await Promise.all(
      Array.from({ length: 120 }, (_, i) => post(store(), where, { text: `crowd ${i}`, author: 'carl' })),
    );
  }

  describe.each([
    ['that were just written', async () => undefined],
    ['that the index has', () => searchFilled(opened())],
  ])('words %s', (_title, settled) => {
    const finds = async (site: string, q: string, asked: Asked = {}): Promise<string[]> => {
      await settled();
      return idsOf(await found(store(), [site], { q, ...asked }));
    };

    it('are found where each begins a word of body, name, url or page title, in any of them', async () => {
      const here = at(freshSite(), 'The city council');
      await crowd(here.site);
      const one = await post(store(), here, { text: 'Roads and bridges', author: 'ada' });
      const two = await post(store(), here, { text: 'Bridges only', author: 'bob' });
      expect(await finds(here.site, 'bri')).toEqual([two.id, one.id]);
      expect(await finds(here.site, 'ROAD bridg')).toEqual([one.id]);
      expect(await finds(here.site, 'ada')).toEqual([one.id]);
      expect(await finds(here.site, 'bob.example')).toEqual([two.id]);
      expect(await finds(here.site, 'council road')).toEqual([one.id]);
      expect(await finds(here.site, 'counc bridg')).toEqual([two.id, one.id]);
      expect(await finds(here.site, 'idges')).toEqual([]);
      expect(await finds(here.site, 'roads tunnels')).toEqual([]);
      expect(await finds(freshSite(), 'roads')).toEqual([]);
    });

    it.each([
      ['half-space', 'من می‌خواهم بدانم', ['می‌خواهم', 'میخواهم', 'می خواهم', 'می‌خواه', 'خواهم']],
      ['no half-space', 'من میخواهم بدانم', ['می‌خواهم', 'میخواهم', 'می خواهم']],
      ['a space', 'من می خواهم بدانم', ['می‌خواهم', 'میخواهم', 'می خواهم']],
      ['Arabic letters', 'كتابي قديمي', ['کتابی', 'قدیمی کتاب', 'كتابي']],
      ['Persian digits', 'سال ۱۴۰۲ و ۱۲٣', ['1402', '۱۴۰۲', '١٤٠٢', '123', '140']],
      ['case and accents', 'Crème BRÛLÉE in Straße', ['creme brulee', 'CRÈME', 'strasse', 'STRASSE']],
    ])('written with %s are found in every writing', async (_, text, queries) => {
      const here = at(freshSite());
      await crowd(here.site);
      const one = await post(store(), here, { text });
      await post(store(), here, { text: 'something else' });
      for (const q of queries) expect([q, await finds(here.site, q)]).toEqual([q, [one.id]]);
    });

    it('have no operators, and a query without a word finds nothing', async () => {
      const here = at(freshSite());
      await crowd(here.site);
      const one = await post(store(), here, { text: 'cats and dogs not birds' });
      for (const q of ['cats AND dogs', 'cats NOT birds', 'NOT birds', '"cats" (dogs)', 'cats* -', '^cats'])
        expect([q, await finds(here.site, q)]).toEqual([q, [one.id]]);
      for (const q of ['cats OR mice', 'NEAR(cats dogs)', 'body:cats', '!!!', '"', '*', '😀'])
        expect([q, await finds(here.site, q)]).toEqual([q, []]);
    });

    it('follow edits, moderators’ revisions and removals at once', async () => {
      const here = at(freshSite());
      await crowd(here.site);
      const one = await post(store(), here, { text: 'first words' });
      const edited = await apply(store(), one, edit(one, 'second thoughts'));
      expect(await finds(here.site, 'first')).toEqual([]);
      expect(await finds(here.site, 'second')).toEqual([one.id]);
      const revised = await apply(store(), one, revision(edited, 'third time'));
      expect(await finds(here.site, 'second')).toEqual([]);
      expect(await finds(here.site, 'third')).toEqual([one.id]);
      await apply(store(), revised, removal(revised));
      expect(await finds(here.site, 'third')).toEqual([]);
      expect(await finds(here.site, 'ada')).toEqual([]);
    });

    it('follow a name and url that a moderator changes', async () => {
      const here = at(freshSite());
      await crowd(here.site);
      const one = await post(store(), here, { author: 'ada' });
      const author = { name: 'Someone', url: 'https://%D8%B3%D9%84%D8%A7%D9%85.example/%zz' };
      await apply(store(), one, { ...revision(one, 'x'), body: undefined, author });
      expect(await finds(here.site, 'ada')).toEqual([]);
      expect(await finds(here.site, 'someone')).toEqual([one.id]);
    });

    it('follow a title that arrives later and a page that an alias joins to another', async () => {
      const site = freshSite();
      await crowd(site);
      const untitled = page(site, 'https://a.example/short');
      const one = await post(store(), untitled, { text: 'early' });
      expect(await finds(site, 'headline')).toEqual([]);
      const two = await post(store(), { ...untitled, title: 'The headline' }, { text: 'late' });
      expect(await finds(site, 'headline')).toEqual([two.id, one.id]);
      const target = page(site, 'https://a.example/long', { title: 'Another story' });
      const three = await post(store(), target, { text: 'there' });
      await store().sites.addAlias(alias(site, 'https://a.example/short', 'https://a.example/long'), target);
      expect(await finds(site, 'headline')).toEqual([]);
      expect(await finds(site, 'another story')).toEqual([three.id, two.id, one.id]);
    });

    it('follow a title that an admin changes', async () => {
      const here = at(freshSite(), 'The council');
      await crowd(here.site);
      const one = await post(store(), here, { text: 'roads' });
      expect(await finds(here.site, 'council')).toEqual([one.id]);
      await store().sites.updatePage(here, { title: 'The mayor' }, { expected: 1 });
      expect(await finds(here.site, 'council')).toEqual([]);
      expect(await finds(here.site, 'mayor road')).toEqual([one.id]);
    });

    it('combine with status, author, page, span and sort', async () => {
      const site = freshSite();
      await crowd(site);
      const pages = [at(site), page(site, 'https://a.example/2')];
      const all: Comment[] = [];
      for (let i = 0; i < 24; i++) {
        const what = {
          text: i % 2 ? 'odd number' : 'even number',
          status: (['pending', 'approved', 'spam'] as const)[i % 3],
          author: ['ada', 'bob'][(i >> 1) % 2],
          risk: (i % 4) / 4,
        };
        all.push(await post(store(), pages[(i >> 2) % 2] as Page, what));
      }
      const expected = (test: (one: Comment) => boolean) => idsOf(all.filter(test).reverse());
      const odd = (one: Comment): boolean => one.text === 'odd number';
      expect(await finds(site, 'odd')).toEqual(expected(odd));
      expect(await finds(site, 'num', { sort: 'oldest', limit: 5 })).toEqual(idsOf(all));
      expect(await finds(site, 'odd', { status: 'spam' })).toEqual(
        expected((one) => odd(one) && one.status === 'spam'),
      );
      const authorKey = all[0]?.author.key as string;
      expect(await finds(site, 'odd', { authorKey, pageKey: pages[1]?.key })).toEqual(
        expected((one) => odd(one) && one.author.key === authorKey && one.pageKey === pages[1]?.key),
      );
      const [since, until] = [all[5]?.createdAt, all[17]?.createdAt] as [number, number];
      expect(await finds(site, 'odd', { since, until })).toEqual(
        expected((one) => odd(one) && one.createdAt >= since && one.createdAt <= until),
      );
      const byRisk = [...all].filter(odd).sort((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : 1));
      expect(await finds(site, 'odd', { sort: 'risk', limit: 3 })).toEqual(idsOf(byRisk));
    });
  });

  describe('a phase', () => {
    const outcome = (phase: string, said: 'pass' | 'hold' | 'spam' | 'reject' | 'error' | 'skipped') => ({
      ...{ phase, outcome: said, code: null, detail: null, score: null, ms: 0 },
    });

    it('finds what it held, rejected, called spam or failed on, and follows edits and removals', async () => {
      const here = at(freshSite());
      const said = ['hold', 'pass', 'spam', 'reject', 'error', 'skipped'] as const;
      const all: Comment[] = [];
      for (const one of said)
        all.push(
          await post(store(), here, { screening: [outcome('links', one), outcome('moderation', 'hold')] }),
        );
      const finds = (phase: string, rest: Asked = {}) => found(store(), [here.site], { phase, ...rest });
      const marked = [all[4], all[3], all[2], all[0]].map((one) => one?.id);
      expect(idsOf(await finds('links'))).toEqual(marked);
      expect(idsOf(await finds('links', { sort: 'oldest', limit: 2 }))).toEqual([...marked].reverse());
      expect(idsOf(await finds('moderation'))).toHaveLength(6);
      expect(await finds('unheard-of')).toEqual([]);
      const [held, passed] = all as [Comment, Comment];
      await apply(store(), held, edit(held, 'x', { screening: [outcome('links', 'pass')] }));
      await apply(store(), passed, edit(passed, 'x', { screening: [outcome('links', 'spam')] }));
      await apply(store(), all[2] as Comment, removal(all[2] as Comment));
      expect(idsOf(await finds('links'))).toEqual([all[4], all[3], all[1]].map((one) => one?.id));
      await decide(store(), passed, 'approve');
      expect(idsOf(await finds('links', { status: 'approved' }))).toEqual([passed.id]);
      expect(idsOf(await finds('links', { q: 'said' }))).toEqual([all[4], all[3]].map((one) => one?.id));
    });
  });

  describe('a reason', () => {
    it('finds what was decided with it and not taken back, or reported with it', async () => {
      const here = at(freshSite());
      const [decided, reported, other] = [
        await post(store(), here),
        await post(store(), here),
        await post(store(), here),
      ] as [Comment, Comment, Comment];
      const finds = (reason: string, rest: Asked = {}) => found(store(), [here.site], { reason, ...rest });
      expect(await finds('abuse')).toEqual([]);
      await decide(store(), decided, 'reject', { reason: 'abuse' });
      await apply(store(), reported, report(reported, 'r1'));
      await decide(store(), other, 'reject', { reason: 'off-topic' });
      expect(idsOf(await finds('abuse'))).toEqual([reported.id, decided.id]);
      expect(idsOf(await finds('abuse', { status: 'rejected' }))).toEqual([decided.id]);
      expect(idsOf(await finds('abuse', { q: 'said', status: 'pending' }))).toEqual([reported.id]);
      const [entry] = await store().comments.history(decided.id);
      await apply(store(), decided, undo(decided, entry?.decisionId ?? ''));
      expect(idsOf(await finds('abuse'))).toEqual([reported.id]);
      await decide(store(), reported, 'approve');
      expect(idsOf(await finds('abuse'))).toEqual([reported.id]);
      await apply(store(), reported, removal(reported));
      expect(await finds('abuse')).toEqual([]);
    });
  });
}
