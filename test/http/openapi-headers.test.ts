import { commentBody, makeSite, ORIGIN, startService, type TestService } from '../support/service.ts';

/** What the document says of the headers of answers: a client that is made from it knows no others. */

interface Described {
  responses: Record<string, { headers?: Record<string, { $ref: string }> }>;
}

let service: TestService;
let document: {
  paths: Record<string, Record<string, Described>>;
  components: { headers: Record<string, object> };
};
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
  document = (await service.call({ path: '/openapi.json' })).json as typeof document;
});
afterAll(() => service.stop());

it('names the headers of answers that clients go by', async () => {
  const headersOf = (method: string, path: string, status: number): string[] =>
    Object.keys(document.paths[path]?.[method]?.responses[status]?.headers ?? {});
  const limit = ['RateLimit-Policy', 'RateLimit'];
  const comments = '/v1/sites/{site}/comments';
  expect(headersOf('post', comments, 201)).toEqual(['Location', 'Idempotent-Replayed', ...limit]);
  expect(headersOf('post', comments, 429)).toEqual(['Retry-After', ...limit]);
  expect(headersOf('get', comments, 200)).toEqual(['ETag', ...limit]);
  expect(headersOf('get', comments, 304)).toEqual(['ETag', ...limit]);
  expect(headersOf('get', '/v1/moderation/queue', 401)).toEqual(['WWW-Authenticate']);
  expect(headersOf('get', '/healthz', 200)).toEqual([]);
  const referred = [...JSON.stringify(document).matchAll(/#\/components\/headers\/([\w-]+)/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(referred)].sort()).toEqual(Object.keys(document.components.headers).sort());

  const path = '/v1/sites/news/comments';
  const body = commentBody({ body: 'Said under a key' });
  const keyed = { method: 'POST', path, headers: { 'idempotency-key': 'headers' }, body };
  await service.call(keyed);
  const page = `${path}?page=${encodeURIComponent(`${ORIGIN}/a`)}`;
  for (const [answer, names] of [
    [await service.call(keyed), ['Location', 'Idempotent-Replayed']],
    [await service.call({ path: '/v1/moderation/queue' }), ['WWW-Authenticate']],
    [await service.call({ path: page }), ['ETag']],
  ] as const) {
    expect(Object.keys(answer.headers)).toEqual(
      expect.arrayContaining(names.map((name) => name.toLowerCase())),
    );
  }
});
