import type { ProblemCode } from '../../src/errors.ts';
import { PROBLEM_STATUS, storeUnavailable } from '../../src/errors.ts';
import { createSite } from '../../src/sites/manage.ts';
import { createErrorDesk } from '../support/error-desk.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** Every row of the contract's error table that a request can reach in this version, by request and exact answer. */

let service: TestService;
let now = Date.now();
let moderator: Record<string, string>;

const { post, posted, decide, says, said } = createErrorDesk(() => service);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Said by calls whose own tests go through them: filters' verdicts, and posts of banned authors. */
const ELSEWHERE: ProblemCode[] = ['bad-signature', 'author-banned'];

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'held', { moderation: 'all' });
  await makeSite(service.deps, 'closed', { closed: true });
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'desk', role: 'moderator', sites: ['news'] },
  });
  moderator = bearer((token.json as { token: string }).token);
});
afterAll(() => service.stop());

describe('400', () => {
  it.each([
    ['broken syntax', '{"body":'],
    ['nothing at all', ''],
    ['NaN', '{"elapsedMs":NaN}'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('malformed-json for %s', async (_what, body) => {
    says(await post(body, { headers: { 'content-type': 'application/json' } }), 'malformed-json');
  });

  it('malformed-json for no body and no type', async () => {
    says(await service.call({ method: 'POST', path: '/v1/sites/news/comments' }), 'malformed-json');
  });

  it.each([
    '/v1/sites/news/comments?page=%zz',
    '/v1/sites/news/comments?page=%ff',
    '/v1/sites/%E0%A4%A',
    '/v1/comments/%',
  ])('malformed-url for %s', async (path) => says(await service.call({ path }), 'malformed-url'));
});

describe('401 and 403', () => {
  it.each([undefined, 'Bearer wrong', 'Basic cm9vdDpyb290', 'Bearer'])(
    'unauthenticated with Authorization %s',
    async (authorization) => {
      const answer = await service.call({
        path: '/v1/moderation/queue',
        headers: authorization ? { authorization } : {},
      });
      says(answer, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    },
  );

  it('unauthenticated for an edit without the right token, where the comment is visible', async () => {
    const { comment } = await posted();
    const other = await posted();
    for (const headers of [{}, bearer(other.editToken)]) {
      const answer = await service.call({
        method: 'PATCH',
        path: `/v1/comments/${comment.id}`,
        headers,
        body: { body: 'x' },
      });
      says(answer, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('votes-off where the site takes none', async () => {
    await makeSite(service.deps, 'voteless', { votes: 'off' });
    const path = `/v1/comments/${(await posted('voteless')).comment.id}/vote`;
    says(await service.call({ method: 'PUT', path, body: { value: 1 } }), 'votes-off');
  });

  it('reports-off where the site takes none', async () => {
    await makeSite(service.deps, 'unreported', { reports: false });
    const { comment } = await posted('unreported');
    const path = `/v1/comments/${comment.id}/reports`;
    says(await service.call({ method: 'POST', path, body: { reason: 'spam' } }), 'reports-off');
  });

  it('forbidden for a moderator who would administer, and for a grant of more than one has', async () => {
    says(await service.call({ path: '/v1/admin/sites', headers: moderator }), 'forbidden');
    const admin = await service.call({
      method: 'POST',
      path: '/v1/admin/tokens',
      headers: ADMIN,
      body: { name: 'local', role: 'admin', sites: ['news'] },
    });
    const local = bearer((admin.json as { token: string }).token);
    const wider = { name: 'wider', role: 'admin', sites: ['news', 'held'] };
    says(
      await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: local, body: wider }),
      'forbidden',
    );
  });

  it('comments-closed where the site takes none, before any field is looked at', async () => {
    says(
      await service.call({ method: 'POST', path: '/v1/sites/closed/comments', body: {} }),
      'comments-closed',
    );
  });

  it('origin-not-allowed for a write from a page of strangers', async () => {
    says(await post(commentBody(), { headers: { origin: 'https://evil.example' } }), 'origin-not-allowed');
    says(await post(commentBody(), { headers: { origin: 'null' } }), 'origin-not-allowed');
  });

  it('edit-window-closed once editableUntil has passed', async () => {
    const { comment, editToken } = await posted();
    now += 900_000;
    const call = { path: `/v1/comments/${comment.id}`, headers: bearer(editToken) };
    says(await service.call({ ...call, method: 'PATCH', body: { body: 'x' } }), 'edit-window-closed');
    says(await service.call({ ...call, method: 'DELETE' }), 'edit-window-closed');
  });
});

describe('404 and 405', () => {
  it.each(['/', '/nothing', '/v1', '/v1/sites', '/v1/sites/news/newest', '/v1/Sites/news', '/%zz'])(
    'not-found for %s',
    async (path) => {
      says(await service.call({ path }), 'not-found');
    },
  );

  it('not-found for a token and an alias that are not there', async () => {
    says(await service.call({ path: '/v1/admin/tokens/none', headers: ADMIN }), 'not-found');
    const path = '/v1/admin/sites/news/pages/aliases?alias=https%3A%2F%2Fnews.example%2Fnone';
    says(await service.call({ method: 'DELETE', path, headers: ADMIN }), 'not-found');
  });

  it('site-not-found for an unknown site, and for one out of scope', async () => {
    says(await service.call({ path: '/v1/sites/none/comments?page=x' }), 'site-not-found');
    says(
      await service.call({ path: '/v1/moderation/queue?site=held', headers: moderator }),
      'site-not-found',
    );
  });

  it('comment-not-found for an unknown one, a hidden one, and one out of scope', async () => {
    const { comment, editToken } = await posted('held');
    for (const path of [
      '/v1/comments/none',
      `/v1/comments/${comment.id}`,
      `/v1/comments/${comment.id}/replies`,
    ]) {
      says(await service.call({ path }), 'comment-not-found');
    }
    says(await service.call({ method: 'DELETE', path: `/v1/comments/${comment.id}` }), 'comment-not-found');
    says(
      await service.call({ path: `/v1/moderation/comments/${comment.id}`, headers: moderator }),
      'comment-not-found',
    );
    expect(
      (await service.call({ path: `/v1/comments/${comment.id}`, headers: bearer(editToken) })).status,
    ).toBe(200);
  });

  it.each([
    ['PUT', '/v1/sites/news/comments', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/v1/comments/x', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['DELETE', '/v1/moderation/queue', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/moderation/decisions/x/undo', 'POST, OPTIONS'],
  ])('method-not-allowed for %s %s', async (method, path, allow) => {
    const answer = await service.call({ method, path });
    says(answer, 'method-not-allowed');
    expect(answer.headers.allow).toBe(allow);
  });
});

describe('409', () => {
  it('conflict for a decision on a version that is gone, telling what stands', async () => {
    const { comment } = await posted();
    expect((await decide(comment.id, { action: 'spam', version: 1 })).status).toBe(200);
    const answer = await decide(comment.id, { action: 'approve', version: 1 });
    says(answer, 'conflict');
    expect((answer.json as { current: object }).current).toEqual({
      status: 'spam',
      version: 2,
      by: { kind: 'token', id: 'root', name: 'root' },
      at: new Date(now).toISOString(),
    });
  });

  it('conflict for a second undo and for a site’s old version', async () => {
    const { comment } = await posted();
    const { decisionId } = (await decide(comment.id, { action: 'spam' })).json as { decisionId: string };
    const undo = () =>
      service.call({ method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers: ADMIN });
    expect((await undo()).status).toBe(200);
    says(await undo(), 'conflict');
    const patch = { method: 'PATCH', path: '/v1/admin/sites/closed', headers: ADMIN };
    says(await service.call({ ...patch, body: { name: 'Other', version: 7 } }), 'conflict');
  });

  it('duplicate-comment for the same words, naming the first', async () => {
    const { comment } = await posted('news', { body: 'Said twice' });
    const answer = await post(commentBody({ body: ' said  TWICE ' }));
    says(answer, 'duplicate-comment');
    expect(answer.json).toMatchObject({ commentId: comment.id });
  });

  it('already-exists for a site of a known name', async () => {
    const body = { id: 'news', name: 'News', origins: [ORIGIN] };
    says(
      await service.call({ method: 'POST', path: '/v1/admin/sites', headers: ADMIN, body }),
      'already-exists',
    );
  });

  it('comment-deleted for a decision on what its author took away', async () => {
    const { comment, editToken } = await posted();
    const path = `/v1/comments/${comment.id}`;
    expect((await service.call({ method: 'DELETE', path, headers: bearer(editToken) })).status).toBe(204);
    says(await decide(comment.id, { action: 'approve' }), 'comment-deleted');
  });

  it('nothing-to-restore once there is no decision left to go back behind', async () => {
    const { comment } = await posted();
    const { decisionId } = (await decide(comment.id, { action: 'spam' })).json as { decisionId: string };
    await service.call({
      method: 'POST',
      path: `/v1/moderation/decisions/${decisionId}/undo`,
      headers: ADMIN,
    });
    const restored = await decide(comment.id, { action: 'restore' });
    expect(restored.status).toBe(200);
    says(await decide(comment.id, { action: 'restore' }), 'nothing-to-restore');
  });
});

describe('413 and 415', () => {
  const large = (kib: number) => JSON.stringify({ body: 'x'.repeat(kib * 1024) });

  it('too-large for a reader’s body over 256 KiB, announced or not', async () => {
    const json = { 'content-type': 'application/json' };
    says(await post(large(256), { headers: json }), 'too-large');
    says(await post(large(256), { headers: { ...json, 'transfer-encoding': 'chunked' } }), 'too-large');
    expect((await post(large(255), { headers: json })).status).toBe(422);
  });

  it('too-large for a moderator’s body over 4 MiB', async () => {
    const { comment } = await posted();
    const path = `/v1/moderation/comments/${comment.id}/decisions`;
    const headers = { ...ADMIN, 'content-type': 'application/json' };
    says(await service.call({ method: 'POST', path, headers, body: large(4096) }), 'too-large');
    expect((await service.call({ method: 'POST', path, headers, body: large(300) })).status).toBe(422);
  });

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/jsonx',
  ])('unsupported-media-type for Content-Type %s', async (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    says(await post(JSON.stringify(commentBody()), { headers }), 'unsupported-media-type');
  });

  it('unsupported-media-type for a compressed body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    says(await post(JSON.stringify(commentBody()), { headers }), 'unsupported-media-type');
  });

  it.each([
    'application/json;charset=UTF-8',
    'application/json; charset="utf8"',
    'APPLICATION/JSON',
    'application/ld+json',
  ])('takes %s', async (type) => {
    expect((await post(JSON.stringify(commentBody()), { headers: { 'content-type': type } })).status).toBe(
      201,
    );
  });
});

it('validation-failed with the fields, all of which have tests of their own', async () => {
  const answer = await service.call({ path: '/v1/sites/news/comments' });
  says(answer, 'validation-failed', [['?page', 'required']]);
});

describe('409 and 422 of idempotency', () => {
  it('idempotency-key-reused for another body', async () => {
    const headers = { 'idempotency-key': 'once' };
    expect((await post(commentBody(), { headers })).status).toBe(201);
    says(await post(commentBody(), { headers }), 'idempotency-key-reused');
  });

  it('idempotency-key-in-progress while the first is under way', async () => {
    let arrived = (): void => undefined;
    let go = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow = await service.another({
      deps: (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          async submit(submission) {
            arrived();
            await gate;
            return deps.comments.submit(submission);
          },
        },
      }),
    });
    const call = {
      method: 'POST',
      path: '/v1/sites/news/comments',
      body: commentBody(),
      headers: { 'idempotency-key': 'slow' },
    };
    const first = slow.call(call);
    await waiting;
    for (const instance of [slow, service]) {
      const second = await instance.call(call);
      says(second, 'idempotency-key-in-progress');
      expect(second.headers['retry-after']).toBe('1');
    }
    go();
    expect((await first).status).toBe(201);
    await slow.stop();
  });
});

describe('429, 500 and 503', () => {
  it('rate-limited beyond the class’s limit', async () => {
    const limited = await service.another({
      config: { rateLimits: { off: false, classes: { comments: { limit: 1, windowSeconds: 60 } } } },
    });
    const call = { method: 'POST', path: '/v1/sites/news/comments', body: {} };
    expect((await limited.call(call)).status).toBe(422);
    const answer = await limited.call(call);
    says(answer, 'rate-limited');
    expect(answer.headers['retry-after']).toBe('60');
    await limited.stop();
  });

  it('internal-error tells nothing of what happened; the log does', async () => {
    const broken = await service.another({
      deps: (deps) => ({
        ...deps,
        comments: { ...deps.comments, find: () => Promise.reject(new Error('SELECT secret FROM /var/lib')) },
      }),
    });
    const { comment } = await posted();
    const answer = await broken.call({ path: `/v1/comments/${comment.id}` });
    says(answer, 'internal-error');
    expect(answer.text).not.toMatch(/SELECT|secret|var|stack|at /);
    expect(broken.logged.join()).toContain('SELECT secret FROM /var/lib');
    expect(broken.logged.join()).not.toContain(comment.id);
    await broken.stop();
  });

  it('malformed-file for an import that is cut off', async () => {
    const path = '/v1/admin/sites/news/imports?format=generic';
    const answer = await service.call({
      method: 'POST',
      path,
      headers: { ...ADMIN, 'content-type': 'application/octet-stream' },
      body: '{"id":"a',
    });
    says(answer, 'malformed-file');
  });

  it('store-unavailable while the store is away', async () => {
    const away = await service.another({
      deps: (deps) => ({ ...deps, sites: { ...deps.sites, find: () => Promise.reject(storeUnavailable()) } }),
    });
    const answer = await away.call({ path: '/v1/sites/news' });
    says(answer, 'store-unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    await away.stop();
  });
});

it('the table of problem codes was gone through, but for those of other tests', () => {
  const here = Object.keys(PROBLEM_STATUS).filter((code) => !ELSEWHERE.includes(code as ProblemCode));
  expect([...said].sort()).toEqual(here.sort());
});

it('speaks the caller’s language, else the site’s, else English', async () => {
  await createSite(service.deps, {
    id: 'fa',
    name: 'نارون',
    origins: [ORIGIN],
    locale: 'fa-IR',
    timeZone: 'Asia/Tehran',
  });
  const ask = async (site: string, accept?: string) => {
    const headers: Record<string, string> = accept ? { 'accept-language': accept } : {};
    const answer = await service.call({ path: `/v1/sites/${site}/comments`, headers });
    return [answer.headers['content-language'], (answer.json as { title: string }).title];
  };
  const persian = 'لطفاً فیلدها را بررسی کنید';
  expect(await ask('fa')).toEqual(['fa', persian]);
  expect(await ask('fa', 'en-GB, fa;q=0.5')).toEqual(['en', 'Please check the fields']);
  expect(await ask('fa', 'de-CH, fa;q=0.5')).toEqual(['de', 'Bitte prüfen Sie die Felder']);
  expect(await ask('news', 'sv, fa;q=0.8, en;q=0.2')).toEqual(['fa', persian]);
  expect(await ask('fa', 'sv, *;q=0.1')).toEqual(['fa', persian]);
  expect(await ask('news', 'fa;q=0')).toEqual(['en', 'Please check the fields']);
  const other = await service.call({ method: 'PUT', path: '/v1/sites/fa/comments' });
  expect([other.status, other.headers['content-language']]).toEqual([405, 'fa']);
});
