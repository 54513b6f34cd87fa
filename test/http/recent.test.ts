import { parseDocument } from 'htmlparser2';
import { renderBody } from '../../src/text/markdown.ts';
import { expectProblem } from '../support/expectations.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, PUBLIC_URL, startService } from '../support/service.ts';

/** What stands beside the thread: the newest comments, the feed, the preview, the authors' pictures. */

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  await makeSite(service.deps, 'plain', { feed: false, avatars: false, limits: { body: 20 }, bodyMin: 3 });
});
afterAll(() => service.stop());

async function posted(site: string, rest: Record<string, unknown> = {}): Promise<string> {
  const path = `/v1/sites/${site}/comments`;
  const answer = await service.call({ method: 'POST', path, body: commentBody(rest) });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const decide = (id: string, action: string) =>
  service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${id}/decisions`,
    headers: ADMIN,
    body: { action },
  });

interface Recent {
  comments: { id: string; page: { url: string }; url: string }[];
}

describe('the newest comments', () => {
  it('are those of all pages, newest first, without what is hidden by what it answers', async () => {
    await makeSite(service.deps, 'busy', { duplicateHours: 0 });
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push(await posted('busy', { page: { url: `${ORIGIN}/${i % 2}` } }));
    const hidden = await posted('busy', { page: { url: `${ORIGIN}/0` } });
    const under: string[] = [];
    for (let i = 0; i < 15; i++)
      under.push(await posted('busy', { page: { url: `${ORIGIN}/0` }, parentId: hidden }));
    await decide(hidden, 'reject');
    const answer = await service.call({ path: '/v1/sites/busy/recent?limit=3' });
    expect(answer.headers['cache-control']).toBe('public, max-age=0, must-revalidate');
    const { comments } = answer.json as Recent;
    expect(comments.map(({ id }) => id)).toEqual([ids[3], ids[2], ids[1]]);
    expect(comments[0]).toMatchObject({ page: { url: `${ORIGIN}/1` }, url: `${ORIGIN}/1#comment-${ids[3]}` });
    await decide(hidden, 'approve');
    const { comments: all } = (await service.call({ path: '/v1/sites/busy/recent?limit=50' })).json as Recent;
    expect(all.map(({ id }) => id)).toEqual([...ids, hidden, ...under].reverse());
  });

  it('are revalidated by their ETag, and at most fifty', async () => {
    await posted('news');
    const path = '/v1/sites/news/recent';
    const { etag = '' } = (await service.call({ path })).headers;
    expect((await service.call({ path, headers: { 'if-none-match': etag } })).status).toBe(304);
    await posted('news');
    expect((await service.call({ path, headers: { 'if-none-match': etag } })).status).toBe(200);
    expectProblem(await service.call({ path: `${path}?limit=51` }), 'validation-failed', [
      ['?limit', 'out-of-range'],
    ]);
  });
});

/** Every element of a name in a feed. */
function elements(xml: string, name: string): { text: string; attributes: Record<string, string> }[] {
  const found: { text: string; attributes: Record<string, string> }[] = [];
  const textOf = (node: { data?: string; children?: unknown[] }): string =>
    (node.data ?? '') + (node.children ?? []).map((child) => textOf(child as typeof node)).join('');
  const walk = (node: { name?: string; attribs?: Record<string, string>; children?: unknown[] }): void => {
    if (node.name === name) found.push({ text: textOf(node), attributes: node.attribs ?? {} });
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  walk(parseDocument(xml, { xmlMode: true }) as unknown as Parameters<typeof walk>[0]);
  return found;
}

describe('the feed', () => {
  it('of a page and of the site holds what is visible, newest first, for any origin', async () => {
    await makeSite(service.deps, 'fed', { duplicateHours: 0 }, { locale: 'fa' });
    const page = { url: `${ORIGIN}/خبر`, title: 'خبر <روز> & "شب"' };
    const first = await posted('fed', { page, body: 'سلام *دنیا* <script>' });
    const reply = await posted('fed', {
      page,
      parentId: first,
      author: { name: 'آ<b>', email: 'a@b.example' },
    });
    await posted('fed', { page: { url: `${ORIGIN}/other` } });
    await decide(await posted('fed', { page }), 'spam');
    const path = `/v1/sites/fed/feed.atom?page=${encodeURIComponent(page.url)}`;
    const answer = await service.call({ path, headers: { origin: 'https://reader.example' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/atom+xml; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=0, must-revalidate',
    });
    expect(elements(answer.text, 'id').map(({ text }) => text)).toEqual([
      `${PUBLIC_URL}/v1/sites/fed/feed.atom?page=${encodeURIComponent(encodeURI(page.url))}`,
      `${PUBLIC_URL}/v1/comments/${reply}`,
      `${PUBLIC_URL}/v1/comments/${first}`,
    ]);
    expect(elements(answer.text, 'content')[1]?.text).toBe(renderBody('سلام *دنیا* <script>'));
    expect(elements(answer.text, 'name').map(({ text }) => text)).toEqual(['آ<b>', 'Mina']);
    expect(elements(answer.text, 'thr:in-reply-to').map(({ attributes }) => attributes.ref)).toEqual([
      `${PUBLIC_URL}/v1/comments/${first}`,
    ]);
    expect(elements(answer.text, 'title')[0]?.text).toContain(page.title);
    expect(elements(answer.text, 'feed')[0]?.attributes['xml:lang']).toBe('fa');
    const whole = await service.call({ path: '/v1/sites/fed/feed.atom' });
    expect(elements(whole.text, 'entry')).toHaveLength(3);
    const again = { path, headers: { 'if-none-match': answer.headers.etag ?? '' } };
    expect((await service.call(again)).status).toBe(304);
  });

  it('of a page nobody wrote on is empty, and there is none where the site has none', async () => {
    const answer = await service.call({ path: '/v1/sites/news/feed.atom?pageId=nothing' });
    expect(answer.status).toBe(200);
    expect(elements(answer.text, 'entry')).toEqual([]);
    // What the caller called it may be anything, and is told to nobody.
    expect(answer.text).not.toContain('nothing');
    expect(elements(answer.text, 'updated')[0]?.text).toMatch(/^\d{4}-.*Z$/);
    expectProblem(await service.call({ path: '/v1/sites/plain/feed.atom' }), 'not-found');
  });

  it('of a page nobody wrote on is not the feed of the site, nor that of another page', async () => {
    const feed = `${PUBLIC_URL}/v1/sites/news/feed.atom`;
    const idOf = async (query: string): Promise<string | undefined> => {
      const { text } = await service.call({ path: `/v1/sites/news/feed.atom${query}` });
      const self = elements(text, 'link').filter(({ attributes }) => attributes.rel === 'self');
      expect(self.map(({ attributes }) => attributes.href)).toEqual(query === '' ? [feed] : []);
      return elements(text, 'id')[0]?.text;
    };
    const ids = [await idOf(''), await idOf('?pageId=one'), await idOf('?pageId=two')];
    ids.push(await idOf(`?page=${ORIGIN}/new`));
    expect(ids[0]).toBe(feed);
    expect(new Set(ids).size).toBe(4);
    expect(await idOf(`?page=${ORIGIN}/new/?utm_source=x`)).toBe(ids[3]);
  });

  it('never carries an address', async () => {
    await posted('news', {
      author: { name: 'Zohre', email: 'zohre@canary.example', url: 'zohre.example/x' },
    });
    const { text } = await service.call({ path: '/v1/sites/news/feed.atom' });
    expect(text).toContain('<uri>https://zohre.example/x</uri>');
    expect(text).not.toContain('canary');
  });
});

describe('a preview', () => {
  const preview = (site: string, body: unknown) =>
    service.call({ method: 'POST', path: `/v1/sites/${site}/preview`, body });

  it('is what the service would show, and stores nothing', async () => {
    const body = ' **می‌گویم** که\r\nhttps://a.example/ <img src=x onerror=alert(1)> ';
    const answer = await preview('news', { body });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { html } = answer.json as { html: string };
    expect(html).toContain('<strong>می‌گویم</strong>');
    expect(html).not.toContain('<img');
    await makeSite(service.deps, 'stored', { moderation: 'none' });
    const path = '/v1/sites/stored/comments';
    const stored = await service.call({ method: 'POST', path, body: commentBody({ body }) });
    expect(stored.json).toMatchObject({ comment: { body: { html } } });
    const queue = await service.call({ path: '/v1/moderation/queue?site=stored&status=all', headers: ADMIN });
    expect(queue.json).toMatchObject({ total: 1 });
  });

  it.each([
    [{}, 'required'],
    [{ body: ' \n' }, 'required'],
    [{ body: 5 }, 'invalid'],
    [{ body: 'x'.repeat(21) }, 'too-long'],
    [{ body: 'xy' }, 'too-short'],
  ])('of %j is refused as a comment would be', async (body, code) => {
    expectProblem(await preview('plain', body), 'validation-failed', [['/body', code]]);
  });
});

describe('a picture', () => {
  it('stands with each comment that has an author’s key, and is drawn from the key alone', async () => {
    await posted('news', { author: { name: 'Avat', email: 'avat@example.org' } });
    const path = '/v1/sites/news/recent?limit=1';
    const [shown] = (
      (await service.call({ path })).json as { comments: { author: { key: string; avatar: string } }[] }
    ).comments;
    const { key = '', avatar = '' } = shown?.author ?? {};
    expect(avatar).toBe(`${PUBLIC_URL}/v1/avatars/${key}.svg`);
    const picture = await service.call({
      path: `/v1/avatars/${key}.svg`,
      headers: { origin: 'https://x.example' },
    });
    expect(picture.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(picture.headers['content-security-policy']).toContain("default-src 'none'");
    expect(picture.text).toMatch(/^<svg [^>]*><path [^>]*\/><path [^>]*\/><\/svg>$/);
    const other = await service.call({ path: `/v1/avatars/${'0'.repeat(26)}.svg` });
    expect([other.status, other.text === picture.text]).toEqual([200, false]);
  });

  it('is none where the site shows none, and of what is no key', async () => {
    await posted('plain', { body: 'four words of it' });
    const { json } = await service.call({ path: '/v1/sites/plain/recent' });
    expect((json as { comments: { author: { avatar: null } }[] }).comments[0]?.author.avatar).toBeNull();
    for (const key of ['x', 'a@b.example', '0'.repeat(25), `${'0'.repeat(25)}u`, '%3Csvg%3E'])
      expectProblem(await service.call({ path: `/v1/avatars/${key}.svg` }), 'not-found');
  });
});
