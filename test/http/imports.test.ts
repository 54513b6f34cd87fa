import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportView } from '../../src/moving/present-import.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN, type Answer, makeSite, startService, type TestService } from '../support/service.ts';

/** Real exports: see test/samples. */
const sample = (name: string): Buffer => readFileSync(join(__dirname, '../samples', name));

const HOSTS = [
  'example.tld',
  'test.wordpress.org',
  'example.org',
  'localhost:4000',
  'radio-t.com',
  'example.com',
];

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

let sites = 0;
async function newSite(policy = {}): Promise<string> {
  sites += 1;
  const { id } = await makeSite(service.deps, `moved-${sites}`, { pages: { hosts: HOSTS }, ...policy });
  return id;
}

interface Sent {
  site: string;
  format: string;
  file: Buffer | string;
  dryRun?: boolean;
  key?: string;
}

const send = ({ site, format, file, dryRun = false, key }: Sent): Promise<Answer> =>
  service.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/imports?format=${format}&dryRun=${dryRun}`,
    headers: {
      ...ADMIN,
      'content-type': 'application/octet-stream',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: file,
  });

async function take(sent: Sent): Promise<ImportView> {
  const answer = await send(sent);
  expect(answer.text).toContain('importId');
  expect(answer.status).toBe(201);
  return answer.json as ImportView;
}

interface Shown {
  id: string;
  legacyId: string | null;
  body: { text: string; html: string } | null;
  author: { name: string | null; key: string | null } | null;
  createdAt: string;
  deleted: boolean;
  replies: Shown[];
}

async function thread(site: string, query: string): Promise<Shown[]> {
  const { json } = await service.call({ path: `/v1/sites/${site}/comments?${query}` });
  return (json as { comments: Shown[] }).comments;
}
const outline = (comments: Shown[]): unknown[] =>
  comments.map(({ legacyId, replies }) =>
    replies.length === 0 ? legacyId : [legacyId, ...outline(replies)],
  );

const wxr = (comments: string, item = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><item><title>T</title>
<link>https://news.example/a</link><wp:post_id>7</wp:post_id>${item}\n${comments}</item></channel></rss>`;
const wpComment = (id: number, fields: Record<string, string> = {}): string => {
  const all = {
    comment_id: String(id),
    comment_author: 'Mina',
    comment_author_email: 'mina@example.org',
    comment_date_gmt: '2015-05-01 10:00:00',
    comment_content: `Comment ${id}`,
    comment_approved: '1',
    comment_type: '',
    comment_parent: '0',
    ...fields,
  };
  const inner = Object.entries(all).map(([name, text]) => `<wp:${name}><![CDATA[${text}]]></wp:${name}>`);
  return `<wp:comment>${inner.join('')}</wp:comment>\n`;
};

async function totals(site: string): Promise<Record<string, number>> {
  const { json } = await service.call({ path: `/v1/moderation/counts?site=${site}`, headers: ADMIN });
  return json as Record<string, number>;
}

test('an export of WordPress comes in with its threads, dates, titles and former ids', async () => {
  const site = await newSite();
  const told = await take({ site, format: 'wordpress', file: sample('isso-wordpress.xml') });
  expect(told).toMatchObject({ state: 'done', pages: 2, comments: { added: 8, unchanged: 0, skipped: 0 } });
  const shown = await thread(site, `page=${encodeURIComponent('http://example.tld/2014/test/')}`);
  expect(outline(shown)).toEqual(['wp-2', ['wp-6', ['wp-7', 'wp-8', 'wp-9']], 'wp-10', 'wp-11']);
  expect(shown[0]).toMatchObject({
    createdAt: '2014-01-14T17:32:12.000Z',
    page: { title: 'Hello, World…', id: 'wp-18' },
    author: { name: 'Ohai' },
    body: { text: 'Erster!1' },
  });
  const byPost = await thread(site, 'pageId=wp-18');
  expect(outline(byPost)).toEqual(outline(shown));
  const legacy = await service.call({ path: `/v1/sites/${site}/comments/legacy/wp-8` });
  expect(legacy.status).toBe(308);
});

test('the same file again adds nothing', async () => {
  const site = await newSite();
  for (const [format, name, added] of [
    ['wordpress', 'isso-wordpress.xml', 8],
    ['disqus', 'isso-disqus.xml', 5],
    ['commento', 'commento.json', 3],
    ['isso', 'isso-generic.json', 2],
  ] as const) {
    const sent = { site, format, file: sample(name) };
    expect((await take(sent)).comments.added).toBe(added);
    expect((await take(sent)).comments).toMatchObject({ added: 0, unchanged: added });
  }
});

test('a dry run says what would come of it and writes nothing', async () => {
  const site = await newSite();
  const sent = { site, format: 'wordpress', file: sample('isso-wordpress.xml') };
  const dry = await take({ ...sent, dryRun: true });
  expect(dry).toMatchObject({ dryRun: true, pages: 2, comments: { added: 8 }, byStatus: { approved: 8 } });
  expect(await totals(site)).toMatchObject({ approved: 0 });
  expect((await take(sent)).comments).toEqual(dry.comments);
});

test('what Disqus deleted stays as an empty place while it holds up a reply', async () => {
  const site = await newSite();
  const told = await take({ site, format: 'disqus', file: sample('isso-disqus.xml') });
  expect(told.byStatus).toMatchObject({ approved: 4, deleted: 1 });
  expect(told.problems.map(({ code, legacyId }) => [code, legacyId])).toEqual([['no-page', 'disqus-6']]);
  const shown = await thread(site, `page=${encodeURIComponent('http://example.org/')}`);
  expect(outline(shown)).toEqual([
    ['disqus-4', 'disqus-5'],
    ['disqus-9', 'disqus-11'],
  ]);
  expect(shown[1]).toMatchObject({ deleted: true, body: null, author: null });
  expect(shown[0]?.replies[0]?.body?.text).toBe('Hello, World.');
});

test('texts of Disqus become the Markdown subset', async () => {
  const site = await newSite();
  await take({ site, format: 'disqus', file: sample('remark42-disqus.xml') });
  const [first] = await thread(
    site,
    `page=${encodeURIComponent('https://radio-t.com/p/2011/03/05/podcast-229/')}`,
  );
  expect(first?.body?.text).toContain('The quick brown fox jumps over the lazy dog.');
  expect(first?.body?.html).not.toContain('title=');
});

test('statuses are kept, pingbacks, trackbacks and notes are counted and left', async () => {
  const site = await newSite();
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
  const told = await take({ site, format: 'wordpress', file });
  expect(told).toMatchObject({
    comments: { added: 4, skipped: 3 },
    byStatus: { approved: 1, pending: 1, spam: 1, trash: 1 },
    left: { pingback: 1, trackback: 1, note: 1 },
  });
  expect(await totals(site)).toMatchObject({ approved: 1, pending: 1, spam: 1, trash: 1 });
});

test('approvals of old count for trust', async () => {
  const site = await newSite({ moderation: 'first' });
  await take({ site, format: 'wordpress', file: wxr(wpComment(1)) });
  const posted = await service.call({
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
  const site = await newSite();
  const replies = [3, 2].map((id) => wpComment(id, { comment_parent: String(id - 1) })).join('');
  await take({ site, format: 'wordpress', file: wxr(replies + wpComment(1)) });
  expect(outline(await thread(site, 'pageId=wp-7'))).toEqual([['wp-1', ['wp-2', 'wp-3']]]);
});

test('a reply to what is nowhere begins a thread, and so does one of a circle', async () => {
  const site = await newSite();
  const file = wxr(
    wpComment(1, { comment_parent: '99' }) +
      wpComment(2, { comment_parent: '3' }) +
      wpComment(3, { comment_parent: '2' }) +
      wpComment(4, { comment_parent: '4' }),
  );
  const told = await take({ site, format: 'wordpress', file });
  expect(told.comments.added).toBe(4);
  expect(told.problems.map(({ code }) => code)).toEqual(['parent-not-found', 'parent-not-found']);
  expect(await totals(site)).toMatchObject({ approved: 4 });
});

test('the address that WordPress once gave a post leads to its page', async () => {
  const site = await newSite();
  const guid = '<guid isPermaLink="false">https://news.example/?p=7</guid>';
  await take({ site, format: 'wordpress', file: wxr(wpComment(1), guid) });
  expect(await thread(site, `page=${encodeURIComponent('https://news.example/?p=7')}`)).toHaveLength(1);
});

test.each([
  ['cut off', 'wordpress', wxr(wpComment(1)).slice(0, -30), /unclosed/],
  ['with a tag that closes another', 'wordpress', wxr(`${wpComment(1)}<a></b>`), /unexpected close tag/],
  [
    'with entities of its own',
    'wordpress',
    wxr(wpComment(1)).replace('<rss', '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss'),
    /document type/,
  ],
  ['with an entity that nobody declared', 'wordpress', wxr(`${wpComment(1)}<x>&b;</x>`), /entity/],
  ['in an encoding that is not read', 'wordpress', wxr(wpComment(1)).replace('UTF-8', 'GB18030'), /UTF-8/],
  [
    'that names one encoding and is in another',
    'wordpress',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(wxr(wpComment(1)), 'utf16le')]),
    /another encoding/,
  ],
  [
    'whose bytes are no UTF-8',
    'wordpress',
    Buffer.concat([Buffer.from(wxr(wpComment(1))), Buffer.from([0xff])]),
    /UTF-8/,
  ],
  ['nested without end', 'wordpress', wxr(wpComment(1) + '<x>'.repeat(500)), /nested/],
  ['of another system', 'disqus', wxr(wpComment(1)), /Disqus/],
  ['that is no JSON', 'commento', '{"version":1,"comments":[{"commentHex":"a"},\n{"comm', /middle|JSON/],
  [
    'whose line is no JSON',
    'generic',
    '{"id":"a","page":"/a","text":"x","createdAt":"2020-01-01T00:00:00Z"}\n{',
    /JSON/,
  ],
])('of a file %s nothing is taken, and its sender hears the line', async (_, format, file, reason) => {
  const site = await newSite();
  const answer = await send({ site, format, file: Buffer.from(file) });
  expect(answer.status).toBe(422);
  const problem = answer.json as { code: string; line: number; reason: string };
  expect(problem.code).toBe('malformed-file');
  expect(problem.line).toBeGreaterThan(0);
  expect(problem.reason).toMatch(reason);
  expect(await totals(site)).toMatchObject({ approved: 0 });
});

const PERSIAN = wxr(wpComment(1, { comment_content: 'سلام به همه' }));
/** Of the letters above, those that stand elsewhere than in ASCII: Windows code page 1256. */
const IN_1256: Record<string, number> = {
  ...{ س: 0xd3, ل: 0xe1, ا: 0xc7, م: 0xe3, ب: 0xc8, ه: 0xe5 },
};

test.each([
  [
    'UTF-16 with a mark',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(PERSIAN.replace('UTF-8', 'UTF-16'), 'utf16le')]),
  ],
  ['UTF-16 without one', Buffer.from(PERSIAN.replace('UTF-8', 'UTF-16LE'), 'utf16le')],
  [
    'Windows-1256',
    Buffer.from([...PERSIAN.replace('UTF-8', 'windows-1256')].map((c) => IN_1256[c] ?? c.charCodeAt(0))),
  ],
])('a file in %s comes in', async (_, file) => {
  const site = await newSite();
  await take({ site, format: 'wordpress', file });
  const [shown] = await thread(site, 'pageId=wp-7');
  expect(shown?.body?.text).toBe('سلام به همه');
});

test('an id that stands twice with another text, and a day that no calendar has, are named by their lines', async () => {
  const site = await newSite();
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
    const told = await take({ site, format: 'generic', file: lines.join('\n'), dryRun });
    expect(told).toMatchObject(found);
  }
  const again = await take({ site, format: 'generic', file: lines.join('\n') });
  expect(again).toMatchObject({ ...found, comments: { added: 0, unchanged: 3, skipped: 3 } });
});

test('a file that is too large is refused, and its sender hears so', async () => {
  const small = await service.another({ importLimit: 1000 });
  const site = await newSite();
  const answer = await small.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/imports?format=generic`,
    headers: { ...ADMIN, 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(2_000_000, 0x20),
  });
  expect(answer.status).toBe(413);
  await small.stop();
});

test('a file without a type is refused', async () => {
  const site = await newSite();
  const answer = await service.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/imports?format=generic`,
    headers: ADMIN,
    body: '{}',
  });
  expect(answer.status).toBe(415);
});

test('an author’s own address is masked where it stands in a text of old, and leaves nowhere', async () => {
  const site = await newSite();
  const text = 'Write to mina@example.org, please';
  await take({
    site,
    format: 'wordpress',
    file: wxr(wpComment(1, { comment_content: text, comment_author: 'mina@example.org' })),
  });
  const { text: answer } = await service.call({ path: `/v1/sites/${site}/comments?pageId=wp-7` });
  expect(answer).not.toContain('mina@example.org');
  expect(answer).toContain('please');
});

test('imported comments are found by their words and stand in the directories', async () => {
  const site = await newSite();
  await take({ site, format: 'wordpress', file: wxr(wpComment(1, { comment_content: 'a quokka at dawn' })) });
  await eventually(async () => {
    const found = await service.call({
      path: `/v1/moderation/queue?site=${site}&status=all&q=quokka`,
      headers: ADMIN,
    });
    expect((found.json as { items: unknown[] }).items).toHaveLength(1);
    const authors = await service.call({ path: `/v1/moderation/authors?site=${site}`, headers: ADMIN });
    expect((authors.json as { items: unknown[] }).items).toHaveLength(1);
    const pages = await service.call({ path: `/v1/admin/sites/${site}/pages`, headers: ADMIN });
    expect((pages.json as { items: unknown[] }).items).toHaveLength(1);
  });
});

test('an import is in the audit, and can be asked for', async () => {
  const site = await newSite();
  const { importId } = await take({ site, format: 'wordpress', file: wxr(wpComment(1)) });
  const asked = await service.call({ path: `/v1/admin/sites/${site}/imports/${importId}`, headers: ADMIN });
  expect(asked.json).toMatchObject({ importId, state: 'done', comments: { added: 1 } });
  const audit = await service.call({
    path: `/v1/moderation/audit?site=${site}&action=comments-imported`,
    headers: ADMIN,
  });
  expect((audit.json as { items: { note: string }[] }).items[0]?.note).toBe(
    'wordpress: 1 added, 0 unchanged, 0 skipped',
  );
});

test('an import that is sent again under its key is answered as before; another file is refused', async () => {
  const site = await newSite();
  const sent = { site, format: 'wordpress', file: wxr(wpComment(1)), key: 'once' };
  const first = await send(sent);
  expect(first.status).toBe(201);
  const again = await send(sent);
  expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', location: first.headers.location });
  expect(again.text).toBe(first.text);
  for (const other of [{ file: wxr(wpComment(2)) }, { dryRun: true }]) {
    const refused = await send({ ...sent, ...other });
    expect(refused.status).toBe(422);
    expect((refused.json as { code: string }).code).toBe('idempotency-key-reused');
  }
  expect(await totals(site)).toMatchObject({ approved: 1 });
});

test('a key that a malformed file came under may be used for the mended one', async () => {
  const site = await newSite();
  const sent = { site, format: 'wordpress', file: wxr(wpComment(1)), key: 'mended' };
  expect((await send({ ...sent, file: sent.file.slice(0, -20) })).status).toBe(422);
  expect((await send(sent)).status).toBe(201);
});
