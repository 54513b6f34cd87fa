import request from 'supertest';
import type { TestService } from '../support/service.ts';
import { startService } from '../support/service.ts';

let service: TestService;
const client = () => request(`http://127.0.0.1:${service.port}`);

beforeAll(async () => {
  service = await startService({ config: { metricsToken: 'a-token-of-the-monitoring' } });
});
afterAll(() => service.stop());

test('healthz tells that the process runs, and its version', async () => {
  await client().get('/healthz').expect(200, { status: 'ok', version: '0.0.0-test' });
});

test('readyz tells that the store can be read and written', async () => {
  const { body } = await client().get('/readyz').expect(200);
  expect(body).toMatchObject({ status: 'ok' });
});

test('browsers that ask for an icon get a picture, which runs nothing', async () => {
  const { text, headers, body } = await client()
    .get('/favicon.ico')
    .expect(200)
    .expect('Content-Type', /svg/);
  expect(text ?? String(body)).toContain('<svg');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});

test('metrics want their token, and carry routes instead of addresses', async () => {
  await client()
    .get('/metrics')
    .expect(401)
    .expect('WWW-Authenticate', /Bearer/);
  await client().get('/metrics').set('Authorization', 'Bearer another').expect(401);
  await client().get('/v1/sites/nowhere-at-all/comments').expect(404);
  const { text } = await client()
    .get('/metrics')
    .set('Authorization', 'Bearer a-token-of-the-monitoring')
    .expect(200);
  expect(text).toContain('/v1/sites/{site}/comments');
  expect(text).toMatch(/^gatehouse_rate_limits_off [01]$/m);
  expect(text).not.toContain('nowhere-at-all');
});

test('openapi.json is an OpenAPI 3.1 document with every path of the readers', async () => {
  const { body } = await client().get('/openapi.json').expect(200).expect('Content-Type', /json/);
  expect(body.openapi).toMatch(/^3\.1\./);
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/v1/sites/{site}/comments', '/v1/moderation/queue', '/v1/admin/sites']),
  );
});

test.each(['/docs', '/docs/errors'])('%s is a page that loads nothing from elsewhere', async (path) => {
  const { text } = await client().get(path).expect(200).expect('Content-Type', /html/);
  expect(text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
});

test.each(['/docs/', '/docs/errors/'])(
  'what %s links to is there, with the slash at its end too',
  async (path) => {
    const { text } = await client().get(path).expect(200);
    const linked = [...text.matchAll(/href="([^"#]+)/g)].map(
      ([, href]) => new URL(href ?? '', `http://here${path}`),
    );
    expect(linked.length).toBeGreaterThan(0);
    for (const there of new Set(linked.map(({ pathname }) => pathname)))
      await client().get(there).expect(200);
  },
);
