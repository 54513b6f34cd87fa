import type { FilterRunner } from '../../src/filters/runner.ts';
import type { FakeAkismet } from '../support/fake-akismet.ts';
import { AKISMET_KEY, ALWAYS_SPAM, startFakeAkismet } from '../support/fake-akismet.ts';
import type { Behaviour, FilterServer, Heard } from '../support/filters.ts';
import { isSignedBy, makeFilter, says, startErrands, startFilter } from '../support/filters.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** What filters are asked later, once more, and told: by the part of the process that does it. */
let service: TestService;
let akismet: FakeAkismet;
let runner: FilterRunner;
const servers: FilterServer[] = [];
let sites = 0;

beforeAll(async () => {
  akismet = await startFakeAkismet();
  service = await startService({ deps: (deps) => ({ ...deps, akismetUrl: akismet.url }) });
  runner = startErrands(service.deps);
});
afterAll(async () => {
  await runner.stop();
  await Promise.all(servers.map((server) => server.stop()));
  await service.stop();
  await akismet.stop();
});

async function listen(behave: Behaviour): Promise<FilterServer> {
  const server = await startFilter(behave);
  servers.push(server);
  return server;
}

async function freshSite(): Promise<string> {
  sites += 1;
  await makeSite(service.deps, `site${sites}`);
  return `site${sites}`;
}

async function post(
  site: string,
  rest: Record<string, unknown> = {},
): Promise<{ id: string; editToken: string }> {
  const sent = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(rest),
  });
  const { comment, editToken } = sent.json as { comment: { id: string }; editToken: string };
  return { id: comment.id, editToken };
}

const staff = (path: string, body?: unknown) => service.call({ method: 'POST', path, headers: ADMIN, body });
async function decide(id: string, action: string): Promise<string> {
  const { json } = await staff(`/v1/moderation/comments/${id}/decisions`, { action });
  return (json as { decisionId: string }).decisionId;
}
async function statusOf(id: string): Promise<string> {
  const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  return (json as { status: string }).status;
}
const becomes = (id: string, status: string): Promise<unknown> =>
  until(`${status} of a comment`, async () => (await statusOf(id)) === status);

const about = (type: string, id: string) => (heard: Heard) =>
  heard.json.type === type && heard.json.data.commentId === id;
const hears = (server: FilterServer, type: string, id: string): Promise<Heard> =>
  until(`${type} at a filter`, () => server.heard.find(about(type, id)));

it('an asynchronous filter is asked once the comment is stored, and its answer counts', async () => {
  const site = await freshSite();
  const server = await listen(says({ verdict: 'spam', labels: ['casino'] }));
  const { secret } = await makeFilter(service, {
    url: server.url,
    sites: [site],
    mode: 'async',
    onFailure: 'publish',
  });
  const { id } = await post(site);
  await becomes(id, 'spam');
  const heard = await hears(server, 'comment.check', id);
  expect(isSignedBy(heard, secret)).toBe(true);
  expect(heard.json.data).toMatchObject({ revision: 1, site, context: { edit: false } });
});

it('a filter that failed is asked again, under the same id, until it answers', async () => {
  const site = await freshSite();
  let calls = 0;
  const server = await listen((heard, response) => {
    calls += 1;
    if (calls < 3) response.writeHead(503).end();
    else says({ verdict: 'ham' })(heard, response);
  });
  await makeFilter(service, { url: server.url, sites: [site], events: ['comment.check'] });
  const { id } = await post(site);
  await becomes(id, 'approved');
  expect(new Set(server.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(server.heard).toHaveLength(3);
});

it('what a process that ended had still to ask is asked by the next one', async () => {
  const site = await freshSite();
  let isUp = false;
  const server = await listen((heard, response) =>
    isUp ? says({ verdict: 'ham' })(heard, response) : response.destroy(),
  );
  await makeFilter(service, { url: server.url, sites: [site] });
  await runner.stop();
  const { id } = await post(site);
  expect(await statusOf(id)).toBe('pending');
  isUp = true;
  runner = startErrands(service.deps);
  await becomes(id, 'approved');
});

it('an answer that comes too late for a person’s word changes nothing', async () => {
  const site = await freshSite();
  const held: (() => void)[] = [];
  const server = await listen((heard, response) => {
    if (heard.json.type === 'comment.check') held.push(() => says({ verdict: 'spam' })(heard, response));
    else response.writeHead(204).end();
  });
  await makeFilter(service, { url: server.url, sites: [site], mode: 'async' });
  const { id } = await post(site);
  await until('the question', () => held.length > 0);
  await decide(id, 'approve');
  for (const go of held) go();
  await hears(server, 'comment.decided', id);
  expect(await statusOf(id)).toBe('approved');
});

it('what a person decides is told to a filter that was made under a clock that was set back since', async () => {
  let now = Date.now() + 3 * 24 * 3_600_000;
  const own = await startService({ clock: { now: () => now } });
  const errands = startErrands(own.deps);
  await makeSite(own.deps, 'ahead');
  const server = await listen((_, response) => response.writeHead(204).end());
  await makeFilter(own, { url: server.url, sites: ['ahead'], events: ['comment.decided'] });
  now = Date.now();
  const sent = await own.call({ method: 'POST', path: '/v1/sites/ahead/comments', body: commentBody() });
  const { id } = (sent.json as { comment: { id: string } }).comment;
  const path = `/v1/moderation/comments/${id}/decisions`;
  await own.call({ method: 'POST', path, headers: ADMIN, body: { action: 'spam' } });
  await hears(server, 'comment.decided', id);
  await errands.stop();
  await own.stop();
});

it('what a person decides, and takes back, is told with what the filter itself had said', async () => {
  const site = await freshSite();
  const server = await listen(says({ verdict: 'ham', score: 0.2, labels: ['x'], reason: 'fine' }));
  await makeFilter(service, { url: server.url, sites: [site] });
  const { id } = await post(site, { body: 'سلام' });
  const decisionId = await decide(id, 'spam');
  const { json } = await hears(server, 'comment.decided', id);
  expect(json.data).toMatchObject({
    commentId: id,
    revision: 1,
    version: 2,
    site,
    body: { text: 'سلام' },
    status: 'spam',
    label: 'spam',
    undone: false,
    decision: { id: decisionId, action: 'spam' },
    yours: { verdict: 'ham', score: 0.2, labels: ['x'], reason: 'fine' },
  });
  expect(JSON.stringify(json)).not.toContain('example.org');
  await staff(`/v1/moderation/decisions/${decisionId}/undo`);
  const undone = await until('the undo', () => server.heard.find((heard) => heard.json.data.undone === true));
  expect(undone.json.data).toMatchObject({ status: 'approved', label: 'spam', version: 3 });
  await decide(id, 'reject');
  const rejected = await until('a rejection', () =>
    server.heard.find(({ json: { data } }) => data.status === 'rejected'),
  );
  expect(rejected.json.data.label).toBeNull();
});

it('past decisions are sent again to a filter that is new', async () => {
  const site = await freshSite();
  const since = new Date().toISOString();
  const [approved, undone, edited] = [await post(site), await post(site), await post(site)];
  await decide(approved.id, 'approve');
  await staff(`/v1/moderation/decisions/${await decide(undone.id, 'spam')}/undo`);
  await decide(edited.id, 'spam');
  const server = await listen((_, response) => void response.writeHead(204).end());
  const { id } = await makeFilter(service, { url: server.url, sites: [site] });
  const begun = await staff(`/v1/admin/filters/${id}/replay`, { since });
  expect(begun.status).toBe(202);
  await hears(server, 'comment.decided', approved.id);
  await hears(server, 'comment.decided', edited.id);
  expect(server.heard.map(({ json }) => json.data.label).sort()).toEqual(['ham', 'spam']);
  const wrong = await staff(`/v1/admin/filters/${id}/replay`, { since, until: '2020-01-01T00:00:00Z' });
  expect(wrong.json).toMatchObject({ errors: [{ pointer: '/until', code: 'out-of-range' }] });
  const path = `/v1/admin/filters/${id}`;
  await service.call({ method: 'PATCH', path, headers: ADMIN, body: { enabled: false } });
  const refused = await staff(`${path}/replay`, { since });
  expect([refused.status, refused.json]).toMatchObject([
    409,
    { code: 'conflict', reason: 'disabled', detail: 'The filter is disabled; enable it first.' },
  ]);
});

it('one that answers 410 is switched off', async () => {
  const site = await freshSite();
  const server = await listen((_, response) => void response.writeHead(410).end());
  const { id } = await makeFilter(service, { url: server.url, sites: [site], mode: 'async' });
  await post(site);
  await until('the end of a filter', async () => !(await service.deps.filters.find(id))?.enabled);
});

it('a test says nothing, and is signed', async () => {
  const server = await listen((_, response) => void response.writeHead(204).end());
  const { id, secret } = await makeFilter(service, { url: server.url, sites: [await freshSite()] });
  expect((await staff(`/v1/admin/filters/${id}/test`)).status).toBe(202);
  const heard = await until('the test', () => server.heard[0]);
  expect(heard.json).toMatchObject({ type: 'webhook.test', data: { filterId: id } });
  expect(isSignedBy(heard, secret)).toBe(true);
});

it('Akismet is told where a moderator disagrees, and only there', async () => {
  const site = await freshSite();
  await makeFilter(service, { kind: 'akismet', key: AKISMET_KEY, sites: [site], url: undefined });
  const [missed, wrong, right] = [
    await post(site, { author: { name: 'A', email: 'a@example.org' } }),
    await post(site, { body: 'innocent', author: { name: ALWAYS_SPAM, email: 'b@example.org' } }),
    await post(site, { author: { name: 'C', email: 'c@example.org' } }),
  ];
  await decide(right.id, 'approve');
  await decide(missed.id, 'spam');
  await decide(wrong.id, 'approve');
  const told = (call: string) => until(call, () => akismet.calls.find((one) => one.call === call));
  expect((await told('submit-spam')).fields).toMatchObject({ comment_author: 'A', comment_type: 'comment' });
  expect((await told('submit-ham')).fields).toMatchObject({
    comment_author: ALWAYS_SPAM,
    comment_content: 'innocent',
  });
  expect(akismet.calls.filter(({ call }) => call.startsWith('submit'))).toHaveLength(2);
});
