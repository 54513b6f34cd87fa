import type { TestService } from '../support/service.ts';
import { ADMIN, makeSite, ORIGIN, startService } from '../support/service.ts';

/** The contract: one entry for every bad field, all of them at once, whether it is its type or its sense that is bad. */

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

async function errorsOf(method: string, path: string, body?: unknown): Promise<string[]> {
  const { status, json } = await service.call({
    method,
    path,
    headers: ADMIN,
    ...(body !== undefined && { body }),
  });
  expect(status).toBe(422);
  const { errors } = json as { errors: { pointer?: string; parameter?: string; code: string }[] };
  return errors.map(({ pointer, parameter, code }) => `${pointer ?? parameter} ${code}`).sort();
}

const past = '2020-01-01T00:00:00Z';

test.each([
  [
    'a subscriber',
    '/v1/admin/webhooks',
    { url: 'mailto:x@y.example', events: ['no'], site: 'nowhere' },
    ['/events/0 invalid', '/site invalid', '/url invalid-url'],
  ],
  [
    'a filter',
    '/v1/admin/filters',
    { name: 'f', url: 'nowhere', deadlineMs: 1, sites: ['news', 'nowhere'] },
    ['/deadlineMs out-of-range', '/sites/1 invalid', '/url invalid-url'],
  ],
  [
    'a token',
    '/v1/admin/tokens',
    { name: 't', role: 'king', sites: ['*'], expiresAt: past },
    ['/expiresAt out-of-range', '/role invalid'],
  ],
  [
    'an erasure',
    '/v1/admin/privacy/erase',
    { email: 'nobody', mode: 'burn' },
    ['/email invalid-email', '/mode invalid'],
  ],
  [
    'decisions by name',
    '/v1/moderation/decisions',
    { action: 'ban', items: [{ id: 'a' }, { id: 'a' }], note: 'x'.repeat(1001) },
    ['/action invalid', '/items/1/id duplicate', '/note too-long'],
  ],
  [
    'a look-up',
    '/v1/moderation/authors/lookup',
    { site: 5, email: 'nobody' },
    ['/email invalid-email', '/site invalid'],
  ],
] as const)('%s', async (_what, path, body, errors) => {
  expect(await errorsOf('POST', path, body)).toEqual(errors);
});

test('a policy: what is no host, and thresholds that cross', async () => {
  const policy = {
    pages: { hosts: ['good.example', '*.good.example:8080', 'https://x.example', 'x; script-src *'] },
    learner: { spam: 0.2, approve: 0.8 },
    closed: 'no',
  };
  expect(await errorsOf('PATCH', '/v1/admin/sites/news', { policy })).toEqual([
    '/policy/closed invalid',
    '/policy/learner/approve out-of-range',
    '/policy/pages/hosts/2 invalid',
    '/policy/pages/hosts/3 invalid',
  ]);
});

test('a page: an address that is not the site’s beside the rest', async () => {
  const path = '/v1/admin/sites/news/pages/any';
  expect(await errorsOf('PATCH', path, { url: 'https://elsewhere.example/', closed: 'no' })).toEqual([
    '/closed invalid',
    '/url not-of-site',
  ]);
});

test('a query: a text that is no cursor beside the rest', async () => {
  const page = encodeURIComponent(`${ORIGIN}/a`);
  expect(await errorsOf('GET', `/v1/sites/news/comments?page=${page}&cursor=abc&limit=0`)).toEqual([
    'cursor invalid',
    'limit out-of-range',
  ]);
});
