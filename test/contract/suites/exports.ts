import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorKey, parseEmail } from '../../../src/authors/email.ts';
import type { Comment } from '../../../src/comments/comment.ts';
import { createKeyring, type Keyring } from '../../../src/keys.ts';
import { exportGeneric } from '../../../src/moving/export-generic.ts';
import { type ExportOptions, type ExportTally, noTally } from '../../../src/moving/export-site.ts';
import type { ImportFormat } from '../../../src/moving/formats.ts';
import type { Import } from '../../../src/moving/import.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshId, freshSite, MODERATOR, site as newSite, tick } from '../../support/builders.ts';
import { IMPORT_KEYS, importFile } from '../../support/imports.ts';
import { ADA, EVERYTHING, line, MINA, URL_OF } from '../../support/moved-site.ts';

/** Exports of other systems: see test/samples. */
const SAMPLES: [ImportFormat, string][] = [
  ['wordpress', 'isso-wordpress.xml'],
  ['wordpress', 'wp-importer-comment-meta.xml'],
  ['disqus', 'isso-disqus.xml'],
  ['disqus', 'remark42-disqus.xml'],
  ['isso', 'isso-generic.json'],
  ['commento', 'commento.json'],
];

export async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const one of lines) text += one;
  return text;
}

/** The way of a site's comments out of a store, and back. */
export function exportsContract(store: () => Storage): void {
  async function siteWithOrigin(): Promise<string> {
    const one = { ...newSite(freshSite()), name: 'News', origins: ['https://news.example'] };
    await store().sites.create(one);
    return one.id;
  }

  async function exported(
    id: string,
    { emails = true, keys = IMPORT_KEYS as Keyring } = {},
  ): Promise<{ text: string; tally: ExportTally }> {
    const site = await store().sites.find(id);
    if (!site) throw new Error('no site');
    const options: ExportOptions = { site, emails };
    const tally = noTally();
    return { text: await textOf(exportGeneric({ ...store(), keys }, options, tally)), tally };
  }

  const bring = (
    site: string,
    file: string | Buffer,
    rest: { format?: ImportFormat; keys?: Keyring; opensSeals?: boolean; dryRun?: boolean } = {},
  ): Promise<Import> => {
    const { format = 'generic', keys, ...how } = rest;
    return importFile(store(), { site, format, file, ...how }, keys);
  };

  async function commentsOf(site: string): Promise<Comment[]> {
    const found = await store().exports.walk({ site, after: '', limit: 1000 });
    return found.map(({ comment }) => comment);
  }

  it.each(SAMPLES)('of %s %s read back are the same bytes again', async (format, name) => {
    const site = await siteWithOrigin();
    const { result } = await bring(site, readFileSync(join(__dirname, '../../samples', name)), { format });
    const copy = await siteWithOrigin();
    const { text, tally } = await exported(site);
    expect(tally.comments).toBe(result.comments.added);
    const { result: again } = await bring(copy, text);
    expect(again.comments).toEqual({ added: tally.comments, unchanged: 0, skipped: 0 });
    expect((await exported(copy)).text).toBe(text);
    const { text: sealed } = await exported(site, { emails: false });
    expect((await exported(copy, { emails: false })).text).toBe(sealed);
    expect((await bring(copy, text)).result.comments).toEqual({
      added: 0,
      unchanged: tally.comments,
      skipped: 0,
    });
  });

  it('hold everything that moves, and keep ids where nobody else has them', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const { text, tally } = await exported(site);
    expect(tally).toMatchObject({ comments: 9, pages: 2, standings: 2, unnamed: 0 });
    const before = await commentsOf(site);
    await store().sites.remove(site);
    const home = await siteWithOrigin();
    const { result } = await bring(home, text);
    expect({ ...result.comments, problems: result.problems }).toEqual({
      added: 9,
      unchanged: 0,
      skipped: 0,
      problems: [],
    });
    expect((await exported(home)).text).toBe(text);
    const after = await commentsOf(home);
    const told = ({
      id,
      legacyId,
      parentId,
      text: body,
      status,
      createdAt,
      editedAt,
      deletedAt,
    }: Comment) => ({
      ...{ id, legacyId, parentId, body, status, createdAt, editedAt, deletedAt },
    });
    expect(after.map(told)).toEqual(before.map(told));
    expect(
      after.map(({ votesUp, pinned, author }) => [votesUp, pinned, author.name, author.moderator]),
    ).toEqual(before.map(({ votesUp, pinned, author }) => [votesUp, pinned, author.name, author.moderator]));
    const page = await store().sites.findPage(home, urlReference(URL_OF));
    expect(page).toMatchObject({ id: 'p-1', title: 'Ähnlich wie «سلام»', closed: true });
    for (const reference of ['u:https://news.example/?p=9', 'i:p-old', 'i:p-1'])
      expect((await store().sites.findPage(home, reference))?.key).toBe(page?.key);
    const empty = await store().sites.findPage(home, urlReference('https://news.example/empty'));
    expect(empty).toMatchObject({ title: 'No comments', moderation: 'all' });
  });

  it('leave what somebody has said of a page here', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const page = await store().sites.findPage(site, urlReference(URL_OF));
    if (!page) throw new Error('no page');
    await store().sites.updatePage({ site, key: page.key }, { closed: false }, { expected: page.version });
    await bring(site, EVERYTHING);
    expect(await store().sites.findPage(site, urlReference(URL_OF))).toMatchObject({ closed: false });
  });

  it('hold addresses sealed, which only this installation opens, and only for who sees every site', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const { text } = await exported(site, { emails: false });
    expect(text).not.toContain('@example.org');
    expect(JSON.stringify((await commentsOf(site)).map(({ author }) => author.email))).not.toContain(
      'null,null',
    );
    const [mine, other, scoped] = [await siteWithOrigin(), await siteWithOrigin(), await siteWithOrigin()];
    expect((await bring(mine, text)).result.problems).toEqual([]);
    expect((await exported(mine)).text).toBe((await exported(site)).text);
    const foreign = createKeyring(Buffer.alloc(32, 9));
    for (const [id, rest] of [
      [other, { keys: foreign }],
      [scoped, { opensSeals: false }],
    ] as const) {
      const { result } = await bring(id, text, rest);
      expect(result.comments.added).toBe(9);
      expect(result.standings).toBe(0);
      expect(new Set(result.problems.map(({ code }) => code))).toEqual(new Set(['sealed-elsewhere']));
      expect((await commentsOf(id)).flatMap(({ author }) => author.email ?? [])).toEqual([]);
    }
  });

  it('hold who was vouched for, whose word a status is, and what people said of authors', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const copy = await siteWithOrigin();
    const { result } = await bring(copy, (await exported(site, { emails: false })).text);
    expect(result.standings).toBe(2);
    const found = await commentsOf(copy);
    expect(found.map(({ decidedBy }) => decidedBy)).toEqual([
      ...[null, null, null, null],
      { kind: 'filter', id: 'imported', name: 'Words' },
      { ...ADA, id: 'imported' },
      ...[null, null, null],
    ]);
    expect(found.map(({ author }) => author.identity)).toEqual([
      ...Array<undefined>(7).fill(undefined),
      { badge: 'Patron' },
      { badge: null },
    ]);
    const email = parseEmail(MINA);
    const typed = email && authorKey(email, IMPORT_KEYS, copy);
    const vouched = found[7]?.author.key ?? '';
    expect(vouched).not.toBe(typed);
    expect(found[1]?.author.key).toBeNull();
    expect(found[4]?.author.key).toBe(typed);
    expect(found[8]?.author).toMatchObject({ key: null, email: null });
    // An erasure by the address finds both.
    expect(await store().identities.keysOf(typed ?? '')).toEqual([vouched]);
    const standings = await store().authors.standings(copy);
    const by = { ...ADA, id: 'imported' };
    const common = { site: copy, by, version: 2 };
    expect(standings).toEqual(
      new Map([
        [
          found[0]?.author.key,
          {
            ...{ ...common, key: found[0]?.author.key, standing: 'banned', reason: 'abuse' },
            ...{ at: Date.UTC(2016, 3), until: Date.UTC(2030, 0) },
          },
        ],
        [
          vouched,
          {
            ...{ ...common, key: vouched, standing: 'trusted', reason: null },
            ...{ at: Date.UTC(2016, 2), until: null },
          },
        ],
      ]),
    );
  });

  it('leave what somebody has said of an author here, and tell of standings that have no address', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const key = (await commentsOf(site))[0]?.author.key ?? '';
    const at = Date.UTC(2026, 0);
    const said = { site, key, standing: null, until: null, reason: null, by: MODERATOR, at, version: 3 };
    expect(await store().authors.setStanding(said, 2)).toEqual({ set: true });
    expect((await bring(site, EVERYTHING)).result.standings).toBe(0);
    expect(await store().authors.findStanding(key)).toEqual(said);
    const nobody = { ...said, key: freshId(tick()), standing: 'held', version: 2 } as const;
    await store().authors.setStanding(nobody, 1);
    expect((await exported(site)).tally).toMatchObject({ standings: 1, unnamed: 1 });
  });

  it('hold the site’s word lists, which a site without any gets', async () => {
    const site = await siteWithOrigin();
    const lists = { hold: ['*رایگان*', 'spam'], reject: ['«bad» word'] };
    await store().wordlists.replace({ site, ...lists, version: 1, changedAt: tick() }, 0);
    const { text } = await exported(site);
    expect(text.split('\n')).toContain(JSON.stringify({ type: 'wordlist', ...lists }));
    const copy = await siteWithOrigin();
    await bring(copy, text);
    expect((await exported(copy)).text).toBe(text);
    await store().wordlists.replace(
      { site: copy, hold: ['own'], reject: [], version: 2, changedAt: tick() },
      1,
    );
    await bring(copy, text);
    expect(await store().wordlists.find(copy)).toMatchObject({ hold: ['own'], reject: [] });
    for (const hold of [
      ['*'],
      ['a', 'A'],
      ['x'.repeat(201)],
      Array.from({ length: 5001 }, (_, i) => `t${i}`),
    ]) {
      const { result } = await bring(await siteWithOrigin(), line({ type: 'wordlist', hold, reject: [] }));
      expect(result.problems).toEqual([{ line: 1, legacyId: null, code: 'invalid-terms' }]);
    }
  });

  it('are rehearsed to the word list: a dry run tells of what is no term, and sets none', async () => {
    const site = await siteWithOrigin();
    const lists = [['*'], [], ['a', 'A'], ['spam'], ['a', 'A'], ['x'.repeat(201)]];
    const file = lists.map((hold) => line({ type: 'wordlist', hold, reject: [] })).join('');
    const { result: rehearsed } = await bring(site, file, { dryRun: true });
    expect(await store().wordlists.find(site)).toBeNull();
    expect(rehearsed.problems.map((problem) => problem.line)).toEqual([1, 3, 6]);
    expect((await bring(site, file)).result).toEqual(rehearsed);
    expect(await store().wordlists.find(site)).toMatchObject({ hold: ['spam'] });
  });

  it('are walked in parts, every comment and every name once', async () => {
    const site = await siteWithOrigin();
    await bring(site, EVERYTHING);
    const ids: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; after = ids.at(-1)) {
      const found = await store().exports.walk({ site, after, limit: 2 });
      ids.push(...found.map(({ comment }) => comment.id));
      if (found.length < 2) break;
    }
    expect(ids).toEqual((await commentsOf(site)).map(({ id }) => id));
    const names: string[] = [];
    for (;;) {
      const found = await store().exports.walkReferences({ site, after: names.at(-1) ?? '', limit: 1 });
      if (found.length === 0) break;
      names.push(...found);
    }
    expect(names).toEqual([
      'i:p-1',
      'i:p-old',
      'u:https://news.example/?p=9',
      'u:https://news.example/a',
      'u:https://news.example/empty',
    ]);
  });
}
