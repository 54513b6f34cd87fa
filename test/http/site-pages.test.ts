import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

interface Page {
  key: string;
  url: string | null;
  title: string | null;
  version: number;
}

interface Pages {
  items: Page[];
  total: number;
  nextCursor: string | null;
}

let service: TestService;

const post = (site: string, page: object): Promise<Answer> =>
  service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body: commentBody({ page }) });
const list = async (site: string, query = ''): Promise<Pages> =>
  (await service.call({ path: `/v1/admin/sites/${site}/pages?${query}`, headers: ADMIN })).json as Pages;
const patch = (site: string, key: string, body: unknown, headers: Record<string, string> = ADMIN) =>
  service.call({ method: 'PATCH', path: `/v1/admin/sites/${site}/pages/${key}`, headers, body });
const fields = (answer: Answer) => {
  expect(answer.status).toBe(422);
  return (answer.json as { errors: { pointer?: string; parameter?: string; code: string }[] }).errors.map(
    ({ pointer, parameter, code }) => [pointer ?? parameter, code],
  );
};
const codeOf = ({ status, json }: Answer) => [status, (json as { code: string }).code];
const encoded = encodeURIComponent(`${ORIGIN}/a`);
const policyOf = async (site: string, query = `page=${encoded}`) =>
  (await service.call({ path: `/v1/sites/${site}?${query}` })).json as {
    closed: boolean;
    moderation: string;
  };

/** A site with comments on the named paths. */
async function siteWith(id: string, paths: string[], policy = {}): Promise<Page[]> {
  await makeSite(service.deps, id, { rateLimits: { comments: false, author: false }, ...policy });
  for (const path of paths) await post(id, { url: ORIGIN + path, title: `Title of ${path.slice(1)}` });
  return (await list(id, 'limit=100')).items;
}

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

it('lists a site’s pages with their counts, by newest comment or by number, searched and page by page', async () => {
  await siteWith('listed', ['/a', '/b', '/b', '/c', '/b', '/a']);
  const titles = async (query: string) => (await list('listed', query)).items.map(({ title }) => title);
  expect(await titles('')).toEqual(['Title of a', 'Title of b', 'Title of c']);
  expect(await titles('sort=comments')).toEqual(['Title of b', 'Title of a', 'Title of c']);
  expect(await titles('q=title%20c')).toEqual(['Title of c']);
  expect(await titles('q=%3F')).toEqual([]);
  const walked: (string | null)[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const slice: Pages = await list('listed', `limit=1&sort=comments${cursor && `&cursor=${cursor}`}`);
    expect(slice.total).toBe(3);
    walked.push(...slice.items.map(({ title }) => title));
    cursor = slice.nextCursor;
  }
  expect(walked).toEqual(['Title of b', 'Title of a', 'Title of c']);
  const [first] = (await list('listed')).items;
  expect(first).toEqual({
    key: first?.key,
    site: 'listed',
    url: `${ORIGIN}/a`,
    id: null,
    title: 'Title of a',
    counts: { pending: 0, approved: 2, rejected: 0, spam: 0, trash: 0, visible: 2, reported: 0 },
    closed: null,
    moderation: null,
    publishedAt: null,
    version: 1,
  });
});

it('closes one page: in its policy, its thread, its form and for posts, and opens it again', async () => {
  const [page] = await siteWith('closing', ['/a']);
  expect(await policyOf('closing')).toMatchObject({ closed: false });
  const answer = await patch('closing', page?.key ?? '', { closed: true, version: 1 });
  expect([answer.status, answer.json]).toEqual([200, expect.objectContaining({ closed: true, version: 2 })]);
  expect(await policyOf('closing')).toMatchObject({ closed: true });
  expect(await policyOf('closing', '')).toMatchObject({ closed: false });
  expect(codeOf(await post('closing', { url: `${ORIGIN}/a` }))).toEqual([403, 'comments-closed']);
  const early = {
    method: 'POST',
    path: '/v1/sites/closing/comments',
    body: { page: { url: `${ORIGIN}/a` } },
  };
  expect(codeOf(await service.call(early))).toEqual([403, 'comments-closed']);
  const form = await service.call({
    method: 'POST',
    path: '/v1/sites/closing/form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `author=M&email=m%40example.org&comment=Hi&page=${encoded}`,
  });
  expect(form.status).toBe(403);
  const thread = () => service.call({ path: `/v1/sites/closing/thread?page=${encoded}` });
  const fragment = () => service.call({ path: `/v1/sites/closing/comments?format=html&page=${encoded}` });
  for (const { text } of [await thread(), await fragment()]) {
    expect(text).toContain('gh-closed');
    expect(text).not.toContain('<form');
  }
  expect((await post('closing', { url: `${ORIGIN}/other` })).status).toBe(201);
  await patch('closing', page?.key ?? '', { closed: null });
  expect(await policyOf('closing')).toMatchObject({ closed: false });
  expect((await thread()).text).toContain('<form');
  expect((await fragment()).text).not.toContain('gh-closed');
  expect((await post('closing', { url: `${ORIGIN}/a` })).status).toBe(201);
});

it('keeps one page open on a site that is closed', async () => {
  const [page] = await siteWith('shut', ['/a']);
  await service.call({
    method: 'PATCH',
    path: '/v1/admin/sites/shut',
    headers: ADMIN,
    body: { policy: { closed: true } },
  });
  expect(codeOf(await post('shut', { url: `${ORIGIN}/a` }))).toEqual([403, 'comments-closed']);
  await patch('shut', page?.key ?? '', { closed: false });
  expect((await post('shut', { url: `${ORIGIN}/a` })).status).toBe(201);
  expect(codeOf(await post('shut', { url: `${ORIGIN}/b` }))).toEqual([403, 'comments-closed']);
});

it('moderates one page otherwise than its site', async () => {
  const [page] = await siteWith('moderated', ['/a']);
  await patch('moderated', page?.key ?? '', { moderation: 'all' });
  const statusAt = async (path: string) =>
    ((await post('moderated', { url: ORIGIN + path })).json as { comment: { status: string } }).comment
      .status;
  expect([await statusAt('/a'), await statusAt('/b')]).toEqual(['pending', 'approved']);
  expect(await policyOf('moderated')).toMatchObject({ moderation: 'all' });
  await patch('moderated', page?.key ?? '', { moderation: null });
  expect(await statusAt('/a')).toBe('approved');
});

it('changes title, address, id and date, and shows them in the next answer', async () => {
  const [page] = await siteWith('renamed', ['/a']);
  const listing = async (url: string) =>
    (
      (await service.call({ path: `/v1/sites/renamed/comments?page=${encodeURIComponent(url)}` })).json as {
        comments: { page: object }[];
      }
    ).comments[0]?.page;
  expect(await listing(`${ORIGIN}/a`)).toEqual({ url: `${ORIGIN}/a`, title: 'Title of a', id: null });
  const change = {
    url: `${ORIGIN}/New/?utm_source=x`,
    id: 'story-1',
    title: ' Another\ntitle ',
    publishedAt: '2026-01-02T03:30:00+03:30',
  };
  const answer = await patch('renamed', page?.key ?? '', change);
  expect(answer.json).toMatchObject({
    url: `${ORIGIN}/New`,
    id: 'story-1',
    title: 'Another title',
    publishedAt: '2026-01-02T00:00:00.000Z',
    version: 2,
  });
  const shown = { url: `${ORIGIN}/New`, title: 'Another title', id: 'story-1' };
  for (const url of [`${ORIGIN}/a`, `${ORIGIN}/New`]) expect(await listing(url)).toEqual(shown);
  expect((await list('renamed', 'q=another')).items).toHaveLength(1);
  expect((await post('renamed', { id: 'story-1' })).json).toMatchObject({ comment: { page: shown } });
  expect((await patch('renamed', page?.key ?? '', { publishedAt: null })).json).toMatchObject({
    publishedAt: null,
    title: 'Another title',
  });
});

it('refuses what is another page’s, of no version, of no site, or of no page', async () => {
  const pages = await siteWith('refused', ['/a', '/b']);
  const [b, a] = pages as [Page, Page];
  expect(codeOf(await patch('refused', a.key, { url: `${ORIGIN}/b` }))).toEqual([409, 'already-exists']);
  await patch('refused', b.key, { id: 'two' });
  expect(codeOf(await patch('refused', a.key, { id: 'two' }))).toEqual([409, 'already-exists']);
  const stale = await patch('refused', b.key, { title: 'Late', version: 1 });
  expect([stale.status, stale.json]).toEqual([
    409,
    expect.objectContaining({ code: 'conflict', current: { version: 2 } }),
  ]);
  expect(codeOf(await patch('refused', 'nopage', { closed: true }))).toEqual([404, 'not-found']);
  expect(fields(await patch('refused', a.key, { url: 'https://other.example/a' }))).toEqual([
    ['/url', 'not-of-site'],
  ]);
  expect(fields(await patch('refused', a.key, { url: 'ftp://x' }))).toEqual([['/url', 'invalid-url']]);
  expect(fields(await patch('refused', a.key, { url: null }))).toEqual([['/url', 'required']]);
  const wrong = {
    id: 'x'.repeat(201),
    title: 'x'.repeat(301),
    closed: 'yes',
    moderation: 'some',
    publishedAt: 'soon',
    version: 0,
  };
  expect(fields(await patch('refused', a.key, wrong))).toEqual([
    ['/id', 'too-long'],
    ['/title', 'too-long'],
    ['/closed', 'invalid'],
    ['/moderation', 'invalid'],
    ['/publishedAt', 'invalid'],
    ['/version', 'out-of-range'],
  ]);
  expect(
    fields(await service.call({ path: '/v1/admin/sites/refused/pages?sort=x&limit=0', headers: ADMIN })),
  ).toEqual([
    ['sort', 'invalid'],
    ['limit', 'out-of-range'],
  ]);
  const moderator = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'Desk', role: 'moderator', sites: ['*'] },
  });
  const desk = { authorization: `Bearer ${(moderator.json as { token: string }).token}` };
  expect((await patch('refused', a.key, { closed: true }, desk)).status).toBe(403);
  const [entry] = await service.deps.audit.list({ sites: ['refused'], limit: 1 });
  expect(entry).toMatchObject({ action: 'page-updated', subject: b.key, by: { id: 'root' } });
});
