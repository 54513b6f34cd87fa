import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { type ImportedShown, prepareImportDesk } from '../support/import-desk.ts';
import { ADMIN } from '../support/service.ts';
import { wpComment, wxr } from '../support/wordpress-file.ts';

/** Real exports: see test/samples. */
const sample = (name: string): Buffer => readFileSync(join(__dirname, '../samples', name));

const at = prepareImportDesk();

const outline = (comments: ImportedShown[]): unknown[] =>
  comments.map(({ legacyId, replies }) =>
    replies.length === 0 ? legacyId : [legacyId, ...outline(replies)],
  );

test('an export of WordPress comes in with its threads, dates, titles and former ids', async () => {
  const site = await at.desk.newSite();
  const told = await at.desk.take({ site, format: 'wordpress', file: sample('isso-wordpress.xml') });
  expect(told).toMatchObject({ state: 'done', pages: 2, comments: { added: 8, unchanged: 0, skipped: 0 } });
  const shown = await at.desk.thread(site, `page=${encodeURIComponent('http://example.tld/2014/test/')}`);
  expect(outline(shown)).toEqual(['wp-2', ['wp-6', ['wp-7', 'wp-8', 'wp-9']], 'wp-10', 'wp-11']);
  expect(shown[0]).toMatchObject({
    createdAt: '2014-01-14T17:32:12.000Z',
    page: { title: 'Hello, World…', id: 'wp-18' },
    author: { name: 'Ohai' },
    body: { text: 'Erster!1' },
  });
  const byPost = await at.desk.thread(site, 'pageId=wp-18');
  expect(outline(byPost)).toEqual(outline(shown));
  const legacy = await at.service.call({ path: `/v1/sites/${site}/comments/legacy/wp-8` });
  expect(legacy.status).toBe(308);
});

test.each([
  ['wordpress', 'isso-wordpress.xml', 'http://example.tld/2014/test/', 'wp-11'],
  ['disqus', 'isso-disqus.xml', 'http://example.org/', 'disqus-9'],
])(
  'a link of %s leads to the comment by its number, as it did there',
  async (format, name, url, legacyId) => {
    const site = await at.desk.newSite();
    await at.desk.take({ site, format, file: sample(name) });
    const focus = async (number: string) =>
      (
        await at.service.call({
          path: `/v1/sites/${site}/comments?page=${encodeURIComponent(url)}&limit=1&focus=${number}`,
        })
      ).json;
    const number = legacyId.replace(/^\w+-/, '');
    expect(await focus(number)).toMatchObject({ focused: true, comments: [{ legacyId }] });
    expect(await focus('999999')).toMatchObject({ focused: false });
  },
);

test('the same file again adds nothing', async () => {
  const site = await at.desk.newSite();
  for (const [format, name, added] of [
    ['wordpress', 'isso-wordpress.xml', 8],
    ['disqus', 'isso-disqus.xml', 5],
    ['commento', 'commento.json', 3],
    ['isso', 'isso-generic.json', 2],
  ] as const) {
    const sent = { site, format, file: sample(name) };
    expect((await at.desk.take(sent)).comments.added).toBe(added);
    expect((await at.desk.take(sent)).comments).toMatchObject({ added: 0, unchanged: added });
  }
});

test('a dry run says what would come of it and writes nothing', async () => {
  const site = await at.desk.newSite();
  const sent = { site, format: 'wordpress', file: sample('isso-wordpress.xml') };
  const dry = await at.desk.take({ ...sent, dryRun: true });
  expect(dry).toMatchObject({ dryRun: true, pages: 2, comments: { added: 8 }, byStatus: { approved: 8 } });
  expect(await at.desk.totals(site)).toMatchObject({ approved: 0 });
  expect((await at.desk.take(sent)).comments).toEqual(dry.comments);
});

test('what Disqus deleted stays as an empty place while it holds up a reply', async () => {
  const site = await at.desk.newSite();
  const told = await at.desk.take({ site, format: 'disqus', file: sample('isso-disqus.xml') });
  expect(told.byStatus).toMatchObject({ approved: 4, deleted: 1 });
  expect(told.problems.map(({ code, legacyId }) => [code, legacyId])).toEqual([['no-page', 'disqus-6']]);
  const shown = await at.desk.thread(site, `page=${encodeURIComponent('http://example.org/')}`);
  expect(outline(shown)).toEqual([
    ['disqus-4', 'disqus-5'],
    ['disqus-9', 'disqus-11'],
  ]);
  expect(shown[1]).toMatchObject({ deleted: true, body: null, author: null });
  expect(shown[0]?.replies[0]?.body?.text).toBe('Hello, World.');
});

test('texts of Disqus become the Markdown subset', async () => {
  const site = await at.desk.newSite();
  await at.desk.take({ site, format: 'disqus', file: sample('remark42-disqus.xml') });
  const [first] = await at.desk.thread(
    site,
    `page=${encodeURIComponent('https://radio-t.com/p/2011/03/05/podcast-229/')}`,
  );
  expect(first?.body?.text).toContain('The quick brown fox jumps over the lazy dog.');
  expect(first?.body?.html).not.toContain('title=');
});

test('statuses are kept, pingbacks, trackbacks and notes are counted and left', async () => {
  const site = await at.desk.newSite();
  const file = wxr(
    [
      wpComment(1),
      wpComment(2, { comment_approved: '0' }),
      wpComment(3, { comment_approved: 'spam' }),
      wpComment(4, { comment_approved: 'trash' }),
      wpComment(5, { comment_type: 'pingback' }),
      wpComment(6, { comment_type: 'trackback' }),
      wpComment(7, { comment_type: 'note' }),
    ].join(''),
  );
  const told = await at.desk.take({ site, format: 'wordpress', file });
  expect(told).toMatchObject({
    comments: { added: 4, skipped: 3 },
    byStatus: { approved: 1, pending: 1, spam: 1, trash: 1 },
    left: { pingback: 1, trackback: 1, note: 1 },
  });
  expect(await at.desk.totals(site)).toMatchObject({ approved: 1, pending: 1, spam: 1, trash: 1 });
});

test('approvals of old count for trust', async () => {
  const site = await at.desk.newSite({ moderation: 'first' });
  await at.desk.take({ site, format: 'wordpress', file: wxr(wpComment(1)) });
  const posted = await at.service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: {
      page: { url: 'https://news.example/a' },
      author: { name: 'Mina', email: 'mina@example.org' },
      body: 'One more word from a known hand',
    },
  });
  expect((posted.json as { comment: { status: string } }).comment.status).toBe('approved');
});

test('a reply that stands before what it answers finds its place', async () => {
  const site = await at.desk.newSite();
  const replies = [3, 2].map((id) => wpComment(id, { comment_parent: String(id - 1) })).join('');
  await at.desk.take({ site, format: 'wordpress', file: wxr(replies + wpComment(1)) });
  expect(outline(await at.desk.thread(site, 'pageId=wp-7'))).toEqual([['wp-1', ['wp-2', 'wp-3']]]);
});

test('a reply to what is nowhere begins a thread, and so does one of a circle', async () => {
  const site = await at.desk.newSite();
  const file = wxr(
    wpComment(1, { comment_parent: '99' }) +
      wpComment(2, { comment_parent: '3' }) +
      wpComment(3, { comment_parent: '2' }) +
      wpComment(4, { comment_parent: '4' }),
  );
  const told = await at.desk.take({ site, format: 'wordpress', file });
  expect(told.comments.added).toBe(4);
  expect(told.problems.map(({ code }) => code)).toEqual(['parent-not-found', 'parent-not-found']);
  expect(await at.desk.totals(site)).toMatchObject({ approved: 4 });
});

test('a reply that stands under another page’s comment goes there alone, also as the first of its page', async () => {
  const site = await at.desk.newSite();
  const lines = [
    ['a', '/a', null],
    ['b', '/b', 'a'],
    ['c', '/b', null],
    ['d', '/c', 'c'],
    ['e', '/c', null],
  ].map(([id, path, parentId], at) => {
    const page = { url: `https://example.org${path}`, title: `Of ${path}` };
    return JSON.stringify({ id, parentId, page, text: id, createdAt: `2020-01-01T00:0${at}:00Z` });
  });
  await at.desk.take({ site, format: 'generic', file: lines.join('\n') });
  const on = async (path: string): Promise<unknown> =>
    (await at.desk.thread(site, `page=https://example.org${path}`)).map(({ legacyId, replies }) => [
      legacyId,
      ...replies.map((reply) => reply.legacyId),
    ]);
  expect(await on('/a')).toEqual([['a', 'b']]);
  expect(await on('/b')).toEqual([['c', 'd']]);
  expect(await on('/c')).toEqual([['e']]);
});

test('the address that WordPress once gave a post leads to its page', async () => {
  const site = await at.desk.newSite();
  const guid = '<guid isPermaLink="false">https://news.example/?p=7</guid>';
  await at.desk.take({ site, format: 'wordpress', file: wxr(wpComment(1), guid) });
  expect(await at.desk.thread(site, `page=${encodeURIComponent('https://news.example/?p=7')}`)).toHaveLength(
    1,
  );
});

test('an id that stands twice with another text, and a day that no calendar has, are named by their lines', async () => {
  const site = await at.desk.newSite();
  const lines = [
    { id: 'a', text: 'One', createdAt: '2020-01-01T00:00:00Z' },
    { id: 'a', text: 'One', createdAt: '2020-01-01T00:00:00Z' },
    { id: 'a', text: 'Two', createdAt: '2020-01-01T01:00:00Z' },
    { id: 'b', text: 'x', createdAt: '2020-02-30T00:00:00Z' },
    { id: 'c', text: 'x', createdAt: '2021-02-29 00:00:00' },
    { id: 'd', text: 'x', createdAt: '2020-02-29 00:00:00' },
  ].map((one) => JSON.stringify({ ...one, page: 'https://news.example/a', author: { name: 'Mina' } }));
  const found = {
    comments: { added: 2, unchanged: 1, skipped: 3 },
    problems: [
      { line: 3, legacyId: 'a', code: 'repeated-id' },
      { line: 4, legacyId: 'b', code: 'no-date' },
      { line: 5, legacyId: 'c', code: 'no-date' },
    ],
  };
  for (const dryRun of [true, false]) {
    const told = await at.desk.take({ site, format: 'generic', file: lines.join('\n'), dryRun });
    expect(told).toMatchObject(found);
  }
  const again = await at.desk.take({ site, format: 'generic', file: lines.join('\n') });
  expect(again).toMatchObject({ ...found, comments: { added: 0, unchanged: 3, skipped: 3 } });
});

test('an id that stands twice far apart in a file is told alike by a dry run and by the import', async () => {
  const site = await at.desk.newSite();
  const line = (id: string, text: string, createdAt: string): string =>
    JSON.stringify({ id, text, createdAt, page: 'https://news.example/a', author: { name: 'Mina' } });
  // More than two parts of an import.
  const between = Array.from({ length: 600 }, (_, i) => line(`b-${i}`, 'Between', '2020-01-02T00:00:00Z'));
  const file = [
    line('a', 'One', '2020-01-01T00:00:00Z'),
    ...between,
    line('a', 'One', '2020-01-01T00:00:00Z'),
    line('a', 'Two', '2020-01-01T23:00:00Z'),
    line('a', 'Two', '2020-01-04T00:00:00Z'),
  ].join('\n');
  for (const dryRun of [true, false])
    expect(await at.desk.take({ site, format: 'generic', file, dryRun })).toMatchObject({
      comments: { added: 602, unchanged: 1, skipped: 1 },
      problems: [
        { line: 603, legacyId: 'a', code: 'repeated-id' },
        { line: 604, legacyId: 'a', code: 'duplicate-id' },
      ],
    });
});

test('imported comments are found by their words and stand in the directories', async () => {
  const site = await at.desk.newSite();
  await at.desk.take({
    site,
    format: 'wordpress',
    file: wxr(wpComment(1, { comment_content: 'a quokka at dawn' })),
  });
  await eventually(async () => {
    const found = await at.service.call({
      path: `/v1/moderation/queue?site=${site}&status=all&q=quokka`,
      headers: ADMIN,
    });
    expect((found.json as { items: unknown[] }).items).toHaveLength(1);
    const authors = await at.service.call({ path: `/v1/moderation/authors?site=${site}`, headers: ADMIN });
    expect((authors.json as { items: unknown[] }).items).toHaveLength(1);
    const pages = await at.service.call({ path: `/v1/admin/sites/${site}/pages`, headers: ADMIN });
    expect((pages.json as { items: unknown[] }).items).toHaveLength(1);
  });
});

test('an import is in the audit, and can be asked for', async () => {
  const site = await at.desk.newSite();
  const { importId } = await at.desk.take({ site, format: 'wordpress', file: wxr(wpComment(1)) });
  const asked = await at.service.call({
    path: `/v1/admin/sites/${site}/imports/${importId}`,
    headers: ADMIN,
  });
  expect(asked.json).toMatchObject({ importId, state: 'done', comments: { added: 1 } });
  const audit = await at.service.call({
    path: `/v1/moderation/audit?site=${site}&action=comments-imported`,
    headers: ADMIN,
  });
  expect((audit.json as { items: { note: string }[] }).items[0]?.note).toBe(
    'wordpress: 1 added, 0 unchanged, 0 skipped',
  );
});

test('an import that is sent again under its key is answered as before; another file is refused', async () => {
  const site = await at.desk.newSite();
  const sent = { site, format: 'wordpress', file: wxr(wpComment(1)), key: 'once' };
  const first = await at.desk.send(sent);
  expect(first.status).toBe(201);
  const again = await at.desk.send(sent);
  expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', location: first.headers.location });
  expect(again.text).toBe(first.text);
  for (const other of [{ file: wxr(wpComment(2)) }, { dryRun: true }]) {
    const refused = await at.desk.send({ ...sent, ...other });
    expect(refused.status).toBe(422);
    expect((refused.json as { code: string }).code).toBe('idempotency-key-reused');
  }
  expect(await at.desk.totals(site)).toMatchObject({ approved: 1 });
});

test('a key that a malformed file came under may be used for the mended one', async () => {
  const site = await at.desk.newSite();
  const sent = { site, format: 'wordpress', file: wxr(wpComment(1)), key: 'mended' };
  expect((await at.desk.send({ ...sent, file: sent.file.slice(0, -20) })).status).toBe(422);
  expect((await at.desk.send(sent)).status).toBe(201);
});

test('a comment whose page has more addresses than a call takes arguments comes to an end', async () => {
  const site = await at.desk.newSite();
  const aliases = Array.from({ length: 150_000 }, (_, n) => `https://news.example/${n}`);
  const page = { url: 'https://news.example/a', aliases };
  const comment = {
    type: 'comment',
    id: 'c1',
    page,
    author: { name: 'N' },
    body: 'text',
    status: 'approved',
  };
  const file = `${JSON.stringify({ ...comment, createdAt: '2020-01-01T00:00:00Z' })}\n`;
  const told = await at.desk.takeLarge({ site, format: 'generic', file, dryRun: true });
  expect(told).toMatchObject({ state: 'done', comments: { added: 1 } });
});
