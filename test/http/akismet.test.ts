import type { FakeAkismet } from '../support/fake-akismet.ts';
import { AKISMET_KEY, ALWAYS_SPAM, startFakeAkismet } from '../support/fake-akismet.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** Akismet as a filter, against a server that answers as its documentation says. */
let akismet: FakeAkismet;
let service: TestService;
let sites = 0;

beforeAll(async () => {
  akismet = await startFakeAkismet();
  service = await startService({ deps: (deps) => ({ ...deps, akismetUrl: akismet.url }) });
});
afterAll(async () => {
  await service.stop();
  await akismet.stop();
});

const make = (rest: object): Promise<Answer> =>
  service.call({
    method: 'POST',
    path: '/v1/admin/filters',
    headers: ADMIN,
    body: { kind: 'akismet', name: `Akismet ${sites}`, key: AKISMET_KEY, ...rest },
  });

async function siteWith(rest: object = {}): Promise<{ site: string; id: string }> {
  sites += 1;
  const site = `site${sites}`;
  await makeSite(service.deps, site);
  const made = await make({ sites: [site], ...rest });
  expect(made.status).toBe(201);
  return { site, id: (made.json as { id: string }).id };
}

async function post(site: string, rest: Record<string, unknown> = {}) {
  const headers = { 'user-agent': 'Browser/1.0' };
  const path = `/v1/sites/${site}/comments`;
  const sent = await service.call({ method: 'POST', path, headers, body: commentBody(rest) });
  const { id } = (sent.json as { comment: { id: string } }).comment;
  const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  return json as {
    id: string;
    status: string;
    screening: { phase: string; outcome: string; code: string; filter: object }[];
  };
}

const lastFields = (): Record<string, string> => akismet.calls.at(-1)?.fields ?? {};

it('the key is verified before the filter is made, and never read back', async () => {
  const wrong = await make({ key: 'wrong' });
  expect([wrong.status, wrong.json]).toMatchObject([422, { errors: [{ pointer: '/key', code: 'invalid' }] }]);
  const { id } = await siteWith();
  const shown = await service.call({ path: `/v1/admin/filters/${id}`, headers: ADMIN });
  expect(shown.json).toMatchObject({ kind: 'akismet', url: null, disclose: [], mode: 'sync' });
  expect(shown.text).not.toContain(AKISMET_KEY);
  const patch = { url: 'https://a.example/' };
  const odd = await service.call({
    method: 'PATCH',
    path: `/v1/admin/filters/${id}`,
    headers: ADMIN,
    body: patch,
  });
  expect(odd.json).toMatchObject({ errors: [{ pointer: '/url', code: 'invalid' }] });
});

it('asks with the documented fields, and an address that stands for the author', async () => {
  const { site } = await siteWith();
  const stored = await post(site, {
    body: 'سلام به همه',
    author: { name: 'Mina', email: 'mina@example.org', url: 'https://mina.example/' },
  });
  expect(stored.status).toBe('approved');
  const { user_ip, ...fields } = lastFields();
  expect(fields).toEqual({
    api_key: AKISMET_KEY,
    blog: 'https://news.example',
    permalink: 'https://news.example/a',
    comment_type: 'comment',
    comment_author: 'Mina',
    comment_author_url: 'https://mina.example/',
    comment_content: 'سلام به همه',
    comment_date_gmt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    blog_lang: 'en',
    blog_charset: 'UTF-8',
  });
  expect(user_ip).toMatch(/^fd[0-9a-f]{2}(:[0-9a-f]{4}){7}$/);
  await post(site);
  expect(lastFields().user_ip).toBe(user_ip);
  await post(site, { author: { name: 'Mina', email: 'other@example.org' } });
  expect(lastFields().user_ip).not.toBe(user_ip);
});

it('discloses what its admin has named, says so to readers, and stands in the audit', async () => {
  const { site, id } = await siteWith({ disclose: ['userAgent', 'email', 'ip'] });
  await post(site);
  expect(lastFields()).toMatchObject({
    user_ip: expect.stringMatching(/127\.0\.0\.1$/),
    user_agent: 'Browser/1.0',
    comment_author_email: 'mina@example.org',
  });
  const shares = async () =>
    ((await service.call({ path: `/v1/sites/${site}` })).json as { shares: string[] }).shares;
  const page = encodeURIComponent('https://news.example/a');
  const threadPage = async () => (await service.call({ path: `/v1/sites/${site}/thread?page=${page}` })).text;
  const said = /given: your IP address, your email address, and your browser’s name\./;
  expect(await shares()).toEqual(['ip', 'email', 'userAgent']);
  expect(await threadPage()).toMatch(said);
  const body = { disclose: null };
  await service.call({ method: 'PATCH', path: `/v1/admin/filters/${id}`, headers: ADMIN, body });
  expect(await shares()).toEqual([]);
  expect(await threadPage()).not.toMatch(said);
  await post(site);
  expect(Object.keys(lastFields())).not.toContain('comment_author_email');
  const audit = await service.call({ path: `/v1/moderation/audit?site=${site}`, headers: ADMIN });
  expect((audit.json as { items: { note: string }[] }).items.map(({ note }) => note)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('is told ip, email, userAgent'),
      expect.stringContaining('is told nothing'),
    ]),
  );
});

it.each([
  [
    'true',
    { author: { name: ALWAYS_SPAM, email: 'a@example.org' } },
    'spam',
    { outcome: 'spam', filter: { labels: [] } },
  ],
  [
    'true with the tip to discard',
    { body: 'discard me', author: { name: ALWAYS_SPAM, email: 'b@example.org' } },
    'spam',
    { outcome: 'spam', filter: { labels: ['discard'] } },
  ],
  ['false', {}, 'approved', { outcome: 'pass' }],
])('reads %s', async (_, body, status, said) => {
  const { site } = await siteWith();
  const stored = await post(site, body);
  expect(stored.status).toBe(status);
  expect(stored.screening.at(-1)).toMatchObject(said);
});

it('anything else is a failure', async () => {
  const { site, id } = await siteWith();
  const filter = await service.deps.filters.find(id);
  if (!filter) throw new Error('the filter is gone');
  const { sealSecret } = await import('../../src/filters/secret.ts');
  const secret = sealSecret(service.deps, id, 'revoked');
  await service.deps.filters.replace({ ...filter, secret, version: 2 }, 1);
  const stored = await post(site);
  expect(stored.status).toBe('pending');
  expect(stored.screening.at(-1)).toMatchObject({ outcome: 'error', code: 'filter-answer' });
});
