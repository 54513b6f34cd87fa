import type { HeardEvent, ReaderOptions } from '../support/event-reader.ts';
import { readEvents } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** What a dashboard hears, in the shapes of the contract. */

const DASHBOARD = 'https://desk.example';

let service: TestService;
let desk: { authorization: string };
const opened: { close(): void }[] = [];

const open = async (options: ReaderOptions = {}, port = service.port) => {
  const reader = await readEvents(port, { headers: ADMIN, ...options });
  opened.push(reader);
  return reader;
};

async function post(site: string, rest: Record<string, unknown> = {}) {
  const path = `/v1/sites/${site}/comments`;
  const answer = await service.call({ method: 'POST', path, body: commentBody(rest) });
  expect(answer.status).toBe(201);
  return answer.json as { comment: { id: string }; editToken: string };
}

const decide = async (id: string, action: string) => {
  const path = `/v1/moderation/comments/${id}/decisions`;
  const answer = await service.call({ method: 'POST', path, headers: ADMIN, body: { action } });
  expect(answer.status).toBe(200);
  return answer.json as { decisionId: string };
};

async function makeToken(sites: string[], rest: object = {}) {
  const body = { name: 'A desk', role: 'moderator', sites, ...rest };
  const made = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  const { id, token } = made.json as { id: string; token: string };
  return { id, authorization: `Bearer ${token}` };
}

const isAbout = (id: string, event: string) => (heard: HeardEvent) =>
  heard.event === event && [heard.data.id, heard.data.commentId].includes(id);

beforeAll(async () => {
  service = await startService();
  for (const site of ['news', 'blog'])
    await makeSite(service.deps, site, { moderation: 'all', duplicateHours: 0 });
  const { authorization } = await makeToken(['news']);
  desk = { authorization };
});
afterEach(() => {
  for (const reader of opened.splice(0)) reader.close();
});
afterAll(() => service.stop());

describe('the head of a stream', () => {
  it('says that it is one, for one caller, not to be kept, gathered or packed', async () => {
    const { status, headers } = await open({ headers: { ...ADMIN, 'accept-encoding': 'gzip, br' } });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('content-length');
  });

  it('is all that HEAD gets', async () => {
    const answer = await service.call({ method: 'HEAD', path: '/v1/moderation/events', headers: ADMIN });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.text).toBe('');
  });

  it('lets a dashboard’s page read it, and no other', async () => {
    const ours = await open({ headers: { ...ADMIN, origin: DASHBOARD } });
    expect(ours.headers['access-control-allow-origin']).toBe(DASHBOARD);
    const other = await open({ headers: { ...ADMIN, origin: 'https://news.example' } });
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('is refused to callers without credentials, and for a site that is out of scope or not there', async () => {
    expect((await open({ headers: {} })).status).toBe(401);
    const path = '/v1/moderation/events?site=';
    for (const [site, headers] of [
      ['blog', desk],
      ['none', ADMIN],
    ] as const) {
      const answer = await service.call({ path: path + site, headers });
      expect(answer.json).toMatchObject({ status: 404, code: 'site-not-found' });
    }
    const twice = await service.call({ path: '/v1/moderation/events?site=news&site=blog', headers: ADMIN });
    expect(twice.json).toMatchObject({ status: 422, errors: [{ parameter: 'site', code: 'duplicate' }] });
  });

  it('is counted once by the limit, whatever is heard afterwards', async () => {
    const limited = await service.another({
      config: { rateLimits: { off: false, classes: { moderation: { limit: 2, windowSeconds: 3600 } } } },
    });
    const first = await open({}, limited.port);
    const { comment } = await post('news');
    await first.hears('the comment', isAbout(comment.id, 'comment'));
    expect(first.headers.ratelimit).toContain('r=1');
    expect((await open({}, limited.port)).status).toBe(200);
    expect((await open({}, limited.port)).status).toBe(429);
    await limited.stop();
  });
});

describe('what is heard', () => {
  it('a new comment as moderators get it, its decision, its undo, and the counts', async () => {
    const reader = await open({ path: '/v1/moderation/events?site=news' });
    const { comment } = await post('news', { author: { name: 'Mina', email: 'mina.canary@example.org' } });
    const heard = await reader.hears('the comment', isAbout(comment.id, 'comment'));
    const shown = await service.call({ path: '/v1/moderation/queue?limit=200&site=news', headers: ADMIN });
    const { items } = shown.json as { items: { id: string }[] };
    expect(heard.data).toEqual(items.find(({ id }) => id === comment.id));
    expect(heard.data).toMatchObject({ emailMasked: 'm...@example.org', status: 'pending', version: 1 });

    const { decisionId } = await decide(comment.id, 'spam');
    const decided = await reader.hears('the decision', isAbout(comment.id, 'decision'));
    expect(decided.data).toEqual({
      commentId: comment.id,
      status: 'spam',
      version: 2,
      action: 'spam',
      by: { kind: 'token', id: 'root', name: 'root' },
      decisionId,
      batchId: null,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    await service.call({
      method: 'POST',
      path: `/v1/moderation/decisions/${decisionId}/undo`,
      headers: ADMIN,
    });
    const undone = await reader.hears('the undo', ({ data }) => data.action === 'undo');
    expect(undone.data).toMatchObject({ commentId: comment.id, status: 'pending', version: 3 });

    const counts = await service.call({ path: '/v1/moderation/counts?site=news', headers: ADMIN });
    await eventually(() => {
      const last = reader.events.filter(({ event }) => event === 'counts').at(-1);
      expect(last?.data).toEqual({ site: 'news', ...(counts.json as object) });
    });
    expect(reader.raw()).not.toContain('mina.canary');
    for (const { id } of reader.events) expect(id).toMatch(/^\S+$/);
  });

  it('an edit by its author as the comment anew, and its deletion by its id alone', async () => {
    const reader = await open();
    const { comment, editToken } = await post('news');
    const headers = { authorization: `Bearer ${editToken}` };
    const path = `/v1/comments/${comment.id}`;
    await service.call({ method: 'PATCH', path, headers, body: { body: 'Other words' } });
    const edited = await reader.hears('the edit', ({ data }) => data.id === comment.id && data.version === 2);
    expect(edited).toMatchObject({ event: 'comment', data: { revision: 2, body: { text: 'Other words' } } });
    await service.call({ method: 'DELETE', path, headers });
    const deleted = await reader.hears('the deletion', isAbout(comment.id, 'deleted'));
    expect(deleted.data).toEqual({ commentId: comment.id });
  });

  it('a claim, and its return', async () => {
    const reader = await open();
    const by = { kind: 'moderator', id: 'm1', name: 'Mina' } as const;
    const at = Date.UTC(2026, 0, 1);
    const ids = ['c1', 'c2'];
    const one = { id: 'claim-1', type: 'claim', at, site: 'news', ids, by, until: at } as const;
    await service.deps.events.append(one);
    await reader.hears('the claim', ({ event }) => event === 'claim');
    await service.deps.events.append({ ...one, id: 'claim-2', ids: ['c1'], by: null, until: null });
    await eventually(() =>
      expect(reader.events.filter(({ event }) => event === 'claim').map(({ data }) => data)).toEqual([
        { ids, by, until: '2026-01-01T00:00:00.000Z' },
        { ids: ['c1'], by: null, until: null },
      ]),
    );
  });

  it('nothing of sites out of scope, nor of sites that were not asked for', async () => {
    const [narrow, asked] = [
      await open({ headers: desk }),
      await open({ path: '/v1/moderation/events?site=news' }),
    ];
    const elsewhere = await post('blog');
    const { comment } = await post('news');
    for (const reader of [narrow, asked]) {
      await reader.hears('the comment', isAbout(comment.id, 'comment'));
      await reader.hears('the counts', ({ event }) => event === 'counts');
      expect(reader.raw()).not.toContain(elsewhere.comment.id);
      expect(reader.raw()).not.toContain('blog');
    }
  });

  it('counts at most once a second, and the last of them true', async () => {
    const reader = await open({ headers: desk });
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      const { comment } = await post('news');
      await reader.hears('the comment', isAbout(comment.id, 'comment'));
      const seen = reader.events.filter(({ event }) => event === 'counts').length;
      while (times.length < seen) times.push(performance.now());
    }
    const span = performance.now() - (times[0] ?? 0);
    expect(times.length).toBeLessThanOrEqual(1 + Math.ceil(span / 1000));
    const counts = await service.call({ path: '/v1/moderation/counts?site=news', headers: ADMIN });
    await eventually(() => {
      const last = reader.events.filter(({ event }) => event === 'counts').at(-1);
      expect(last?.data).toEqual({ site: 'news', ...(counts.json as object) });
    });
  });

  it('a comment line every fifteen seconds', async () => {
    const reader = await open();
    await eventually(() => expect(reader.comments()).toBeGreaterThan(1));
    const before = reader.comments();
    await eventually(() => expect(reader.comments()).toBeGreaterThan(before));
  });
});
