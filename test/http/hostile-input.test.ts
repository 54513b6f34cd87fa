import fc from 'fast-check';
import { ROUTES } from '../../src/http/routes/table.ts';
import {
  anything,
  bulkLike,
  claimLike,
  commentLike,
  decisionLike,
  judgementLike,
  maybe,
  nested,
  siteLike,
} from '../support/hostile-bodies.ts';
import { isLongRun } from '../support/long-run.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** What strangers may send: whatever it is, the service answers with a problem, stores nothing, and stays up. */

let service: TestService;
let comment: string;
let author: string;
const RUNS = isLongRun ? 5000 : 2000;
const AT_ONCE = 20;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { moderation: 'all' });
  const posted = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body: commentBody() });
  const made = (posted.json as { comment: { id: string; author: { key: string } } }).comment;
  comment = made.id;
  author = made.author.key;
});
afterAll(() => service.stop());

const stored = async () => {
  const counts = await service.call({ path: '/v1/moderation/counts', headers: ADMIN });
  const sites = await service.call({ path: '/v1/admin/sites', headers: ADMIN });
  const tokens = await service.call({ path: '/v1/admin/tokens', headers: ADMIN });
  const detail = await service.call({ path: `/v1/moderation/comments/${comment}`, headers: ADMIN });
  const audit = await service.call({ path: '/v1/moderation/audit', headers: ADMIN });
  const authors = await service.call({ path: '/v1/moderation/authors', headers: ADMIN });
  return [counts.text, sites.text, tokens.text, detail.text, audit.text, authors.text];
};

interface Hostile {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

async function sendAll(requests: Hostile[]): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (let start = 0; start < requests.length; start += AT_ONCE) {
    const batch = requests.slice(start, start + AT_ONCE);
    const answers = await Promise.all(batch.map((request) => service.call(request)));
    for (const [index, { status, text }] of answers.entries()) {
      if (status >= 500)
        throw new Error(
          `${status} for ${JSON.stringify(batch[index])}: ${text} ${service.logged.join('\n')}`,
        );
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  return statuses;
}

it(`survives ${RUNS} bodies`, async () => {
  const before = await stored();
  const body = (path: string, bodies: fc.Arbitrary<unknown>, rest: Partial<Hostile> = {}) =>
    bodies.map((value): Hostile => ({ method: 'POST', path, body: JSON.stringify(value) ?? '', ...rest }));
  const json = { 'content-type': 'application/json' };
  const requests = fc.oneof(
    body('/v1/sites/news/comments', commentLike, { headers: json }),
    body('/v1/sites/news/comments', nested, { headers: json }),
    body('/v1/sites/news/comments', commentLike, { headers: { ...json, 'idempotency-key': 'k' } }),
    fc.uint8Array({ maxLength: 40 }).map(
      (bytes): Hostile => ({
        method: 'POST',
        path: '/v1/sites/news/comments',
        headers: json,
        body: Buffer.from(bytes),
      }),
    ),
    body('/v1/sites/news/comments/own', fc.oneof(nested, fc.record({ editTokens: nested })), {
      headers: json,
    }),
    body(
      '/v1/sites/news/counts',
      fc.oneof(nested, fc.record({ pages: fc.oneof(nested, fc.array(nested, { maxLength: 4 })) })),
      { headers: json },
    ),
    body(`/v1/comments/${comment}`, nested, { method: 'PATCH', headers: json }),
    body(`/v1/moderation/comments/${comment}/decisions`, fc.oneof(nested, decisionLike), {
      headers: { ...json, ...ADMIN },
    }),
    body(
      `/v1/comments/${comment}/reports`,
      fc.oneof(nested, fc.record({ reason: anything, note: maybe(anything) })),
      { headers: { ...json, 'gatehouse-reader': 'a-reader-of-this-test' } },
    ),
    body(
      `/v1/moderation/comments/${comment}`,
      fc.oneof(
        nested,
        fc.record({
          body: maybe(anything),
          author: maybe(fc.oneof(anything, fc.record({ name: anything, url: anything }))),
          version: fc.oneof(fc.double({ noInteger: true }), fc.string(), fc.constant(null), fc.constant(0)),
        }),
      ),
      { method: 'PATCH', headers: { ...json, ...ADMIN } },
    ),
    body(
      `/v1/moderation/comments/${comment}/replies`,
      fc.oneof(nested, fc.record({ body: fc.oneof(fc.integer(), fc.constant('')), approveParent: anything })),
      { headers: { ...json, ...ADMIN } },
    ),
    body(
      `/v1/moderation/comments/${comment}/highlight`,
      fc.oneof(nested, fc.record({ pinned: fc.oneof(fc.string(), fc.integer(), fc.constant(null)) })),
      { headers: { ...json, ...ADMIN } },
    ),
    body('/v1/moderation/decisions', fc.oneof(nested, bulkLike), { headers: { ...json, ...ADMIN } }),
    body('/v1/moderation/claims', fc.oneof(nested, claimLike), { headers: { ...json, ...ADMIN } }),
    body('/v1/admin/sites', fc.oneof(nested, siteLike), { headers: { ...json, ...ADMIN } }),
    body('/v1/moderation/authors/lookup', fc.oneof(nested, fc.record({ site: anything, email: anything })), {
      headers: { ...json, ...ADMIN },
    }),
    body(`/v1/moderation/authors/${author}`, fc.oneof(nested, judgementLike), {
      method: 'PATCH',
      headers: { ...json, ...ADMIN },
    }),
    body('/v1/admin/sites/news/pages/nopage', nested, { method: 'PATCH', headers: { ...json, ...ADMIN } }),
    body('/v1/admin/sites/news', siteLike, { method: 'PATCH', headers: { ...json, ...ADMIN } }),
    body(
      '/v1/admin/tokens',
      fc.oneof(
        nested,
        fc.record({ name: anything, role: fc.constant('root'), sites: nested, expiresAt: maybe(anything) }),
      ),
      { headers: { ...json, ...ADMIN } },
    ),
    body(
      '/v1/admin/sites/news/pages/aliases',
      fc.oneof(nested, fc.record({ alias: anything, page: fc.constantFrom('x', 5, null) })),
      { headers: { ...json, ...ADMIN } },
    ),
    body(
      '/v1/admin/sites/news/wordlist',
      fc.oneof(nested, fc.record({ hold: nested, reject: fc.array(anything, { maxLength: 3 }) })),
      { method: 'PUT', headers: { ...json, ...ADMIN } },
    ),
    body(
      '/v1/admin/sites/news/wordlist/preview',
      fc.oneof(nested, fc.record({ hold: nested, days: anything })),
      {
        headers: { ...json, ...ADMIN },
      },
    ),
    fc.string({ unit: 'binary', maxLength: 60 }).map(
      (text): Hostile => ({
        method: 'POST',
        path: '/v1/sites/news/form',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: text,
      }),
    ),
  );
  const statuses = await sendAll(fc.sample(requests, { numRuns: RUNS, seed: 4 }));
  expect([...statuses.keys()].filter((status) => status >= 200 && status < 300 && status !== 200)).toEqual(
    [],
  );
  expect(statuses.get(422)).toBeGreaterThan(RUNS / 2);
  expect(await stored()).toEqual(before);
});

it(`survives ${RUNS} addresses and headers`, async () => {
  const before = await stored();
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      '-1',
      '0',
      '1',
      '50',
      '1e3',
      'NaN',
      '9'.repeat(30),
      'https://news.example/a',
      'tree',
      'newest',
      '\u0000',
      '%',
      'a b',
    ),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'page',
      'pageId',
      'sort',
      'format',
      'limit',
      'cursor',
      'replyLimit',
      'focus',
      'site',
      'status',
      'author',
      'since',
      'until',
      'confirm',
      'by',
      'action',
      'commentId',
      'days',
      'alias',
      'q',
    ),
    fc.string({ maxLength: 5 }),
  );
  const escaped = value.map((text) => {
    try {
      return encodeURIComponent(text);
    } catch {
      // A lone surrogate has no escape: broken bytes are what it becomes.
      return '%ff';
    }
  });
  const part = fc.oneof(
    { weight: 9, arbitrary: escaped },
    fc.constantFrom('%', '%zz', '%ff', '%00', '..', '%2F', '%E0%A4'),
  );
  const query = fc
    .array(
      fc.tuple(name.map(encodeURIComponent), part).map((pair) => pair.join('=')),
      { maxLength: 5 },
    )
    .map((pairs) => pairs.join('&'));
  const place = fc.oneof(
    fc.constantFrom(
      '/v1/sites/news/comments',
      '/v1/sites/news/counts',
      '/v1/sites/news',
      '/v1/moderation/queue',
      '/v1/moderation/counts',
      '/v1/moderation/audit',
      '/v1/moderation/stats',
      '/v1/admin/sites',
      '/v1/admin/tokens',
      '/v1/admin/sites/news/pages',
      '/v1/moderation/authors',
      '/v1/admin/sites/news/pages/aliases',
      `/v1/comments/${comment}/replies`,
      '/v1/sites/news/thread',
    ),
    part.map((text) => `/v1/sites/${text}/comments`),
    part.map((text) => `/v1/comments/${text}`),
    part.map((text) => `/v1/moderation/decisions/${text}/undo`),
    part.map((text) => `/v1/moderation/batches/${text}/undo`),
    part.map((text) => `/v1/moderation/claims?id=${text}`),
    part.map((text) => `/v1/moderation/authors/${text}`),
    part.map((text) => `/v1/sites/news/comments/legacy/${text}`),
    part.map((text) => `/${text}`),
  );
  const printable = fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, ''));
  const headers = fc.record(
    {
      origin: printable,
      'gatehouse-reader': printable,
      accept: printable,
      'accept-encoding': printable,
      'accept-language': printable,
      'if-none-match': printable,
      'x-forwarded-for': printable,
      authorization: fc.oneof(printable, fc.constant(ADMIN.authorization)),
    },
    { requiredKeys: [] },
  );
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PROPFIND');
  const requests = fc.tuple(method, place, query, headers).map(
    ([verb, path, search, sent]): Hostile => ({
      method: verb,
      path: search === '' ? path : `${path}?${search}`,
      headers: sent,
    }),
  );
  const statuses = await sendAll(fc.sample(requests, { numRuns: RUNS, seed: 5 }));
  for (const status of [200, 204, 400, 401, 404, 405, 422]) expect(statuses.get(status)).toBeGreaterThan(0);
  expect(await stored()).toEqual(before);
});

it('takes JSON of any depth for what it is', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const keyed: Record<string, string>[] = [{}, { 'idempotency-key': 'deep' }];
  for (const headers of keyed) {
    const answer = await service.call({
      method: 'POST',
      path: '/v1/sites/news/comments',
      headers: { 'content-type': 'application/json', ...headers },
      body: `{"page":${deep},"unknown":${deep}}`,
    });
    expect(answer.status).toBe(422);
  }
});

it.each([
  ['POST', '/v1/admin/webhooks', (list: string) => `{"url":"https://a.example/","events":${list}}`],
  ['POST', '/v1/admin/filters', (list: string) => `{"name":"x","url":"https://a.example/","events":${list}}`],
  ['PATCH', '/v1/admin/sites/news', (list: string) => `{"policy":{"requiredFields":${list}}}`],
  ['POST', '/v1/moderation/decisions', (list: string) => `{"action":"spam","items":${list}}`],
  ['POST', '/v1/sites/news/counts', (list: string) => `{"pages":${list}}`],
] as const)('%s %s answers a list without an end in one word', async (method, path, bodyOf) => {
  const list = `[${'{"id":"a"},'.repeat(20_000)}{"id":"a"}]`;
  const headers = { ...ADMIN, 'content-type': 'application/json' };
  const answer = await service.call({ method, path, headers, body: bodyOf(list) });
  expect(answer.status).toBe(422);
  expect((answer.json as { errors: unknown[] }).errors).toHaveLength(1);
});

it('keeps what a client sent out of its log', () => {
  const lines = service.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  // Once, that somebody forwards without being trusted; what was forwarded is not in it.
  const others = lines.filter(({ level }) => level !== 'debug');
  expect(others.map((line) => Object.keys(line).sort())).toEqual([['level', 'message']]);
  const routes = new Set(lines.flatMap(({ route }) => (route === undefined ? [] : [route])));
  // Routes as the table has them: a few dozen, whatever thousands of addresses were asked for.
  expect([...routes].filter((route) => !ROUTES.some(({ path }) => path === route))).toEqual(['(none)']);
  const members = new Set(lines.flatMap((line) => Object.keys(line)));
  expect([...members].sort()).toEqual(['level', 'message', 'method', 'ms', 'requestId', 'route', 'status']);
});
