import { generateSync } from 'otplib';
import { z } from 'zod';
import { PROBLEM_STATUS } from '../../src/errors.ts';
import { problem } from '../../src/http/docs/problems.ts';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { signedIn } from '../support/people.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** The document says what the service does: every reference leads somewhere, every answer fits its schema. */

interface Response {
  content?: Record<string, object>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Response> }>>;
  components: { schemas: Record<string, object>; headers: Record<string, object> };
}

let service: TestService;
let document: Document;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  document = (await service.call({ path: '/openapi.json' })).json as Document;
});
afterAll(() => service.stop());

it('names every route of the table once, with the statuses it can answer', () => {
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(named.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const operationIds = operations.map(({ operationId }) => operationId);
  expect(new Set(operationIds).size).toBe(operationIds.length);
  const known = new Set<number>([200, 201, 202, 204, 303, 304, 308, ...Object.values(PROBLEM_STATUS)]);
  for (const { responses } of operations) {
    expect(Object.keys(responses).length).toBeGreaterThan(0);
    for (const status of Object.keys(responses)) expect(known).toContain(Number(status));
  }
});

it('refers only to schemas and headers that are there', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference,
  );
  expect(references.length).toBeGreaterThan(20);
  for (const reference of new Set(references)) {
    const [, kind, name] = /^#\/components\/(schemas|headers)\/([\w-]+)$/.exec(reference ?? '') ?? [];
    expect(Object.keys(document.components[kind as 'schemas' | 'headers'])).toContain(name);
  }
});

it('is the same text on every instance of one version', async () => {
  const another = await service.another();
  expect((await another.call({ path: '/openapi.json' })).text).toBe(
    (await service.call({ path: '/openapi.json' })).text,
  );
  await another.stop();
});

/** The schema with no member allowed that it does not name: what an answer must fit exactly. */
function exactly(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, member]) => [
        name,
        exactly(member),
      ]),
    );
    return z.strictObject(shape);
  }
  if (schema instanceof z.ZodArray) return z.array(exactly(schema.element as z.ZodType));
  if (schema instanceof z.ZodNullable) return exactly(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodUnion)
    return z.union(schema.options.map((option) => exactly(option as z.ZodType)));
  // Replies refer back to their own schema: one level is looked at.
  return schema;
}

function expectFits(answer: Answer, route: Route | undefined): void {
  const schema = route?.operation.answers[answer.status];
  if (!(schema instanceof z.ZodType)) throw new Error(`no schema for ${answer.status}: ${answer.text}`);
  const result = exactly(schema).safeParse(answer.json);
  expect(result.error?.issues).toBeUndefined();
}

it('names the code of an id from before an import that nobody has', async () => {
  const answer = await service.call({ path: '/v1/sites/news/comments/legacy/none' });
  const described = document.paths['/v1/sites/{site}/comments/legacy/{legacy}']?.get?.responses['404'];
  expect(described).toMatchObject({
    description: expect.stringContaining((answer.json as { code: string }).code),
  });
});

it.each(['/invitation', '/reset'])(
  'says that %s is a page of 404, too, where the link is void',
  async (path) => {
    const answer = await service.call({ path: `${path}?token=void` });
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(document.paths[path]?.get?.responses['404']?.content).toHaveProperty('text/html');
  },
);

it('describes the answers as they are', async () => {
  const send = async (
    method: string,
    template: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = ADMIN,
  ) => {
    const answer = await service.call({ method, path, headers, body });
    expectFits(
      answer,
      ROUTES.find((route) => route.method === method && route.path === template),
    );
    return answer.json as Record<string, never>;
  };
  const site = '/v1/sites/{site}';
  const page = `page=${encodeURIComponent(`${ORIGIN}/a`)}`;
  const root = await send('POST', `${site}/comments`, '/v1/sites/news/comments', commentBody());
  const { comment, editToken } = root as unknown as { comment: { id: string }; editToken: string };
  await send('POST', `${site}/comments`, '/v1/sites/news/comments', commentBody({ parentId: comment.id }));
  const own = { authorization: `Bearer ${editToken}` };
  await send('GET', site, '/v1/sites/news');
  await send('GET', `${site}/comments`, `/v1/sites/news/comments?${page}&focus=${comment.id}&replyLimit=0`);
  await send('GET', `${site}/comments`, `/v1/sites/news/comments?${page}&format=flat`);
  await send('POST', `${site}/comments/own`, '/v1/sites/news/comments/own', { editTokens: [editToken] });
  await send('GET', `${site}/counts`, `/v1/sites/news/counts?${page}&pageId=x`);
  await send('POST', `${site}/counts`, '/v1/sites/news/counts', {
    pages: ['x', { id: 'y' }, { url: null, id: 'y' }, { url: 'x', id: null }],
  });
  await send('GET', '/v1/comments/{comment}', `/v1/comments/${comment.id}`, undefined, own);
  await send('GET', '/v1/comments/{comment}', `/v1/comments/${comment.id}`);
  await send('GET', '/v1/comments/{comment}/replies', `/v1/comments/${comment.id}/replies`);
  await send('PATCH', '/v1/comments/{comment}', `/v1/comments/${comment.id}`, { body: 'Other words' }, own);
  const decided = await send(
    'POST',
    '/v1/moderation/comments/{comment}/decisions',
    `/v1/moderation/comments/${comment.id}/decisions`,
    { action: 'spam' },
  );
  const { decisionId } = decided as unknown as { decisionId: string };
  await send(
    'POST',
    '/v1/moderation/decisions/{decision}/undo',
    `/v1/moderation/decisions/${decisionId}/undo`,
  );
  const at = '/v1/moderation/comments/{comment}';
  await send(
    'POST',
    '/v1/comments/{comment}/reports',
    `/v1/comments/${comment.id}/reports`,
    { reason: 'spam', note: 'a note' },
    {} as typeof ADMIN,
  );
  await send('PATCH', at, `/v1/moderation/comments/${comment.id}`, { body: 'Edited', version: 4 });
  await send('POST', `${at}/replies`, `/v1/moderation/comments/${comment.id}/replies`, { body: 'Answered' });
  await send('POST', `${at}/email`, `/v1/moderation/comments/${comment.id}/email`);
  await send('POST', `${at}/highlight`, `/v1/moderation/comments/${comment.id}/highlight`, { pinned: true });
  await send('GET', '/v1/moderation/audit', '/v1/moderation/audit');
  await send('GET', '/v1/moderation/stats', '/v1/moderation/stats?days=3');
  await send('GET', '/v1/moderation/queue', '/v1/moderation/queue?status=all');
  await send('GET', '/v1/moderation/counts', '/v1/moderation/counts');
  await send('GET', '/v1/moderation/comments/{comment}', `/v1/moderation/comments/${comment.id}`);
  const bearer = await send('POST', '/v1/admin/tokens', '/v1/admin/tokens', {
    name: 'x',
    role: 'admin',
    sites: ['*'],
  });
  await send('GET', '/v1/admin/tokens', '/v1/admin/tokens');
  await send('GET', '/v1/admin/tokens/{token}', `/v1/admin/tokens/${bearer.id}`);
  const moderators = '/v1/admin/moderators';
  const staff = { name: 'Otto', email: 'otto@staff.example', role: 'admin', sites: ['*'] };
  const account = await send('POST', moderators, moderators, staff);
  await send('GET', moderators, moderators);
  await send('GET', `${moderators}/{moderator}`, `${moderators}/${account.id}`);
  await send('PATCH', `${moderators}/{moderator}`, `${moderators}/${account.id}`, { name: 'Otto B.' });
  const invite = await send('POST', `${moderators}/{moderator}/invite`, `${moderators}/${account.id}/invite`);
  const password = 'a long enough password';
  const token = (link: unknown) => new URL(String(link)).searchParams.get('token');
  await send('POST', '/v1/invitations', '/v1/invitations', { token: token(invite.inviteUrl), password });
  const reset = await send('POST', `${moderators}/{moderator}/reset`, `${moderators}/${account.id}/reset`);
  await send('POST', '/v1/resets', '/v1/resets', { token: token(reset.resetUrl), password });
  await send('POST', '/v1/sessions', '/v1/sessions', { email: staff.email, password });
  const session = await signedIn(service, staff.email);
  await send('GET', '/v1/me', '/v1/me', undefined, session);
  await send('PATCH', '/v1/me', '/v1/me', { locale: 'fa' }, session);
  const { secret } = await send('POST', '/v1/me/totp', '/v1/me/totp', undefined, session);
  await send(
    'PUT',
    '/v1/me/totp',
    '/v1/me/totp',
    { code: generateSync({ secret: String(secret) }) },
    session,
  );
  await send('POST', '/v1/admin/sites', '/v1/admin/sites', { id: 'new', name: 'New', origins: [ORIGIN] });
  await send('GET', '/v1/admin/sites', '/v1/admin/sites');
  await send('GET', '/v1/admin/sites/{site}', '/v1/admin/sites/new');
  await send('PATCH', '/v1/admin/sites/{site}', '/v1/admin/sites/new', { name: 'Newer' });
  const aliases = ['/v1/admin/sites/{site}/pages/aliases', '/v1/admin/sites/news/pages/aliases'] as const;
  await send('POST', ...aliases, { alias: 'https://s.example/', page: `${ORIGIN}/a` });
  await send('GET', ...aliases);
  await send('GET', '/healthz', '/healthz');
  await send('GET', '/readyz', '/readyz');
});

it('names the content type of every answer, problems and pages among them, and when there is nothing new', async () => {
  const page = `page=${encodeURIComponent(`${ORIGIN}/typed`)}`;
  const send = async (method: string, template: string, path: string, more: object = {}) => {
    const answer = await service.call({ method, path, ...more });
    const described = document.paths[template]?.[method.toLowerCase()]?.responses[answer.status];
    expect([method, path, answer.status, described]).toEqual([
      method,
      path,
      answer.status,
      expect.anything(),
    ]);
    const type = String(answer.headers['content-type'] ?? '').split(';')[0];
    if (answer.text !== '') expect(Object.keys(described?.content ?? {})).toContain(type);
    return answer;
  };
  const site = '/v1/sites/{site}';
  const first = await send('GET', site, '/v1/sites/news');
  const known = { headers: { 'if-none-match': String(first.headers.etag) } };
  expect((await send('GET', site, '/v1/sites/news', known)).status).toBe(304);
  for (const path of ['/docs', '/docs/errors', '/openapi.json', '/metrics']) await send('GET', path, path);
  await send('GET', `${site}/feed.atom`, '/v1/sites/news/feed.atom');
  await send('GET', `${site}/comments`, `/v1/sites/news/comments?${page}&format=html`);
  for (const query of [page, '']) await send('GET', `${site}/thread`, `/v1/sites/news/thread?${query}`);
  await send('GET', `${site}/thread`, '/v1/sites/none/thread');
  await send('POST', `${site}/form`, '/v1/sites/news/form', { body: {} });
  await send('GET', '/v1/me', '/v1/me?x=%', { headers: ADMIN });
  for (const room of ['webhook', 'filter', 'token', 'moderator'])
    await send('GET', `/v1/admin/${room}s/{${room}}`, `/v1/admin/${room}s/none`, { headers: ADMIN });
});

it('describes all that a problem carries', async () => {
  await makeSite(service.deps, 'twice');
  const fits = (answer: Answer): void => {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(exactly(problem).safeParse(answer.json).error?.issues).toBeUndefined();
  };
  const body = commentBody();
  const post = () => service.call({ method: 'POST', path: '/v1/sites/twice/comments', body });
  const { comment } = (await post()).json as unknown as { comment: { id: string } };
  fits(await post());
  const write = (method: string, path: string, body: unknown) =>
    service.call({ method, path, headers: ADMIN, body });
  fits(
    await write('POST', `/v1/moderation/comments/${comment.id}/decisions`, { action: 'spam', version: 9 }),
  );
  fits(await write('PATCH', '/v1/admin/sites/twice', { name: 'Other', version: 9 }));
  fits(await write('POST', '/v1/admin/sites/twice/imports?format=generic', ['no', 'export']));
  fits(await write('POST', '/v1/admin/sites', {}));
});

it('tells of every problem code and field code under its own anchor', async () => {
  const { text } = await service.call({ path: '/docs/errors' });
  for (const code of Object.keys(PROBLEM_STATUS)) expect(text).toContain(`<h3 id="${code}">`);
});

it('is a page that runs nothing, and whose one style is the one its policy allows', async () => {
  const answer = await service.call({ path: '/docs' });
  expect(answer.text).not.toMatch(/<script|<link|<img|@import|url\(/);
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';.*style-src 'sha256-/);
  for (const { operation } of ROUTES) expect(answer.text).toContain(`id="${operation.name}"`);
});
