import { DEFAULT_POLICY } from '../../src/sites/policy.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = ADMIN) =>
  service.call({ method, path: `/v1/admin/${path}`, headers, body });

interface SiteAnswer {
  version: number;
  policy: typeof DEFAULT_POLICY;
  origins: string[];
  updatedAt: string;
}

const fieldsOf = (json: unknown) =>
  (json as { errors: { pointer?: string; parameter?: string; code: string }[] }).errors
    .map(({ pointer, parameter, code }) => `${pointer ?? `?${parameter}`} ${code}`)
    .sort();

describe('sites', () => {
  it('are made with the whole default policy, their origins in canonical form', async () => {
    const answer = await call('POST', 'sites', {
      id: 'news',
      name: '  News  ',
      origins: ['HTTPS://News.Example:443', 'https://*.news.example/'],
      policy: { closed: null, pageSize: 30 },
    });
    expect([answer.status, answer.headers.location]).toEqual([201, '/v1/admin/sites/news']);
    expect(answer.json).toMatchObject({
      id: 'news',
      name: 'News',
      origins: ['https://news.example', 'https://*.news.example'],
      locale: 'en',
      timeZone: 'UTC',
      version: 1,
      policy: { ...DEFAULT_POLICY, pageSize: 30 },
    });
    expect((await call('GET', 'sites/news')).text).toBe(answer.text);
  });

  it('change by RFC 7396: absent keeps, null gives the default back, lists are replaced', async () => {
    const first = await call('PATCH', 'sites/news', {
      locale: 'fa-IR',
      policy: { limits: { body: 500, name: 50 }, requiredFields: ['name'], pages: { hosts: ['m.example'] } },
    });
    expect(first.json).toMatchObject({ version: 2, name: 'News', locale: 'fa-IR' });
    const second = await call('PATCH', 'sites/news', {
      version: 2,
      unknown: 1,
      policy: { limits: { body: null }, requiredFields: null, pages: { hosts: ['x.example'] } },
    });
    const { policy, version } = second.json as SiteAnswer;
    expect(version).toBe(3);
    expect(policy.limits).toEqual({ ...DEFAULT_POLICY.limits, name: 50 });
    expect(policy.requiredFields).toEqual(DEFAULT_POLICY.requiredFields);
    expect(policy.pages.hosts).toEqual(['x.example']);
    expect(policy.pageSize).toBe(30);
    expect((await call('PATCH', 'sites/news', { policy: null })).json).toMatchObject({
      policy: DEFAULT_POLICY,
    });
    const merge = { ...ADMIN, 'content-type': 'application/merge-patch+json' };
    expect((await call('PATCH', 'sites/news', '{"name":"Merged"}', merge)).json).toMatchObject({
      name: 'Merged',
    });
  });

  it('take their own whole answer back, and refuse what comes with later versions', async () => {
    const { policy } = (await call('GET', 'sites/news')).json as SiteAnswer;
    expect((await call('PATCH', 'sites/news', { policy })).status).toBe(200);
    const later = {
      votes: 'sideways',
      reportsToHold: 0,
      trapField: 'author',
      closeAfterDays: 0,
      links: { hold: 0 },
      tooSoonSeconds: 3601,
      identity: 'perhaps',
      feed: 'yes',
      rateLimits: { comments: { limit: 0, windowSeconds: 60 }, edits: true },
    };
    expect(fieldsOf((await call('PATCH', 'sites/news', { policy: later })).json)).toEqual([
      '/policy/closeAfterDays out-of-range',
      '/policy/feed invalid',
      '/policy/identity invalid',
      '/policy/links/hold out-of-range',
      '/policy/rateLimits/comments/limit out-of-range',
      '/policy/rateLimits/edits invalid',
      '/policy/reportsToHold out-of-range',
      '/policy/tooSoonSeconds out-of-range',
      '/policy/trapField duplicate',
      '/policy/votes invalid',
    ]);
  });

  it('name every bad field at once', async () => {
    expect(fieldsOf((await call('POST', 'sites', {})).json)).toEqual([
      '/id required',
      '/name required',
      '/origins required',
    ]);
    const bad = {
      id: 'News',
      name: 'n'.repeat(201),
      origins: ['https://news.example/path', 'news.example'],
      locale: 'not a locale',
      timeZone: 'Mars/Olympus',
      policy: {
        moderation: 'some',
        limits: { name: 101, body: 0 },
        pageSize: 101,
        requiredFields: ['name', 'name'],
        reasons: [''],
        pages: { anyHost: 'yes' },
      },
    };
    expect(fieldsOf((await call('POST', 'sites', bad)).json)).toEqual([
      '/id invalid',
      '/locale invalid',
      '/name too-long',
      '/origins/0 invalid-url',
      '/origins/1 invalid-url',
      '/policy/limits/body out-of-range',
      '/policy/limits/name out-of-range',
      '/policy/moderation invalid',
      '/policy/pageSize out-of-range',
      '/policy/pages/anyHost invalid',
      '/policy/reasons/0 required',
      '/policy/requiredFields duplicate',
      '/timeZone invalid',
    ]);
    expect(fieldsOf((await call('PATCH', 'sites/news', { name: null, origins: [] })).json)).toEqual([
      '/name required',
      '/origins required',
    ]);
  });

  it('go only when named twice, with everything in them', async () => {
    await call('POST', 'sites', {
      id: 'gone',
      name: 'Gone',
      origins: [ORIGIN],
      policy: { moderation: 'none' },
    });
    const posted = await service.call({
      method: 'POST',
      path: '/v1/sites/gone/comments',
      body: commentBody(),
    });
    const { comment } = posted.json as { comment: { id: string } };
    expect(fieldsOf((await call('DELETE', 'sites/gone')).json)).toEqual(['?confirm required']);
    expect(fieldsOf((await call('DELETE', 'sites/gone?confirm=news')).json)).toEqual(['?confirm invalid']);
    const removed = await call('DELETE', 'sites/gone?confirm=gone');
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await call('GET', 'sites/gone')).status).toBe(404);
    expect((await service.call({ path: `/v1/comments/${comment.id}` })).status).toBe(404);
  });

  it('are listed newest first, within the caller’s scope', async () => {
    for (const id of ['one', 'two']) await call('POST', 'sites', { id, name: id, origins: [ORIGIN] });
    const seen: string[] = [];
    let cursor = '';
    do {
      const slice = (await call('GET', `sites?limit=1${cursor}`)).json as {
        items: { id: string }[];
        total: number;
        nextCursor: string | null;
      };
      expect(slice.total).toBe(3);
      seen.push(...slice.items.map(({ id }) => id));
      cursor = slice.nextCursor === null ? '' : `&cursor=${slice.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['two', 'one', 'news']);
    expect(fieldsOf((await call('GET', 'sites?limit=201&cursor=x')).json)).toEqual([
      '?cursor invalid',
      '?limit out-of-range',
    ]);
  });
});

describe('tokens', () => {
  it('are shown once, listed without their secret, and open nothing once taken away', async () => {
    const made = await call('POST', 'tokens', { name: 'Desk', role: 'moderator', sites: ['news'] });
    const { id, token, hint } = made.json as { id: string; token: string; hint: string };
    expect(made.headers.location).toBe(`/v1/admin/tokens/${id}`);
    expect(token.endsWith(hint)).toBe(true);
    const headers = { authorization: `Bearer ${token}` };
    expect((await service.call({ path: '/v1/moderation/queue', headers })).status).toBe(200);
    for (const path of ['tokens', `tokens/${id}`])
      expect((await call('GET', path)).text).not.toContain(token);
    expect((await call('DELETE', `tokens/${id}`)).status).toBe(204);
    expect((await service.call({ path: '/v1/moderation/queue', headers })).status).toBe(401);
    expect((await call('DELETE', `tokens/${id}`)).status).toBe(404);
  });

  it('expire', async () => {
    let now = Date.now();
    const later = await service.another({ clock: { now: () => now } });
    const expiresAt = new Date(now + 60_000).toISOString();
    const made = await later.call({
      method: 'POST',
      path: '/v1/admin/tokens',
      headers: ADMIN,
      body: { name: 'Short', role: 'moderator', sites: ['*'], expiresAt },
    });
    expect(made.json).toMatchObject({ expiresAt });
    const headers = { authorization: `Bearer ${(made.json as { token: string }).token}` };
    const ask = async () => (await later.call({ path: '/v1/moderation/counts', headers })).status;
    expect(await ask()).toBe(200);
    now += 60_000;
    expect(await ask()).toBe(401);
    await later.stop();
  });

  it('name every bad field at once, a moment that has passed among them', async () => {
    const bad = { name: '', role: 'root', sites: [], expiresAt: 'soon' };
    expect(fieldsOf((await call('POST', 'tokens', bad)).json)).toEqual([
      '/expiresAt invalid',
      '/name required',
      '/role invalid',
      '/sites required',
    ]);
    const past = { name: 'x', role: 'admin', sites: ['*'], expiresAt: '2020-01-01T00:00:00Z' };
    expect(fieldsOf((await call('POST', 'tokens', past)).json)).toEqual(['/expiresAt out-of-range']);
  });

  it('reach no further than their sites: a local admin sees and makes nothing beyond', async () => {
    const made = await call('POST', 'tokens', { name: 'Local', role: 'admin', sites: ['news'] });
    const local = { authorization: `Bearer ${(made.json as { token: string }).token}` };
    expect((await call('GET', 'sites', undefined, local)).json).toMatchObject({
      total: 1,
      items: [{ id: 'news' }],
    });
    expect((await call('GET', 'sites/one', undefined, local)).status).toBe(404);
    expect((await call('POST', 'sites', { id: 'new', name: 'New', origins: [ORIGIN] }, local)).status).toBe(
      403,
    );
    const wide = (await call('POST', 'tokens', { name: 'Wide', role: 'admin', sites: ['*'] })).json as {
      id: string;
    };
    expect((await call('GET', `tokens/${wide.id}`, undefined, local)).status).toBe(404);
    expect((await call('DELETE', `tokens/${wide.id}`, undefined, local)).status).toBe(404);
  });

  it('make none that outlasts them', async () => {
    const [soon, later] = [60_000, 120_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const given = { name: 'Brief', role: 'admin', sites: ['news'] };
    const made = await call('POST', 'tokens', { ...given, expiresAt: soon });
    const brief = { authorization: `Bearer ${(made.json as { token: string }).token}` };
    const ends = [undefined, null, later, soon];
    const statuses = await Promise.all(
      ends.map(async (expiresAt) => (await call('POST', 'tokens', { ...given, expiresAt }, brief)).status),
    );
    expect(statuses).toEqual([403, 403, 403, 201]);
  });
});

describe('aliases', () => {
  const path = 'sites/news/pages/aliases';
  const total = async (url: string) =>
    (
      (await service.call({ path: `/v1/sites/news/comments?page=${encodeURIComponent(url)}` })).json as {
        total: number;
      }
    ).total;

  it('join another address to a page, its comments too, and part it again', async () => {
    await call('PATCH', 'sites/news', { policy: { moderation: 'none' }, origins: ['https://news.example'] });
    for (const url of [`${ORIGIN}/old`, `${ORIGIN}/new`]) {
      await service.call({
        method: 'POST',
        path: '/v1/sites/news/comments',
        body: commentBody({ page: { url } }),
      });
    }
    const joined = await call('POST', path, { alias: `${ORIGIN}/old`, page: `${ORIGIN}/new` });
    expect([joined.status, joined.json]).toEqual([201, { added: 1, moved: 1, errors: [] }]);
    expect([await total(`${ORIGIN}/old`), await total(`${ORIGIN}/new`)]).toEqual([2, 2]);
    await call('POST', path, { alias: 'https://short.example/x', page: `${ORIGIN}/new` });
    expect(await total('https://short.example/x')).toBe(2);
    expect((await call('GET', path)).json).toMatchObject({
      total: 2,
      items: [
        { alias: 'https://short.example/x' },
        { alias: 'https://news.example/old', page: 'https://news.example/new' },
      ],
      nextCursor: null,
    });
    const alias = encodeURIComponent('https://short.example/x/');
    expect((await call('DELETE', `${path}?alias=${alias}`)).status).toBe(204);
    expect(await total('https://short.example/x')).toBe(0);
    expect((await call('DELETE', `${path}?alias=${alias}`)).status).toBe(404);
  });

  it('are joined in the order of the call, whichever page is found first', async () => {
    const slow = await service.another({
      deps: (deps) => ({
        ...deps,
        sites: {
          ...deps.sites,
          async findPage(site, reference) {
            if (reference.endsWith('/first')) await new Promise((resolve) => setTimeout(resolve, 50));
            return deps.sites.findPage(site, reference);
          },
        },
      }),
    });
    const [first, second] = [`${ORIGIN}/first`, `${ORIGIN}/second`];
    const aliases = [
      { alias: second, page: first },
      { alias: first, page: second },
    ];
    const body = { aliases };
    const joined = await slow.call({ method: 'POST', path: `/v1/admin/${path}`, headers: ADMIN, body });
    expect(joined.json).toMatchObject({
      added: 1,
      errors: [{ pointer: '/aliases/1/alias', code: 'invalid' }],
    });
    await slow.stop();
  });

  it('refuse loops and addresses that are none', async () => {
    expect(fieldsOf((await call('POST', path, {})).json)).toEqual(['/alias required', '/page required']);
    const bad = { alias: 'nothing', page: 'https://other.example/' };
    expect(fieldsOf((await call('POST', path, bad)).json)).toEqual([
      '/alias invalid-url',
      '/page not-of-site',
    ]);
    const loop = { alias: `${ORIGIN}/new`, page: `${ORIGIN}/old` };
    expect((await call('POST', path, loop)).status).toBe(422);
    expect(fieldsOf((await call('DELETE', path)).json)).toEqual(['?alias required']);
  });
});
