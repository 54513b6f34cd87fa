import { dirname } from 'node:path';
import { createOutgoing } from '../../src/outgoing/client.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import type { MadeWebhook } from '../support/deliveries.ts';
import {
  ADMIN,
  type Answer,
  type CallOptions,
  makeSite,
  startService,
  type TestService,
} from '../support/service.ts';
import { storedBytes } from '../support/stored-bytes.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'blog');
});
afterAll(() => service.stop());

const PATH = '/v1/admin/webhooks';
const URL = 'http://127.0.0.1:9/hook?key=s3cret';
const call = (method: string, path: string, rest: Partial<CallOptions> = {}): Promise<Answer> =>
  service.call({ method, path, headers: ADMIN, ...rest });
const make = async (body: object = {}): Promise<MadeWebhook & Record<string, unknown>> => {
  const made = await call('POST', PATH, { body: { url: URL, events: ['comment.created'], ...body } });
  expect(made.status).toBe(201);
  return made.json as MadeWebhook & Record<string, unknown>;
};
const errorsOf = ({ json }: Answer) => (json as { errors?: object[] }).errors;

async function adminOf(site: string) {
  const body = { name: `Admin of ${site}`, role: 'admin', sites: [site] };
  const { json } = await call('POST', '/v1/admin/tokens', { body });
  return { authorization: `Bearer ${(json as { token: string }).token}` };
}

test('one is made with its secret, which no later answer has; Location leads to it', async () => {
  const body = { url: URL, events: ['comment.created', 'comment.spam', 'comment.spam'], site: 'news' };
  const made = await call('POST', PATH, { body });
  expect(made.status).toBe(201);
  const { secret, ...rest } = made.json as MadeWebhook & Record<string, unknown>;
  expect(secret).toMatch(/^whsec_/);
  expect(rest).toEqual({
    id: expect.stringMatching(/^[0-9a-z]{18}$/),
    url: URL,
    events: ['comment.created', 'comment.spam'],
    site: 'news',
    enabled: true,
    health: {
      state: 'ok',
      waiting: 0,
      dead: 0,
      failures: 0,
      lastDeliveredAt: null,
      lastFailedAt: null,
      lastFailure: null,
    },
    previousSecretUntil: null,
    createdBy: { kind: 'token', id: 'root', name: 'root' },
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
    version: 1,
  });
  expect(made.headers.location).toBe(`${PATH}/${rest.id}`);
  const read = await call('GET', `${PATH}/${rest.id}`);
  expect(read.json).toEqual(rest);
  const listed = await call('GET', PATH);
  expect((listed.json as { items: object[] }).items[0]).toEqual(rest);
});

test('under an Idempotency-Key the same one and its secret are answered again', async () => {
  const headers = { ...ADMIN, 'idempotency-key': 'one-webhook' };
  const body = { url: URL, events: [...WEBHOOK_EVENTS] };
  const [first, second] = [
    await call('POST', PATH, { headers, body }),
    await call('POST', PATH, { headers, body }),
  ];
  expect(second.headers['idempotent-replayed']).toBe('true');
  expect(second.json).toEqual(first.json);
});

test.each([
  [
    {},
    [
      ['/url', 'required'],
      ['/events', 'required'],
    ],
  ],
  [{ url: ' \u200b\n', events: ['comment.created'] }, [['/url', 'required']]],
  [{ url: 'ftp://x.example/', events: ['comment.created'] }, [['/url', 'invalid-url']]],
  [{ url: 'https://u:p@x.example/', events: ['comment.created'] }, [['/url', 'invalid-url']]],
  [{ url: URL, events: [] }, [['/events', 'required']]],
  [{ url: URL, events: ['comment.voted'] }, [['/events/0', 'invalid']]],
  [
    { url: 7, events: 'comment.created' },
    [
      ['/url', 'invalid'],
      ['/events', 'invalid'],
    ],
  ],
  [{ url: URL, events: ['comment.created'], site: 'nowhere' }, [['/site', 'invalid']]],
  [
    { url: 'x', events: ['comment.created'], site: 'nowhere' },
    [
      ['/url', 'invalid-url'],
      ['/site', 'invalid'],
    ],
  ],
  [{ url: URL, events: ['comment.created'], enabled: 'yes' }, [['/enabled', 'invalid']]],
])('%j is refused, naming every field', async (body, errors) => {
  const answer = await call('POST', PATH, { body });
  expect(answer.status).toBe(422);
  expect(errorsOf(answer)).toEqual(
    errors.map(([pointer, code]) => expect.objectContaining({ pointer, code })),
  );
});

test('an address is kept as other texts are, without white space around it and without controls', async () => {
  const made = await make({ url: ` ${URL}\u0007a\n` });
  expect(made.url).toBe(`${URL}a`);
  const path = `${PATH}/${made.id}`;
  const changed = await call('PATCH', path, { body: { url: `\t${URL} ` } });
  expect(changed.json).toMatchObject({ url: URL });
  expect((await call('GET', path)).json).toMatchObject({ url: URL });
});

test('an address that is not public is refused at registration and at a change', async () => {
  const strict = await service.another({
    deps: (deps) => ({
      ...deps,
      outgoing: createOutgoing({ allowPrivate: false, lookup: async () => ['10.0.0.1'] }),
    }),
  });
  const body = { url: 'https://1.1.1.1/', events: ['comment.created'] };
  const made = await strict.call({ method: 'POST', path: PATH, headers: ADMIN, body });
  expect(made.status).toBe(201);
  const path = `${PATH}/${(made.json as MadeWebhook).id}`;
  for (const url of [
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://inside.example/',
    'http://1.1.1.1/',
  ]) {
    const asked = { path: PATH, headers: ADMIN, body: { ...body, url } };
    for (const tried of [
      { ...asked, method: 'POST' },
      { ...asked, method: 'PATCH', path, body: { url } },
    ]) {
      const answer = await strict.call(tried);
      expect(answer.status).toBe(422);
      expect(errorsOf(answer)).toEqual([
        expect.objectContaining({ pointer: '/url', code: 'private-address' }),
      ]);
    }
  }
  await strict.stop();
});

test('PATCH changes what it names; a version that has passed is a conflict that says what stands', async () => {
  const { id, secret: _, ...made } = await make({ site: 'news' });
  const changed = await call('PATCH', `${PATH}/${id}`, { body: { enabled: false, version: 1 } });
  expect(changed.status).toBe(200);
  expect(changed.json).toEqual({
    ...made,
    id,
    enabled: false,
    version: 2,
    updatedAt: expect.any(String),
    health: { ...(made.health as object), state: 'disabled' },
  });
  const late = await call('PATCH', `${PATH}/${id}`, { body: { enabled: true, version: 1 } });
  expect([late.status, (late.json as { current: object }).current]).toEqual([409, { version: 2 }]);
  const back = await call('PATCH', `${PATH}/${id}`, { body: { enabled: null, site: null } });
  expect(back.json).toMatchObject({ enabled: true, site: null, version: 3 });
});

test('of fifty changes of one version at once exactly one wins', async () => {
  const { id } = await make();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      call('PATCH', `${PATH}/${id}`, { body: { enabled: false, version: 1 } }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
});

test('an admin of one site sees and makes those of that site only', async () => {
  const headers = await adminOf('blog');
  const [ours, theirs, everywhere] = [
    await make({ site: 'blog' }),
    await make({ site: 'news' }),
    await make(),
  ];
  for (const { id } of [theirs, everywhere])
    expect((await call('GET', `${PATH}/${id}`, { headers })).status).toBe(404);
  const body = { url: URL, events: ['comment.created'] };
  for (const site of ['news', null])
    expect((await call('POST', PATH, { headers, body: { ...body, site } })).status).toBe(403);
  expect((await call('PATCH', `${PATH}/${ours.id}`, { headers, body: { site: null } })).status).toBe(403);
  const listed = await call('GET', PATH, { headers });
  expect(listed.json).toMatchObject({ total: 1, items: [{ id: ours.id }], nextCursor: null });
});

test('the list is walked by cursors, newest first', async () => {
  const headers = await adminOf('blog');
  const made = [await make({ site: 'blog' }), await make({ site: 'blog' })];
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { json } = await call('GET', `${PATH}?limit=1${cursor}`, { headers });
    const { items, nextCursor } = json as { items: MadeWebhook[]; nextCursor: string | null };
    seen.push(...items.map(({ id }) => id));
    if (nextCursor === null) break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect(seen.slice(0, 2)).toEqual(made.map(({ id }) => id).reverse());
  expect((await call('GET', `${PATH}?limit=201`)).status).toBe(422);
});

test('one that is taken away is gone, with its deliveries', async () => {
  const { id } = await make();
  const sent = await call('POST', `${PATH}/${id}/test`);
  expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(204);
  for (const path of [`${PATH}/${id}`, `${PATH}/${id}/deliveries`])
    expect((await call('GET', path)).status).toBe(404);
  expect(await service.deps.outbox.find((sent.json as MadeWebhook).id)).toBeNull();
});

test('every act is in the audit by the host alone, and no secret stands in the store', async () => {
  const { id, secret } = await make({ site: 'news' });
  await call('PATCH', `${PATH}/${id}`, { body: { enabled: false } });
  const rotated = await call('POST', `${PATH}/${id}/secret`);
  expect(rotated.status).toBe(200);
  expect(rotated.json).toEqual({
    secret: expect.stringMatching(/^whsec_/),
    previousSecretUntil: expect.any(String),
  });
  await call('DELETE', `${PATH}/${id}`);
  const audit = await call('GET', '/v1/moderation/audit?site=news&limit=4');
  const entries = (audit.json as { items: { action: string; note: string; subject: string }[] }).items;
  expect(entries.map(({ action }) => action)).toEqual([
    'webhook-deleted',
    'webhook-secret',
    'webhook-updated',
    'webhook-created',
  ]);
  for (const entry of entries) expect([entry.note, entry.subject]).toEqual(['127.0.0.1:9', id]);
  const { secret: next } = (await make()) as { secret: string };
  const { place } = service.store;
  const found = await storedBytes(
    'file' in place
      ? { dataDir: dirname(place.file), env: {} }
      : { dataDir: '', env: { MONGODB_URI: place.uri } },
  );
  expect(found.some(({ bytes }) => bytes.includes(id))).toBe(true);
  for (const { bytes } of found)
    for (const each of [secret, next]) expect(bytes.includes(each.slice('whsec_'.length))).toBe(false);
});
