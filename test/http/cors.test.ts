import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, PUBLIC_URL, startService } from '../support/service.ts';

let service: TestService;
let comment: string;

beforeAll(async () => {
  service = await startService();
  await makeSite(
    service.deps,
    'news',
    {},
    { origins: [ORIGIN, 'https://*.wild.example', 'http://localhost:3000'] },
  );
  await makeSite(service.deps, 'other', {}, { origins: ['https://other.example'] });
  const posted = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body: commentBody() });
  comment = (posted.json as { comment: { id: string } }).comment.id;
});
afterAll(() => service.stop());

const LISTING = `/v1/sites/news/comments?page=${encodeURIComponent(`${ORIGIN}/a`)}`;
const allowed = async (origin: string, path = LISTING, method = 'GET') =>
  (await service.call({ method, path, headers: { origin } })).headers['access-control-allow-origin'];

it.each([ORIGIN, PUBLIC_URL, 'https://a.wild.example', 'https://a.b.wild.example', 'http://localhost:3000'])(
  'serves pages of %s',
  async (origin) => {
    // Twice: made, and from kept bytes.
    for (let time = 0; time < 2; time++) {
      const { headers } = await service.call({ path: LISTING, headers: { origin } });
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-expose-headers']).toBe(
        'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Content-Language',
      );
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      expect(headers.vary).toBe('Accept-Encoding, Origin');
    }
  },
);

it.each([
  'https://evil.example',
  'http://news.example',
  'https://news.example:8443',
  'https://wild.example',
  'null',
  'https://evilwild.example',
  '*',
])('lets pages of %s read without being able to see it, and never write', async (origin) => {
  const read = await service.call({ path: LISTING, headers: { origin } });
  expect([read.status, read.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  const write = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    headers: { origin },
    body: commentBody(),
  });
  expect([write.status, write.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});

it('lets the page read errors too', async () => {
  expect(await allowed(ORIGIN, '/v1/sites/news/comments')).toBe(ORIGIN);
  expect(await allowed(ORIGIN, '/v1/sites/news/comments', 'PUT')).toBe(ORIGIN);
  expect(await allowed(ORIGIN, '/v1/comments/none')).toBe(ORIGIN);
  expect(await allowed(ORIGIN, `/v1/comments/${comment}`, 'DELETE')).toBe(ORIGIN);
  expect(await allowed('https://other.example', `/v1/comments/${comment}`, 'DELETE')).toBeUndefined();
  expect(await allowed('https://evil.example', '/v1/comments/none')).toBeUndefined();
  expect(await allowed(PUBLIC_URL, '/v1/sites/none')).toBe(PUBLIC_URL);
});

it.each(['/v1/sites/news/comments', '/v1/sites/news/counts', 'comment'])(
  'answers a preflight of %s',
  async (where) => {
    const path = where === 'comment' ? `/v1/comments/${comment}` : where;
    const ask = (origin: string) =>
      service.call({ method: 'OPTIONS', path, headers: { origin, 'access-control-request-method': 'POST' } });
    const { status, headers, text } = await ask(ORIGIN);
    expect([status, text, headers['content-length']]).toEqual([204, '', undefined]);
    expect(headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(headers['access-control-max-age']).toBe('86400');
    expect(headers['access-control-allow-methods']).toMatch(where === 'comment' ? /PATCH, DELETE/ : /POST/);
    for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key']) {
      expect(headers['access-control-allow-headers']).toContain(name);
    }
    const refused = await ask('https://evil.example');
    expect(refused.status).toBe(204);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    expect(refused.headers['access-control-allow-methods']).toBeUndefined();
  },
);

it('opens the moderators’ part to the dashboards’ origins only', async () => {
  const path = '/v1/moderation/queue';
  const ask = (origin: string) => service.call({ path, headers: { ...ADMIN, origin } });
  expect((await ask('https://desk.example')).headers['access-control-allow-origin']).toBe(
    'https://desk.example',
  );
  const preflight = await service.call({
    method: 'OPTIONS',
    path: '/v1/moderation/events',
    headers: { origin: 'https://desk.example', 'access-control-request-method': 'GET' },
  });
  // A page that reads the live stream by fetch says itself where it left off.
  expect(preflight.headers['access-control-allow-headers']).toContain('Last-Event-ID');
  const fromSite = await ask(ORIGIN);
  expect([fromSite.status, fromSite.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  const write = await service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${comment}/decisions`,
    headers: { ...ADMIN, origin: ORIGIN },
    body: { action: 'approve' },
  });
  expect(write.status).toBe(403);
});

it('knows this machine by either of its names, at the same port', async () => {
  const local = await service.another({ config: { publicUrl: 'http://127.0.0.1:8080' } });
  const signIn = async (origin: string) => {
    const body = { email: 'nobody@example.org', password: 'no such password' };
    return (await local.call({ method: 'POST', path: '/v1/sessions', headers: { origin }, body })).status;
  };
  const post = async (origin: string) => {
    const path = '/v1/sites/news/comments';
    return (await local.call({ method: 'POST', path, headers: { origin }, body: commentBody() })).status;
  };
  for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080'])
    expect([await signIn(origin), await post(origin)]).toEqual([401, 201]);
  for (const origin of ['http://localhost:8081', 'https://localhost:8080', 'http://[::1]:8080'])
    expect([await signIn(origin), await post(origin)]).toEqual([403, 403]);
  await local.stop();
});

it('hides what an origin is served once a site takes it off its list', async () => {
  await makeSite(service.deps, 'moving', {}, { origins: [ORIGIN, 'https://old.example'] });
  const path = '/v1/sites/moving';
  expect(await allowed('https://old.example', path)).toBe('https://old.example');
  const patch = {
    method: 'PATCH',
    path: '/v1/admin/sites/moving',
    headers: ADMIN,
    body: { origins: [ORIGIN] },
  };
  expect((await service.call(patch)).status).toBe(200);
  expect(await allowed('https://old.example', path)).toBeUndefined();
});
