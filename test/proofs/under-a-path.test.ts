import { ADMIN_TOKEN, createInstallation, type Service } from '../support/built-service.ts';
import { readHtml } from '../support/html-check.ts';
import type { Answer } from '../support/http-client.ts';

/** A path of another host, which its proxy takes off: what the service writes leads through that path again. */
const PUBLIC_URL = 'https://news.example/talk';

const installation = createInstallation({
  env: { PUBLIC_URL, RATE_LIMITS: 'off', DEMO: 'on', NODE_ENV: 'development' },
});
let service: Service;
beforeAll(async () => {
  service = await installation.start();
});
afterAll(() => installation.dispose());

/** What the proxy would pass on. */
function visit(url: string): Promise<Answer> {
  expect(url).toMatch(/^https:\/\/news\.example\/talk(?:[/?#]|$)/);
  const { pathname, search } = new URL(url);
  const headers = { Accept: 'text/html', 'Accept-Language': 'fa' };
  return service.client.send({ path: pathname.slice('/talk'.length) + search, headers });
}

/** Everything on a page that the browser loads, follows or sends to, as it resolves it. */
function targetsOf(url: string, { headers, text }: Answer): string[] {
  if (!headers['content-type']?.startsWith('text/html')) return [];
  return readHtml(text).elements.flatMap(({ name, attributes }) =>
    ['href', 'src', 'action', 'formaction']
      .map((attribute) => attributes[attribute])
      .filter((value) => value !== undefined && !(name === 'a' && /^mailto:/.test(value)))
      .map((value) => new URL(value ?? '', url).href.replace(/#.*/, '')),
  );
}

test('what is reached from the demo, the dashboard and the reference is there under the path of PUBLIC_URL', async () => {
  const queue = ['/?lang=fa', '/moderate/', '/docs', '/docs/errors', '/v1/sites/demo/thread?page=x'].map(
    (path) => PUBLIC_URL + path,
  );
  const seen = new Map<string, Answer>();
  for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
    if (seen.has(url)) continue;
    const answer = await visit(url);
    seen.set(url, answer);
    queue.push(...targetsOf(url, answer));
    if (answer.headers.location) queue.push(new URL(answer.headers.location, url).href.replace(/#.*/, ''));
  }
  const isForm = (url: string) => url.endsWith('/form');
  const missing = [...seen].filter(([url, { status }]) => (status !== 405) === isForm(url) || status === 404);
  expect(missing.map(([url, { status }]) => [url, status])).toEqual([]);
  expect([...seen.keys()].filter(isForm)).toHaveLength(2);
  expect(seen.size).toBeGreaterThan(15);
  // It is this host's to say of its subdomains, not of one of its paths.
  expect(new Set([...seen.values()].map(({ headers }) => headers['strict-transport-security']))).toEqual(
    new Set(['max-age=31536000']),
  );
});

test('a form leads back under it, and its errors stay there', async () => {
  const send = (fields: Record<string, string>): Promise<Answer> =>
    service.client.send({
      method: 'POST',
      path: '/v1/sites/demo/form',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://news.example' },
      body: new URLSearchParams({ page: `${PUBLIC_URL}/?lang=en`, author: 'Ada', ...fields }).toString(),
    });
  const wrong = await send({ comment: 'No address' });
  expect(wrong.status).toBe(422);
  const targets = targetsOf(`${PUBLIC_URL}/v1/sites/demo/form`, wrong);
  expect(targets).toContain(`${PUBLIC_URL}/v1/sites/demo/form`);
  for (const target of targets) expect(target).toMatch(/^https:\/\/news\.example\/talk\//);
  const sent = await send({ comment: 'With one', email: 'ada@readers.example' });
  expect(sent.status).toBe(303);
  expect(sent.headers.location).toMatch(
    /^https:\/\/news\.example\/talk\/\?lang=en&unapproved=\w+#comment-\w+$/,
  );
  expect((await visit(sent.headers.location ?? '')).text).toContain('your comment has arrived');
});

test('a link to a comment by its id of elsewhere leads to it under that path', async () => {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
  const site = { id: 'news', name: 'News', origins: ['https://news.example'] };
  const call = (path: string, body: string) =>
    service.client.send({ method: 'POST', path: `/v1/admin/sites${path}`, headers, body });
  expect((await call('', JSON.stringify(site))).status).toBe(201);
  const page = { url: 'https://news.example/a' };
  const line = { id: '17', page, author: { name: 'Ada' }, text: 'Hello', createdAt: '2020-01-01T00:00:00Z' };
  expect((await call('/news/imports?format=generic', JSON.stringify(line))).status).toBe(201);
  const from = `${PUBLIC_URL}/v1/sites/news/comments/legacy/17`;
  const { status, headers: sent } = await visit(from);
  expect(status).toBe(308);
  const { text } = await visit(new URL(sent.location ?? '', from).href);
  expect(JSON.parse(text)).toMatchObject({ legacyId: '17', body: { text: 'Hello' } });
});
