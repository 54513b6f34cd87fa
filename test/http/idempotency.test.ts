import type { Submission } from '../../src/comments/comment-store.ts';
import type { Deps } from '../../src/deps.ts';
import { type AppError, storeUnavailable } from '../../src/errors.ts';
import type { Answer, ServiceOptions, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
let now = Date.now();

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all' });
  await makeSite(service.deps, 'other', { moderation: 'all' });
});
afterAll(() => service.stop());

let drawn = 0;
const freshKey = () => `key-${++drawn}`;

const post = (body: unknown, key: string, options: { to?: TestService; site?: string } = {}) =>
  (options.to ?? service).call({
    method: 'POST',
    path: `/v1/sites/${options.site ?? 'news'}/comments`,
    headers: { 'idempotency-key': key },
    body,
  });

function expectReplay(answer: Answer, first: Answer): void {
  expect(answer.headers['idempotent-replayed']).toBe('true');
  expect(answer.status).toBe(first.status);
  expect(answer.headers.location).toBe(first.headers.location);
  expect(answer.text).toBe(first.text);
}

const codeOf = (answer: Answer): string => (answer.json as AppError).code;
const pendingOn = async (site: string): Promise<number> => {
  const answer = await service.call({ path: `/v1/moderation/counts?site=${site}`, headers: ADMIN });
  return (answer.json as { pending: number }).pending;
};

it('answers the same request again as the first time, and stores one comment', async () => {
  const before = await pendingOn('news');
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key);
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  for (let time = 0; time < 3; time++) expectReplay(await post(body, key), first);
  expect(await pendingOn('news')).toBe(before + 1);
});

it('takes JSON for equal whatever the order of its members and its white space', async () => {
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key);
  const turned = Object.fromEntries(Object.entries(body).reverse());
  const again = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    headers: { 'idempotency-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(turned, null, 4),
  });
  expectReplay(again, first);
});

it('replays before the site is found closed, the comment a duplicate, or the caller too fast', async () => {
  await makeSite(service.deps, 'closing');
  const limited = await service.another({
    config: { rateLimits: { off: false, classes: { comments: { limit: 1, windowSeconds: 60 } } } },
  });
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key, { to: limited, site: 'closing' });
  expect(first.status).toBe(201);
  expect(codeOf(await post(commentBody(), freshKey(), { to: limited, site: 'closing' }))).toBe(
    'rate-limited',
  );
  const patch = {
    method: 'PATCH',
    path: '/v1/admin/sites/closing',
    headers: ADMIN,
    body: { policy: { closed: true } },
  };
  expect((await service.call(patch)).status).toBe(200);
  const again = await post(body, key, { to: limited, site: 'closing' });
  expectReplay(again, first);
  expect(again.headers['ratelimit-policy']).toBe('"comments";q=1;w=60');
  await limited.stop();
});

it('keeps a key apart on every site and route', async () => {
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key);
  const second = await post(body, key, { site: 'other' });
  expect(second.status).toBe(201);
  expect(second.headers['idempotent-replayed']).toBeUndefined();
  expect(second.headers.location).not.toBe(first.headers.location);
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: { ...ADMIN, 'idempotency-key': key },
    body: { name: 'x', role: 'moderator', sites: ['*'] },
  });
  expect([token.status, token.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

it('replays nothing of a site that was removed, on one made again under its id', async () => {
  await makeSite(service.deps, 'again', { moderation: 'none' });
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key, { site: 'again' });
  expectReplay(await post(body, key, { site: 'again' }), first);
  const path = '/v1/admin/sites/again?confirm=again';
  expect((await service.call({ method: 'DELETE', path, headers: ADMIN })).status).toBe(204);
  now += 1;
  await makeSite(service.deps, 'again', { moderation: 'none' });
  const anew = await post(body, key, { site: 'again' });
  expect([anew.status, anew.headers['idempotent-replayed']]).toEqual([201, undefined]);
  expect((await service.call({ path: anew.headers.location ?? '' })).status).toBe(200);
});

it('keeps only what succeeded: a corrected request may keep its key', async () => {
  const key = freshKey();
  const body = commentBody();
  expect((await post({ ...body, body: '' }, key)).status).toBe(422);
  expect((await post(body, key)).status).toBe(201);
  const duplicate = freshKey();
  expect(codeOf(await post(body, duplicate))).toBe('duplicate-comment');
  const corrected = await post(commentBody(), duplicate);
  expect([corrected.status, corrected.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

it('runs one of many equal requests sent at once; the others wait their turn or hear the same', async () => {
  const before = await pendingOn('news');
  const key = freshKey();
  const body = commentBody();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, key)));
  const created = answers.filter(({ status }) => status === 201);
  expect(new Set(created.map(({ text }) => text)).size).toBe(1);
  expect(created.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(codeOf(answer)).toBe('idempotency-key-in-progress');
  }
  expect(await pendingOn('news')).toBe(before + 1);
});

it('replays a decision, and an undo, without deciding again', async () => {
  const { comment } = (await post(commentBody(), freshKey())).json as { comment: { id: string } };
  const decide = {
    method: 'POST',
    path: `/v1/moderation/comments/${comment.id}/decisions`,
    body: { action: 'approve', version: 1 },
  };
  const headers = { ...ADMIN, 'idempotency-key': freshKey() };
  const first = await service.call({ ...decide, headers });
  expect(first.status).toBe(200);
  expectReplay(await service.call({ ...decide, headers }), first);
  const { decisionId } = first.json as { decisionId: string };
  const undo = { method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers };
  const undone = await service.call(undo);
  expect(undone.headers['idempotent-replayed']).toBeUndefined();
  expectReplay(await service.call(undo), undone);
  const detail = await service.call({ path: `/v1/moderation/comments/${comment.id}`, headers: ADMIN });
  expect(detail.json).toMatchObject({ version: 3, status: 'pending' });
});

it('shows a token again to a repeated request of the same caller only', async () => {
  const body = { name: 'desk', role: 'admin', sites: ['*'] };
  const key = freshKey();
  const make = (headers: Record<string, string>) =>
    service.call({
      method: 'POST',
      path: '/v1/admin/tokens',
      headers: { 'idempotency-key': key, ...headers },
      body,
    });
  const first = await make(ADMIN);
  expectReplay(await make(ADMIN), first);
  const { token } = first.json as { token: string };
  const other = await make({ authorization: `Bearer ${token}` });
  expect([other.status, other.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

describe('a request cut off by a crash', () => {
  /** A service whose process "dies" during a write: what it had begun stays as it was in the store. */
  async function cutOff(
    change: (deps: Deps) => Deps,
    run: (dying: TestService) => Promise<void>,
  ): Promise<void> {
    const dying = await service.another({ deps: change });
    await run(dying);
    await dying.stop();
  }

  const never = new Promise<never>(() => undefined);

  async function postAndDie(
    body: unknown,
    key: string,
    when: 'before the write' | 'after the write',
  ): Promise<void> {
    let reached = (): void => undefined;
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await cutOff(
      (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          async submit(submission) {
            if (when === 'after the write') await deps.comments.submit(submission);
            reached();
            return never;
          },
        },
      }),
      async (dying) => {
        const lost = post(body, key, { to: dying }).catch((error: unknown) => error);
        await there;
        expect(codeOf(await post(body, key))).toBe('idempotency-key-in-progress');
        void lost;
      },
    );
  }

  it('is answered from what it wrote, once its process counts as gone', async () => {
    const before = await pendingOn('news');
    const body = commentBody();
    const key = freshKey();
    await postAndDie(body, key, 'after the write');
    now += 15_001;
    const recovered = await post(body, key);
    expect(recovered.headers['idempotent-replayed']).toBe('true');
    expect(recovered.status).toBe(201);
    expect((recovered.json as { editToken: string }).editToken).toMatch(/\./);
    expectReplay(await post(body, key), recovered);
    expect(await pendingOn('news')).toBe(before + 1);
  });

  it('never happened where it had not written, and runs anew', async () => {
    const before = await pendingOn('news');
    const body = commentBody();
    const key = freshKey();
    await postAndDie(body, key, 'before the write');
    now += 15_001;
    const first = await post(body, key);
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expectReplay(await post(body, key), first);
    expect(await pendingOn('news')).toBe(before + 1);
  });

  it('gives its key back where the store refused the write', async () => {
    let refusals = 1;
    const flaky = await service.another({
      deps: (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          submit: (submission) =>
            refusals-- > 0 ? Promise.reject(storeUnavailable()) : deps.comments.submit(submission),
        },
      }),
    });
    const body = commentBody();
    const key = freshKey();
    expect(codeOf(await post(body, key, { to: flaky }))).toBe('store-unavailable');
    expect((await post(body, key, { to: flaky })).status).toBe(201);
    await flaky.stop();
  });

  /** A service that refuses its first post, whether it was written or not, and what was to be stored by it. */
  async function refusedOnce(
    { written, idempotency }: Pick<ServiceOptions, 'idempotency'> & { written: boolean },
    run: (refusing: TestService, submitted: Submission[]) => Promise<void>,
  ): Promise<void> {
    const submitted: Submission[] = [];
    const change = (deps: Deps): Deps => ({
      ...deps,
      comments: {
        ...deps.comments,
        async submit(submission) {
          submitted.push(submission);
          if (submitted.length > 1) return deps.comments.submit(submission);
          if (written) await deps.comments.submit(submission);
          throw storeUnavailable();
        },
      },
    });
    const refusing = await service.another({ deps: change, idempotency });
    await run(refusing, submitted);
    await refusing.stop();
  }

  it('is made under the same id again: a write that comes to pass late is the same comment', async () => {
    await refusedOnce({ written: false }, async (refusing, submitted) => {
      const body = commentBody();
      const key = freshKey();
      expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
      now += 2000;
      const posted = await post(body, key, { to: refusing });
      expect(posted.status).toBe(201);
      const [first, second] = submitted.map(({ comment }) => comment);
      expect(second?.id).toBe(first?.id);
      expect(second?.createdAt).toBe(first?.createdAt);
      expect(posted.headers.location).toBe(`/v1/comments/${first?.id}`);
    });
  });

  it('has an id of its own once no write can be on its way any more', async () => {
    await refusedOnce({ written: false }, async (refusing, submitted) => {
      const body = commentBody();
      const key = freshKey();
      expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
      now += 3_600_000;
      expect((await post(body, key, { to: refusing })).status).toBe(201);
      const [first, second] = submitted.map(({ comment }) => comment);
      expect(second?.id).not.toBe(first?.id);
      expect(second?.createdAt).toBe(now);
    });
  });

  it('is not acknowledged by what one server has found, but once the answer is kept', async () => {
    let refusals = 1;
    const idempotency: ServiceOptions['idempotency'] = (kept) => ({
      ...kept,
      finish: (...args) => (refusals-- > 0 ? Promise.reject(storeUnavailable()) : kept.finish(...args)),
    });
    const before = await pendingOn('news');
    await refusedOnce({ written: true, idempotency }, async (refusing) => {
      const body = commentBody();
      const key = freshKey();
      expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
      expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
      const recovered = await post(body, key, { to: refusing });
      expect([recovered.status, recovered.headers['idempotent-replayed']]).toEqual([201, 'true']);
      expectReplay(await post(body, key, { to: refusing }), recovered);
    });
    expect(await pendingOn('news')).toBe(before + 1);
  });

  it('did not happen where what was found is gone once the answer is kept', async () => {
    const body = commentBody();
    const key = freshKey();
    let isLost = false;
    const losing = await service.another({
      deps: (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          find: async (id) => (isLost ? null : deps.comments.find(id)),
          submit: async () => ({ kind: 'duplicate', id: 'another' }),
        },
      }),
      // The server that had found it goes, and those that keep the answer have never had it.
      idempotency: (kept) => ({
        ...kept,
        async finish(...args) {
          isLost = true;
          return kept.finish(...args);
        },
      }),
    });
    await postAndDie(body, key, 'after the write');
    now += 15_001;
    expect(codeOf(await post(body, key, { to: losing }))).toBe('store-unavailable');
    // Nothing is kept of it: it is a request like any other.
    expect(codeOf(await post(body, key, { to: losing }))).toBe('duplicate-comment');
    await losing.stop();
  });
});

it('shares keys between instances', async () => {
  const another = await service.another();
  const body = commentBody();
  const key = freshKey();
  const first = await post(body, key);
  expectReplay(await post(body, key, { to: another }), first);
  await another.stop();
});

it('recovers sites and aliases by making them again or finding them', async () => {
  const make = {
    method: 'POST',
    path: '/v1/admin/sites',
    headers: { ...ADMIN, 'idempotency-key': freshKey() },
    body: { id: 'twice', name: 'Twice', origins: [ORIGIN] },
  };
  const first = await service.call(make);
  expect([first.status, first.headers.location]).toEqual([201, '/v1/admin/sites/twice']);
  expectReplay(await service.call(make), first);
  const alias = {
    method: 'POST',
    path: '/v1/admin/sites/twice/pages/aliases',
    headers: { ...ADMIN, 'idempotency-key': freshKey() },
    body: { alias: 'https://s.example/1', page: `${ORIGIN}/one` },
  };
  const joined = await service.call(alias);
  expect([joined.status, joined.json]).toEqual([201, { added: 1, moved: 0, errors: [] }]);
  expectReplay(await service.call(alias), joined);
});
