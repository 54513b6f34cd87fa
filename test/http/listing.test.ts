import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Answer, TestService } from '../support/service.ts';
import { commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
});
afterAll(() => service.stop());

interface Shown {
  id: string;
  parentId: string | null;
  replies?: Shown[];
  repliesCursor?: string;
  replyCount: number;
}
interface Listing {
  comments: Shown[];
  total: number;
  nextCursor: string | null;
  prevCursor: string | null;
  focused?: boolean;
}

const pageUrl = (name: string) => `${ORIGIN}/${name}`;
const listPath = (name: string, query = '') =>
  `/v1/sites/news/comments?page=${encodeURIComponent(pageUrl(name))}${query}`;
const list = async (name: string, query = '') =>
  (await service.call({ path: listPath(name, query) })).json as Listing;

async function post(
  name: string,
  rest: Record<string, unknown> = {},
): Promise<{ id: string; editToken: string }> {
  const answer = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    body: commentBody({ page: { url: pageUrl(name) }, ...rest }),
  });
  expect(answer.status).toBe(201);
  const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
  return { id: comment.id, editToken };
}

const flatten = (comments: Shown[]): string[] =>
  comments.flatMap((comment) => [comment.id, ...flatten(comment.replies ?? [])]);

async function walk(name: string, query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const slice = await list(name, `${query}${cursor && `&cursor=${cursor}`}`);
    ids.push(...slice.comments.map(({ id }) => id));
    cursor = slice.nextCursor;
  }
  return ids;
}

describe('a thread', () => {
  const roots: string[] = [];
  const replies: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 7; index++) roots.push((await post('thread')).id);
    for (let index = 0; index < 5; index++) replies.push((await post('thread', { parentId: roots[1] })).id);
    replies.push((await post('thread', { parentId: replies[0] })).id);
  });

  it('is a tree of roots with their replies, oldest first', async () => {
    const tree = await list('thread');
    expect(tree).toMatchObject({ total: 13, nextCursor: null, prevCursor: null });
    expect(tree.comments.map(({ id }) => id)).toEqual(roots);
    expect(tree.comments[0]?.replies).toEqual([]);
    expect(tree.comments[1]).toMatchObject({
      replyCount: 6,
      replies: [{ id: replies[0], replies: [{ id: replies[5] }] }, {}, {}, {}, {}],
    });
    expect(tree).not.toHaveProperty('focused');
  });

  it.each(['oldest', 'newest', 'top'])(
    'walks every comment once by %s, flat and as a tree, forwards and back',
    async (sort) => {
      const all = [...roots, ...replies];
      const flat = await walk('thread', `&format=flat&limit=3&sort=${sort}`);
      expect([...flat].sort()).toEqual([...all].sort());
      if (sort !== 'newest') expect(flat).toEqual([...flat].sort());
      const tree = await walk('thread', `&limit=2&sort=${sort}`);
      expect(tree).toEqual(sort === 'newest' ? [...roots].reverse() : roots);
      const second = await list('thread', `&limit=2&sort=${sort}`).then(({ nextCursor }) =>
        list('thread', `&limit=2&sort=${sort}&cursor=${nextCursor}`),
      );
      const back = await list('thread', `&limit=5&sort=${sort}&cursor=${second.prevCursor}`);
      expect(back.comments.map(({ id }) => id)).toEqual(tree.slice(0, 2));
    },
  );

  it('cuts replies and goes on with them where repliesCursor leads', async () => {
    const cut = (await list('thread', '&replyLimit=2')).comments[1];
    expect(cut?.replies?.map(({ id }) => id)).toEqual(replies.slice(0, 2));
    const seen = [...(cut?.replies ?? [])];
    let cursor = cut?.repliesCursor ?? null;
    while (cursor !== null) {
      const answer = await service.call({
        path: `/v1/comments/${roots[1]}/replies?limit=2&cursor=${cursor}`,
      });
      const page = answer.json as { comments: Shown[]; nextCursor: string | null };
      seen.push(...page.comments);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ id }) => id)).toEqual(replies.slice(0, 5));
    const none = (await list('thread', '&replyLimit=0')).comments[1];
    expect(none?.replies).toEqual([]);
    const first = await service.call({
      path: `/v1/comments/${roots[1]}/replies?cursor=${none?.repliesCursor}`,
    });
    expect(flatten((first.json as Listing).comments)).toHaveLength(6);
  });

  it('starts at the root that holds the comment in focus, and leads back from it', async () => {
    const focused = await list('thread', `&limit=2&focus=${replies[5]}`);
    expect(focused).toMatchObject({ focused: true, comments: [{ id: roots[1] }, { id: roots[2] }] });
    const back = await list('thread', `&limit=2&cursor=${focused.prevCursor}`);
    expect(back.comments.map(({ id }) => id)).toEqual([roots[0]]);
    expect(await list('thread', '&focus=none')).toMatchObject({ focused: false, comments: { length: 7 } });
  });

  it('binds a cursor to its query: only the limit may change', async () => {
    const { nextCursor } = await list('thread', '&limit=2');
    expect((await list('thread', `&limit=4&cursor=${nextCursor}`)).comments.map(({ id }) => id)).toEqual(
      roots.slice(2, 6),
    );
    const status = async (path: string) => (await service.call({ path })).status;
    expect(await status(listPath('thread', `&limit=2&sort=newest&cursor=${nextCursor}`))).toBe(422);
    expect(await status(listPath('thread', `&limit=2&format=flat&cursor=${nextCursor}`))).toBe(422);
    expect(await status(listPath('elsewhere', `&limit=2&cursor=${nextCursor}`))).toBe(422);
    for (const place of [0, 5, (nextCursor?.length ?? 0) - 3]) {
      const letter = nextCursor?.[place] === 'A' ? 'B' : 'A';
      const altered = `${nextCursor?.slice(0, place)}${letter}${nextCursor?.slice(place + 1)}`;
      expect(await status(listPath('thread', `&limit=2&cursor=${altered}`))).toBe(422);
    }
  });

  it('keeps a cursor good through a restart, and through the deletion of the comment it names', async () => {
    const first = await post('walked');
    const second = await post('walked');
    const third = await post('walked');
    const { nextCursor } = await list('walked', '&limit=2');
    const gone = {
      method: 'DELETE',
      path: `/v1/comments/${second.id}`,
      headers: { authorization: `Bearer ${second.editToken}` },
    };
    expect((await service.call(gone)).status).toBe(204);
    const restarted = await service.another();
    const answer = await restarted.call({ path: listPath('walked', `&limit=2&cursor=${nextCursor}`) });
    expect((answer.json as Listing).comments.map(({ id }) => id)).toEqual([third.id]);
    expect(flatten((await list('walked')).comments)).toEqual([first.id, third.id]);
    await restarted.stop();
  });

  it('is also an HTML fragment of the same comments', async () => {
    await post('markup', {
      body: '<script>alert(1)</script> & "quoted"',
      author: { name: '<b>Mina</b>', email: 'm@x.example' },
    });
    const answer = await service.call({ path: listPath('markup', '&format=html') });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.text).not.toMatch(/<script|<b>Mina/);
    expect(answer.text).toContain('&lt;script&gt;');
  });
});

it('takes an unknown page for an empty thread', async () => {
  const empty = { comments: [], total: 0, nextCursor: null, prevCursor: null, locale: 'en' };
  expect(await list('unknown')).toEqual(empty);
  const foreign = await service.call({ path: '/v1/sites/news/comments?page=https%3A%2F%2Fother.example%2F' });
  expect([foreign.status, foreign.json]).toEqual([200, empty]);
});

it.each(['%d8%ae', '%D8%AE', 'خ'])('knows one page under its spelling %s', async (spelling) => {
  await post('%D8%AE');
  expect((await list(spelling)).total).toBeGreaterThan(0);
});

// A half-space behind a digit is none that a text keeps, and one of an address all the same.
const HALF_SPACED = '۲۰\u200cساله';
it.each([HALF_SPACED, encodeURIComponent(HALF_SPACED)])(
  'takes an address that is written under %s for the page that is read under it, raw or escaped',
  async (spelling) => {
    const before = (await list(HALF_SPACED)).total;
    await post(spelling);
    expect((await list(HALF_SPACED)).total).toBe(before + 1);
    expect((await list(encodeURIComponent(HALF_SPACED))).total).toBe(before + 1);
  },
);

it('takes as many letters of an address escaped as raw', async () => {
  await post('%D8%AE'.repeat(1000));
  expect((await list('خ'.repeat(1000))).total).toBe(1);
});

describe('conditional and encoded answers', () => {
  const etags: Record<string, string> = {};
  const ask = (headers: Record<string, string> = {}, method = 'GET') =>
    service.call({ method, path: listPath('encoded'), headers });
  beforeAll(async () => {
    for (let index = 0; index < 5; index++)
      await post('encoded', { body: 'Words upon words. '.repeat(20) + index });
  });

  it.each([
    [undefined, undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['deflate', undefined],
    ['gzip;q=oops', undefined],
  ])('Accept-Encoding %s gives %s', async (accept, encoding) => {
    const answer = await ask(accept === undefined ? {} : { 'accept-encoding': accept });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('Accept-Encoding, Origin');
    expect(answer.headers['cache-control']).toBe('public, max-age=0, must-revalidate');
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    const plain =
      encoding === 'br'
        ? brotliDecompressSync(answer.bytes)
        : encoding === 'gzip'
          ? gunzipSync(answer.bytes)
          : answer.bytes;
    expect((JSON.parse(plain.toString()) as Listing).total).toBe(5);
    etags[encoding ?? 'identity'] = answer.headers.etag ?? '';
  });

  it('gives each encoding its own strong ETag, the same on every instance', async () => {
    expect(new Set(Object.values(etags)).size).toBe(3);
    for (const etag of Object.values(etags)) expect(etag).toMatch(/^"[\w-]+"$/);
    const another = await service.another();
    const there = await another.call({ path: listPath('encoded') });
    expect(there.headers.etag).toBe(etags.identity);
    await another.stop();
  });

  it('answers 304 to a caller who has it, with no body and the same validators', async () => {
    const { identity = '', gzip = '' } = etags;
    const expect304 = (answer: Answer): void => {
      expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([304, '', undefined]);
      expect(answer.headers.vary).toBe('Accept-Encoding, Origin');
      expect(answer.headers['cache-control']).toBe('public, max-age=0, must-revalidate');
    };
    for (const ifNoneMatch of [
      identity,
      `W/${identity}`,
      `"x", ${identity}`,
      `"a,b",W/${identity} , "y"`,
      '*',
    ]) {
      const answer = await ask({ 'if-none-match': ifNoneMatch });
      expect304(answer);
      expect(answer.headers.etag).toBe(identity);
    }
    expect304(await ask({ 'if-none-match': gzip, 'accept-encoding': 'gzip' }));
    for (const other of ['"x"', gzip, identity.slice(1, -1), '']) {
      expect((await ask({ 'if-none-match': other })).status).toBe(200);
    }
  });

  it('answers HEAD as GET, without the bytes', async () => {
    const get = await ask({ 'accept-encoding': 'gzip' });
    const head = await ask({ 'accept-encoding': 'gzip' }, 'HEAD');
    const same = ({ 'x-request-id': _, date: __, ...headers }: Answer['headers']) => headers;
    expect([head.status, head.bytes.length, same(head.headers)]).toEqual([200, 0, same(get.headers)]);
    const missing = await service.call({ method: 'HEAD', path: '/v1/sites/none/comments' });
    expect([missing.status, missing.text]).toEqual([404, '']);
    expect(Number(missing.headers['content-length'])).toBeGreaterThan(100);
  });

  it('changes with a write, at once', async () => {
    const before = (await ask()).headers.etag;
    await post('encoded');
    const after = await ask({ 'if-none-match': before ?? '' });
    expect(after.status).toBe(200);
    expect((after.json as Listing).total).toBe(6);
  });
});

describe('counts', () => {
  it('come in the order asked for, each page as it was sent', async () => {
    await post('one');
    await post('two', { page: { url: pageUrl('two'), id: 'id-two' } });
    await post('two', { page: { id: 'id-two' } });
    const one = `${pageUrl('one')}?utm_source=x`;
    const path = `/v1/sites/news/counts?page=${encodeURIComponent(one)}&pageId=id-two&page=nonsense`;
    expect((await service.call({ path })).json).toEqual({
      counts: [
        { page: one, count: 1 },
        { page: { id: 'id-two' }, count: 2 },
        { page: 'nonsense', count: 0 },
      ],
    });
    const pages = [{ id: 'id-two' }, pageUrl('none'), { url: pageUrl('one'), id: null }];
    const answer = await service.call({ method: 'POST', path: '/v1/sites/news/counts', body: { pages } });
    expect(answer.json).toEqual({
      counts: [
        { page: pages[0], count: 2 },
        { page: pages[1], count: 0 },
        { page: pages[2], count: 1 },
      ],
    });
  });

  it('refuse a page that names nothing, and more than a hundred', async () => {
    const ask = async (pages: unknown) =>
      (await service.call({ method: 'POST', path: '/v1/sites/news/counts', body: { pages } })).json;
    expect(await ask([{}, 5, 'x'])).toMatchObject({
      errors: [
        { pointer: '/pages/0/url', code: 'required' },
        { pointer: '/pages/1', code: 'invalid' },
      ],
    });
    expect(await ask(Array.from({ length: 101 }, () => 'x'))).toMatchObject({
      errors: [{ pointer: '/pages', code: 'too-long' }],
    });
  });
});

it('tells the public part of a site’s policy and nothing else', async () => {
  await makeSite(service.deps, 'fa', { closed: true }, { locale: 'fa' });
  const answer = await service.call({ path: '/v1/sites/fa' });
  expect(answer.json).toEqual({
    site: 'fa',
    name: 'Site fa',
    locale: 'fa',
    direction: 'rtl',
    timeZone: 'UTC',
    requiredFields: ['name', 'email'],
    limits: { name: 100, email: 254, url: 2000, title: 300, body: 10_000 },
    bodyMin: 1,
    maxDepth: 5,
    moderation: 'none',
    closed: true,
    sort: 'oldest',
    pageSize: 20,
    editWindowSeconds: 900,
    votes: 'both',
    reports: true,
    feed: true,
    authorUrl: true,
    avatars: true,
    identity: 'off',
    trapField: 'website2',
    shares: [],
  });
  expect(answer.headers.etag).toMatch(/^"/);
});
