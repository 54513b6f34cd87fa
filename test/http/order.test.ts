import type { AppError, ProblemCode } from '../../src/errors.ts';
import type { CallOptions, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** The contract's order of checks: of everything that is wrong with a request, the first in line answers. */

let service: TestService;
let limited: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'closed', { closed: true });
  const once = { limit: 1, windowSeconds: 3600 };
  limited = await service.another({
    config: { rateLimits: { off: false, classes: { comments: once, moderation: once, author: once } } },
  });
});
afterAll(async () => {
  await limited.stop();
  await service.stop();
});

const LARGE = 'x'.repeat(300 * 1024);
const STRANGER = { origin: 'https://evil.example' };

/** A post with everything wrong from some check on: each request fails all later checks too. */
const wrongFrom: [ProblemCode, Partial<CallOptions>][] = [
  ['not-found', { path: '/v1/nothing/comments' }],
  ['method-not-allowed', { method: 'PUT', path: '/v1/sites/none/comments' }],
  ['site-not-found', { path: '/v1/sites/none/comments' }],
  ['origin-not-allowed', {}],
  ['rate-limited', { headers: {} }],
];

it.each(wrongFrom)('%s before all that follows', async (code, call) => {
  await limited.call({ method: 'POST', path: '/v1/sites/closed/comments', body: {} });
  const worst = {
    method: 'POST',
    path: '/v1/sites/closed/comments',
    headers: { ...STRANGER, 'content-type': 'text/plain' },
    body: LARGE,
  };
  const answer = await limited.call({ ...worst, ...call });
  expect((answer.json as AppError).code).toBe(code);
});

const rest: [ProblemCode, CallOptions][] = [
  [
    'too-large',
    {
      path: '/v1/sites/closed/comments',
      headers: { 'content-type': 'text/plain', 'idempotency-key': 'a b' },
      body: LARGE,
    },
  ],
  [
    'unsupported-media-type',
    {
      path: '/v1/sites/closed/comments',
      headers: { 'content-type': 'text/plain', 'idempotency-key': 'a b' },
      body: '{',
    },
  ],
  [
    'malformed-json',
    {
      path: '/v1/sites/closed/comments',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'a b' },
      body: '{',
    },
  ],
  [
    'malformed-url',
    { path: '/v1/sites/closed/comments?x=%zz', headers: { 'idempotency-key': 'a b' }, body: {} },
  ],
  [
    'validation-failed',
    { path: '/v1/sites/closed/comments', headers: { 'idempotency-key': 'a b' }, body: {} },
  ],
  ['comments-closed', { path: '/v1/sites/closed/comments', body: [] }],
];

it.each(rest)('%s next', async (code, call) => {
  const answer = await service.call({ method: 'POST', ...call });
  expect((answer.json as AppError).code).toBe(code);
});

it('fields, then the author’s own limit, then the state', async () => {
  const unlimited = await service.another({
    config: { rateLimits: { off: false, classes: { author: { limit: 1, windowSeconds: 3600 } } } },
  });
  const call = { method: 'POST', path: '/v1/sites/news/comments' };
  const first = commentBody();
  const codes = [];
  for (const body of [first, { ...first, body: '' }, first]) {
    const answer = await unlimited.call({ ...call, body });
    codes.push(answer.status === 201 ? 201 : (answer.json as AppError).code);
  }
  expect(codes).toEqual([201, 'validation-failed', 'rate-limited']);
  expect(((await service.call({ ...call, body: first })).json as AppError).code).toBe('duplicate-comment');
  await unlimited.stop();
});

it('credentials before role, role before the site, the site before everything after it', async () => {
  const made = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'desk', role: 'moderator', sites: ['*'] },
  });
  const moderator = { authorization: `Bearer ${(made.json as { token: string }).token}` };
  const ask = async (headers: Record<string, string>) => {
    const path = '/v1/admin/sites/none';
    const answer = await service.call({
      method: 'PATCH',
      path,
      headers: { ...STRANGER, ...headers },
      body: '{',
    });
    return (answer.json as AppError).code;
  };
  expect(await ask({})).toBe('unauthenticated');
  expect(await ask(moderator)).toBe('forbidden');
  expect(await ask(ADMIN)).toBe('site-not-found');
});

it('a visible comment without a token is 401 before a stranger’s origin is 403', async () => {
  const posted = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body: commentBody() });
  const { comment, editToken } = posted.json as { comment: { id: string }; editToken: string };
  const edit = (headers: Record<string, string>) =>
    service.call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { ...STRANGER, ...headers },
      body: '{',
    });
  expect(((await edit({})).json as AppError).code).toBe('unauthenticated');
  expect(((await edit({ authorization: `Bearer ${editToken}` })).json as AppError).code).toBe(
    'origin-not-allowed',
  );
});
