import { codeOf, createKeyedPosts, expectReplay } from '../support/keyed-posts.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
let now = Date.now();

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all' });
  await makeSite(service.deps, 'other', { moderation: 'all' });
});
afterAll(() => service.stop());

const { freshKey, post, pendingOn } = createKeyedPosts(() => service);

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
