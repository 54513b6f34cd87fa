import type { HttpConfig } from '../../src/http/http-config.ts';
import { trustFrom } from '../../src/http/trust.ts';
import { createMemoryLimitStore } from '../../src/requests/memory-limit-store.ts';
import { expectLinear } from '../support/growth.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

let service: TestService;
let now = Date.now();
const limits = (classes: Record<string, unknown> = {}): Partial<HttpConfig> => ({
  rateLimits: { off: false, classes } as HttpConfig['rateLimits'],
});

beforeAll(async () => {
  service = await startService({ config: limits(), clock: { now: () => now } });
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'own', {
    rateLimits: { comments: { limit: 2, windowSeconds: 30 }, author: false },
  });
  await makeSite(service.deps, 'free', { rateLimits: { comments: false, author: false } });
});
afterAll(() => service.stop());
// Every test begins in windows of its own.
beforeEach(() => {
  now += 3_600_000;
});

const post = (
  site = 'news',
  options: { to?: TestService; headers?: Record<string, string>; body?: unknown } = {},
) =>
  (options.to ?? service).call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    headers: options.headers,
    body: options.body ?? {},
  });

const state = ({ status, headers }: Answer) => [
  status,
  headers['ratelimit-policy'],
  headers.ratelimit,
  headers['retry-after'],
];

it('tells on every answer of a class where the caller stands, and refuses the twenty-first', async () => {
  expect(state(await post())).toEqual([422, '"comments";q=20;w=60', '"comments";r=19;t=60', undefined]);
  now += 18_400;
  expect(state(await post())).toEqual([422, '"comments";q=20;w=60', '"comments";r=18;t=42', undefined]);
  for (let left = 17; left >= 0; left--)
    expect((await post()).headers.ratelimit).toBe(`"comments";r=${left};t=42`);
  expect(state(await post())).toEqual([429, '"comments";q=20;w=60', '"comments";r=0;t=42', '42']);
  now += 41_600;
  expect((await post()).headers.ratelimit).toBe('"comments";r=19;t=60');
});

it('carries nothing of the client in its headers, and no header of the library’s own', async () => {
  const { headers } = await post();
  const names = Object.keys(headers).filter((name) => /rate|limit|retry/i.test(name));
  expect(names.sort()).toEqual(['ratelimit', 'ratelimit-policy']);
});

it('limits an author by address, and names that class only where it refuses', async () => {
  const answers = [];
  for (let count = 0; count < 5; count++) answers.push(await post('news', { body: commentBody() }));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 429]);
  expect(state(answers[3] as Answer)).toEqual([
    201,
    '"comments";q=20;w=60',
    '"comments";r=16;t=60',
    undefined,
  ]);
  expect(state(answers[4] as Answer)).toEqual([
    429,
    '"comments";q=20;w=60, "author";q=4;w=60',
    '"comments";r=15;t=60, "author";r=0;t=60',
    '60',
  ]);
  const another = commentBody({ author: { name: 'Otto', email: 'OTTO@example.org' } });
  expect((await post('news', { body: another })).status).toBe(201);
});

it('counts each site by itself, under its own rules', async () => {
  expect(state(await post('own'))).toEqual([422, '"comments";q=2;w=30', '"comments";r=1;t=30', undefined]);
  await post('own');
  expect((await post('own')).status).toBe(429);
  expect((await post('news')).headers.ratelimit).toBe('"comments";r=19;t=60');
  expect(state(await post('free'))).toEqual([422, undefined, undefined, undefined]);
});

it('counts edits by address and moderators by token', async () => {
  const posted = await post('news', { body: commentBody() });
  const { comment, editToken } = posted.json as { comment: { id: string }; editToken: string };
  const edit = await service.call({
    method: 'PATCH',
    path: `/v1/comments/${comment.id}`,
    headers: { authorization: `Bearer ${editToken}` },
    body: { body: 'Other words' },
  });
  expect(state(edit)).toEqual([200, '"edits";q=30;w=60', '"edits";r=29;t=60', undefined]);
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'x', role: 'moderator', sites: ['*'] },
  });
  expect(token.headers.ratelimit).toBe('"moderation";r=1199;t=60');
  const desk = { authorization: `Bearer ${(token.json as { token: string }).token}` };
  const queue = (headers: Record<string, string>) => service.call({ path: '/v1/moderation/queue', headers });
  expect((await queue(desk)).headers.ratelimit).toBe('"moderation";r=1199;t=60');
  expect((await queue(ADMIN)).headers.ratelimit).toBe('"moderation";r=1198;t=60');
});

it('counts instances on one store that share their limits together, where the store does', async () => {
  const another = await service.another();
  await post();
  expect((await post('news', { to: another })).headers.ratelimit).toBe('"comments";r=18;t=60');
  await another.stop();
});

it('is off altogether where RATE_LIMITS says so, whatever sites set, and the metrics tell', async () => {
  const off = await service.another({ config: { rateLimits: { off: true } } });
  for (let count = 0; count < 5; count++)
    expect(state(await post('own', { to: off }))).toEqual([422, undefined, undefined, undefined]);
  expect((await off.call({ path: '/metrics' })).text).toMatch(/^gatehouse_rate_limits_off 1$/m);
  expect((await service.call({ path: '/metrics' })).text).toMatch(/^gatehouse_rate_limits_off 0$/m);
  await off.stop();
});

describe('behind proxies', () => {
  const from = (forwarded: string) => ({ 'x-forwarded-for': forwarded });
  const left = async (to: TestService, forwarded: string): Promise<string> => {
    const { headers } = await post('news', { to, headers: from(forwarded) });
    return /r=(\d+)/.exec(String(headers.ratelimit))?.[1] ?? '';
  };

  it('counts the socket’s address where no proxy is trusted, and warns once of the headers', async () => {
    const direct = await service.another();
    expect(await left(direct, '203.0.113.1')).toBe('19');
    expect(await left(direct, '203.0.113.2')).toBe('18');
    expect(direct.logged.filter((line) => line.includes('TRUST_PROXY'))).toHaveLength(1);
    expect(direct.logged.join()).not.toContain('203.0.113');
    await direct.stop();
  });

  it.each([1, ['127.0.0.0/8', '::1']])('counts what the trusted proxy %j saw', async (trustProxy) => {
    const behind = await service.another({ config: { ...limits(), trustProxy } });
    expect(await left(behind, '203.0.113.1')).toBe('19');
    expect(await left(behind, '203.0.113.2')).toBe('19');
    expect(await left(behind, '203.0.113.1')).toBe('18');
    // What the client wrote itself stands before what the proxy saw, and counts for nothing.
    expect(await left(behind, '198.51.100.9, 203.0.113.1')).toBe('17');
    expect(await left(behind, 'nonsense')).not.toBe('');
    expect(behind.logged.join()).not.toContain('TRUST_PROXY');
    await behind.stop();
  });

  it('counts the same where the proxy writes the client’s port as well', async () => {
    const behind = await service.another({ config: { ...limits(), trustProxy: 1 } });
    expect(await left(behind, '203.0.113.1')).toBe('19');
    expect(await left(behind, '203.0.113.1:5555')).toBe('18');
    expect(await left(behind, '203.0.113.2:5555')).toBe('19');
    expect(await left(behind, '[2001:db8:1:1::1]:443')).toBe('19');
    expect(await left(behind, '[2001:db8:1:1::2]')).toBe('18');
    expect(await left(behind, '[::ffff:203.0.113.2]:99')).toBe('18');
    await behind.stop();
  });

  it('believes everybody of a family where all of it is named', () => {
    const everybody = trustFrom(['0.0.0.0/0']);
    expect([everybody('192.0.2.1', 0), everybody('::ffff:10.0.0.1', 0), everybody('::1', 0)]).toEqual([
      true,
      true,
      false,
    ]);
    const all = trustFrom(['0.0.0.0/0', '::/0']);
    expect([all('223.0.0.1', 3), all('fd00::1', 0), all('::1', 1)]).toEqual([true, true, true]);
  });

  it('counts IPv6 by its /64', async () => {
    const behind = await service.another({ config: { ...limits(), trustProxy: 1 } });
    expect(await left(behind, '2001:db8:1:1::1')).toBe('19');
    expect(await left(behind, '2001:db8:1:1:ffff::2')).toBe('18');
    expect(await left(behind, '2001:db8:1:2::1')).toBe('19');
    await behind.stop();
  });
});

describe('the memory of one process', () => {
  it('makes room of those that have ended, then of the oldest', async () => {
    const store = createMemoryLimitStore(3);
    const hit = async (key: string, windowMs: number, now: number) =>
      (await store.hit(key, windowMs, now)).hits;
    await hit('long', 60_000, 0);
    await hit('short', 1000, 0);
    await hit('other', 60_000, 0);
    await hit('new', 60_000, 1000);
    expect([await hit('long', 60_000, 1000), await hit('other', 60_000, 1000)]).toEqual([2, 2]);
    await hit('newer', 60_000, 1001);
    expect(await hit('other', 60_000, 1001)).toBe(3);
    expect(await hit('long', 60_000, 1001)).toBe(1);
  });

  it('goes through all of its windows once a second at most, however many new addresses come', async () => {
    await expectLinear(async (windows) => {
      const store = createMemoryLimitStore(windows);
      for (let n = 0; n < windows; n++) await store.hit(`first ${n}`, 60_000, 0);
      for (let n = 0; n < windows / 20; n++) await store.hit(`next ${n}`, 60_000, 1);
    }, 100_000);
  });
});
