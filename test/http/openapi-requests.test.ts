import { startService, type TestService } from '../support/service.ts';

/** What the document says of requests: a client is made from it, and sends nothing that it does not name. */

interface Described {
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: { properties?: object } }> };
  security: object[];
}

let service: TestService;
let document: { paths: Record<string, Record<string, Described>> };
beforeAll(async () => {
  service = await startService();
  document = (await service.call({ path: '/openapi.json' })).json as typeof document;
});
afterAll(() => service.stop());

it('names the headers that a call reads, and those alone', () => {
  const read = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters }]) =>
      parameters
        .filter((parameter) => parameter.in === 'header' && parameter.name !== 'Idempotency-Key')
        .map(({ name, required }) => `${method} ${path}: ${name}${required ? ', required' : ''}`),
    ),
  );
  expect(read.sort()).toEqual([
    'get /v1/moderation/events: Last-Event-ID',
    'get /v1/sites/{site}/reader: Gatehouse-Reader',
    'post /v1/comments/{comment}/reports: Gatehouse-Reader',
    'post /v1/filters/{filter}/verdicts: webhook-id, required',
    'post /v1/filters/{filter}/verdicts: webhook-timestamp, required',
    'put /v1/comments/{comment}/vote: Gatehouse-Reader',
  ]);
  const keyed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters }) =>
      parameters.some(({ name }) => name === 'Idempotency-Key') ? [path] : [],
    ),
  );
  expect(keyed).toContain('/v1/sites/{site}/comments');
  expect(keyed).not.toContain('/v1/filters/{filter}/verdicts');
});

it('says that a comment may be read with its edit token, and need not', () => {
  expect(document.paths['/v1/comments/{comment}']?.get?.security).toEqual([{}, { bearer: [] }]);
});

it('says that metrics may want a token, and need not', () => {
  expect(document.paths['/metrics']?.get?.security).toEqual([{}, { bearer: [] }]);
});

it('names the fields of the form', () => {
  const content = document.paths['/v1/sites/{site}/form']?.post?.requestBody?.content;
  const { schema } = content?.['application/x-www-form-urlencoded'] ?? {};
  expect(Object.keys(schema?.properties ?? {})).toEqual(
    expect.arrayContaining([
      ...['author', 'email', 'url', 'comment', 'comment_parent', 'comment_post_ID', 'page', 'page_title'],
    ]),
  );
});

it('takes an Idempotency-Key with every POST of an admin', () => {
  const keyless = Object.entries(document.paths).flatMap(([path, { post }]) =>
    path.startsWith('/v1/admin/') && post && !post.parameters.some(({ name }) => name === 'Idempotency-Key')
      ? [path]
      : [],
  );
  expect(keyless).toEqual([]);
});
