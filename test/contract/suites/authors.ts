import type {
  AuthorEntry,
  AuthorFilter,
  AuthorPosition,
  AuthorSort,
} from '../../../src/authors/author-store.ts';
import { sortValueOf } from '../../../src/authors/author-store.ts';
import type { StandingRecord } from '../../../src/authors/standing.ts';
import type { Comment, CommentStatus } from '../../../src/comments/comment.ts';
import type { Page } from '../../../src/sites/site.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { foldQuery } from '../../../src/text/words.ts';
import {
  apply,
  authorKey,
  comment,
  decide,
  edit,
  freshSite,
  MODERATOR,
  page,
  post,
  removal,
  revision,
  site,
  stored,
  submission,
  tick,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

const STATUSES: CommentStatus[] = ['pending', 'approved', 'rejected', 'spam', 'trash'];
const SORTS: AuthorSort[] = ['recent', 'comments', 'rejected'];

function record(siteId: string, key: string, rest: Partial<StandingRecord> = {}): StandingRecord {
  return {
    site: siteId,
    key,
    standing: 'banned',
    until: null,
    reason: null,
    by: MODERATOR,
    at: tick(),
    version: 2,
    ...rest,
  };
}

/** A comment by an address, under a name. */
function say(
  store: Storage,
  at: Page,
  { address, name, status = 'approved' }: { address: string; name: string | null; status?: CommentStatus },
): Promise<Comment> {
  const what = comment(at, { author: address, status });
  const named = { ...what, author: { ...what.author, name } };
  return store.comments.submit(submission(at, named)).then(stored);
}

async function walk(
  store: Storage,
  filter: AuthorFilter,
  sort: AuthorSort,
  limit: number,
): Promise<string[]> {
  const met: string[] = [];
  for (let from: AuthorPosition | undefined; ; ) {
    const items = await store.authors.list({ ...filter, sort, limit, from });
    expect(items.length).toBeLessThanOrEqual(limit);
    met.push(...items.map((one) => one.key));
    const last = items.at(-1);
    if (!last) return met;
    from = { key: last.key, value: sortValueOf(last, sort) };
  }
}

/** What people say of authors, and the directory of authors. */
export function authorsContract(store: () => Storage): void {
  describe('a standing', () => {
    it('is found as it was set, for its site, by its key, and from memory', async () => {
      const [one, other] = [freshSite(), freshSite()];
      const key = authorKey(one, 'ada');
      expect(await store().authors.findStanding(key)).toBeNull();
      const said = record(one, key, { standing: 'held', until: tick(), reason: 'abuse' });
      expect(await store().authors.setStanding(said, 1)).toEqual({ set: true });
      expect(await store().authors.findStanding(key)).toEqual(said);
      expect([...(await store().authors.standings(one))]).toEqual([[key, said]]);
      expect((await store().authors.standings(other)).size).toBe(0);
    });

    it('that was taken back leaves its version behind', async () => {
      const at = freshSite();
      const key = authorKey(at, 'ada');
      await store().authors.setStanding(record(at, key), 1);
      const cleared = record(at, key, { standing: null, version: 3 });
      expect(await store().authors.setStanding(cleared, 2)).toEqual({ set: true });
      expect(await store().authors.findStanding(key)).toEqual(cleared);
      expect((await store().authors.standings(at)).get(key)).toEqual(cleared);
      expect(await store().authors.setStanding(record(at, key), 1)).toEqual({ set: false, version: 3 });
    });

    it('that comes from elsewhere is kept only where nobody has said anything, and is told of to nobody', async () => {
      const at = freshSite();
      const [fresh, known] = [authorKey(at, 'ada'), authorKey(at, 'ben')];
      const { last } = await store().events.ends();
      expect(await store().authors.standings(at)).toEqual(new Map());
      const said = record(at, fresh, { reason: 'abuse', until: tick() + 1_000_000_000 });
      expect(await store().authors.bringStanding(said)).toBe(true);
      expect(await store().authors.bringStanding({ ...said, standing: 'trusted' })).toBe(false);
      expect(await store().authors.standings(at)).toEqual(new Map([[fresh, said]]));
      const cleared = record(at, known, { standing: null });
      await store().authors.setStanding(cleared, 1);
      expect(await store().authors.bringStanding(record(at, known))).toBe(false);
      expect(await store().authors.findStanding(known)).toEqual(cleared);
      const next = record(at, fresh, { standing: 'held', version: 3 });
      expect(await store().authors.setStanding(next, 2)).toEqual({ set: true });
      await eventually(async () => {
        const events = await store().events.after(last, 1000);
        const ours = events.flatMap(({ event }) =>
          event.type === 'standing' && event.site === at ? event : [],
        );
        expect(ours.map(({ from, to }) => [from, to])).toEqual([['banned', 'held']]);
      });
    });

    it('of fifty set at once on one version is set by one, the others are told', async () => {
      const at = freshSite();
      const key = authorKey(at, 'ada');
      for (const expected of [1, 2]) {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            store().authors.setStanding(
              record(at, key, { standing: i % 2 ? 'held' : 'banned', version: expected + 1 }),
              expected,
            ),
          ),
        );
        expect(answers.filter(({ set }) => set)).toHaveLength(1);
        expect(answers.filter((answer) => !answer.set && answer.version === expected + 1)).toHaveLength(49);
      }
    });

    it('goes with its site, and the directory too', async () => {
      const gone = site(freshSite());
      await store().sites.create(gone);
      const at = page(gone.id, 'https://a.example/1');
      const key = authorKey(gone.id, 'ada');
      await say(store(), at, { address: 'ada', name: 'Ada' });
      await store().authors.setStanding(record(gone.id, key), 1);
      expect(await store().authors.find(key)).not.toBeNull();
      await store().sites.remove(gone.id);
      expect(await store().authors.findStanding(key)).toBeNull();
      expect((await store().authors.standings(gone.id)).size).toBe(0);
      expect(await store().authors.find(key)).toBeNull();
    });
  });

  describe('names of approved comments', () => {
    it('are those of each author, newest first, as many as asked for', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      for (const name of ['Ada', null, 'Ada L.']) await say(store(), at, { address: 'ada', name });
      const held = await say(store(), at, { address: 'ada', name: 'Held', status: 'pending' });
      await say(store(), at, { address: 'bob', name: 'Bob' });
      const gone = await say(store(), at, { address: 'bob', name: 'Bobby' });
      await apply(store(), gone, removal(gone));
      const [ada, bob, nobody] = ['ada', 'bob', 'nobody'].map((name) => authorKey(at.site, name));
      const keys = [ada, bob, nobody] as string[];
      const names = (limit: number) => store().authors.approvedNames({ site: at.site, keys, limit });
      const found = await names(10);
      expect(found.get(ada as string)).toEqual(['Ada L.', null, 'Ada']);
      expect(found.get(bob as string)).toEqual(['Bob']);
      expect(found.get(nobody as string) ?? []).toEqual([]);
      expect((await names(2)).get(ada as string)).toEqual(['Ada L.', null]);
      await decide(store(), held, 'approve');
      expect((await names(1)).get(ada as string)).toEqual(['Held']);
    });
  });

  describe('the directory', () => {
    const entryOf = async (key: string): Promise<AuthorEntry> => {
      const entry = await store().authors.find(key);
      if (!entry) throw new Error('no such author');
      return entry;
    };

    it('tells of an author what their comments tell, at once', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const key = authorKey(at.site, 'ada');
      expect(await store().authors.find(key)).toBeNull();
      const first = await say(store(), at, { address: 'ada', name: 'Ada', status: 'pending' });
      const second = await say(store(), at, { address: 'ada', name: 'Ada Lovelace' });
      const third = await say(store(), at, { address: 'ada', name: 'Ada' });
      expect(await entryOf(key)).toEqual({
        site: at.site,
        key,
        name: 'Ada',
        url: third.author.url,
        email: third.author.email,
        names: ['Ada', 'Ada Lovelace'],
        firstAt: first.createdAt,
        lastAt: third.createdAt,
        lastId: third.id,
        comments: 3,
        approved: 2,
        rejected: 0,
        spam: 0,
        approvedUnderName: 1,
      });
      await decide(store(), first, 'approve');
      expect(await entryOf(key)).toMatchObject({ approved: 3, approvedUnderName: 2 });
      await decide(store(), second, 'spam');
      await decide(store(), third, 'reject');
      expect(await entryOf(key)).toMatchObject({ approved: 1, spam: 1, rejected: 1, comments: 3 });
      await apply(store(), third, removal(third));
      expect(await entryOf(key)).toMatchObject({
        name: 'Ada Lovelace',
        names: ['Ada Lovelace', 'Ada'],
        lastId: second.id,
        comments: 2,
        rejected: 0,
      });
      await apply(store(), second, removal(second));
      await apply(store(), first, removal(first));
      expect(await entryOf(key)).toMatchObject({
        ...{ name: null, url: null, email: null, names: [], firstAt: null, lastAt: null, lastId: '' },
        comments: 0,
      });
    });

    it('follows an edit and a moderator’s hand on the name', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const key = authorKey(at.site, 'ada');
      const one = await say(store(), at, { address: 'ada', name: 'Ada' });
      await entryOf(key);
      const edited = await apply(store(), one, edit(one, 'Other words', { screened: 'spam' }));
      expect(await entryOf(key)).toMatchObject({ approved: 0, spam: 1 });
      const { body: _, ...rest } = revision(edited, '');
      await apply(store(), one, { ...rest, author: { name: 'A. L.', url: null } });
      expect(await entryOf(key)).toMatchObject({ name: 'A. L.', names: ['A. L.'], url: null });
    });

    it('is true after many at once', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const names = Array.from({ length: 10 }, (_, i) => `reader-${i}`);
      const posted = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          say(store(), at, { address: names[i % 10] ?? '', name: 'Reader' }),
        ),
      );
      const reading = store().authors.list({ sites: [at.site], sort: 'comments', limit: 100 });
      await Promise.all(posted.map((one, i) => decide(store(), one, i % 3 ? 'reject' : 'spam')));
      await reading;
      for (const [i, name] of names.entries()) {
        const theirs = posted.filter((_, n) => n % 10 === i);
        const spam = theirs.filter((one) => posted.indexOf(one) % 3 === 0).length;
        expect(await entryOf(authorKey(at.site, name))).toMatchObject({
          comments: 5,
          spam,
          rejected: 5 - spam,
        });
      }
    });

    it('lists by each sort, once and in order, over all limits, filtered by words and by standing', async () => {
      const sites = [freshSite(), freshSite()];
      const pages = sites.map((id) => page(id, 'https://a.example/1'));
      const names = ['Ali Rezaei', 'علی رضایی', 'Alice', 'Bob Ali', 'می‌نا', null];
      const made: Promise<Comment>[] = [];
      for (let i = 0; i < 120; i++) {
        const at = pages[i % 2] as Page;
        const who = (i * 7) % 23;
        const status = STATUSES[(i * 3) % 5];
        made.push(say(store(), at, { address: `reader-${who}`, name: names[who % 6] ?? null, status }));
      }
      const all = await Promise.all(made);
      for (const gone of all.slice(0, 6)) await apply(store(), gone, removal(gone));
      const keys = [...new Set(all.map((one) => one.author.key as string))];
      const entries = await Promise.all(keys.map(entryOf));
      const held = keys.slice(0, 7);
      const lenient = { approvals: 1, maxRejectedShare: 0.5 };
      const strict = { approvals: 2, maxRejectedShare: 0.3 };
      const measures = new Map([
        [sites[0] as string, lenient],
        [sites[1] as string, strict],
      ]);
      const isKnown = (one: AuthorEntry): boolean => {
        const { approvals, maxRejectedShare } = measures.get(one.site) ?? strict;
        const bad = one.rejected + one.spam;
        return (
          one.approvedUnderName >= approvals &&
          bad <= maxRejectedShare * (one.approved + bad) &&
          one.approved > 0
        );
      };
      const named = (one: AuthorEntry, pattern: RegExp): boolean =>
        one.names.some((name) => pattern.test(name));
      const cases: [Partial<AuthorFilter>, (one: AuthorEntry) => boolean][] = [
        [{}, () => true],
        [{ words: foldQuery('ali') }, (one) => named(one, /Ali/)],
        [{ words: foldQuery('ali rez') }, (one) => named(one, /Rezaei/)],
        [{ words: foldQuery('مینا') }, (one) => named(one, /نا/)],
        [{ words: foldQuery('nobody') }, () => false],
        [{ only: held }, (one) => held.includes(one.key)],
        [{ only: held, words: foldQuery('bob') }, (one) => held.includes(one.key) && named(one, /Bob/)],
        [{ without: held }, (one) => !held.includes(one.key)],
        [{ trust: { is: 'known', measures } }, isKnown],
        [
          { trust: { is: 'new', measures }, without: held },
          (one) => !isKnown(one) && !held.includes(one.key),
        ],
      ];
      for (const [i, [rest, matches]] of cases.entries()) {
        const scopes = [sites, [freshSite(), sites[1] as string]];
        for (const scope of scopes.slice(i % 2, (i % 2) + 1)) {
          const filter: AuthorFilter = { sites: scope, ...rest };
          const expected = entries.filter(
            (one) => scope.includes(one.site) && matches(one) && (rest.only || one.comments > 0),
          );
          expect(await store().authors.count(filter, 1000)).toBe(expected.length);
          for (const sort of SORTS) {
            const order = [...expected].sort((a, b) => {
              const [x, y] = [sortValueOf(a, sort), sortValueOf(b, sort)];
              return x === y ? (a.key > b.key ? -1 : 1) : x > y ? -1 : 1;
            });
            const limit = 4 + ((i * 3 + sort.length) % 9);
            expect(await walk(store(), filter, sort, limit)).toEqual(order.map((one) => one.key));
          }
        }
      }
      expect(await store().authors.count({ sites }, 5)).toBe(5);
      expect(await store().authors.list({ sites: [], sort: 'recent', limit: 5 })).toEqual([]);
    });

    it('gives the same entries in a list as one by one', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      for (const address of ['ada', 'bob']) await post(store(), at, { author: address });
      const listed = await store().authors.list({ sites: [at.site], sort: 'recent', limit: 10 });
      expect(listed).toEqual(await Promise.all(listed.map((one) => entryOf(one.key))));
    });
  });
}
