import type { WebhookRunner } from '../../src/webhooks/runner.ts';
import type { WebhookEvent } from '../../src/webhooks/webhook.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import {
  isSignedBy,
  type MadeWebhook,
  sentOf,
  startDeliveries,
  subscribe,
  typesOf,
} from '../support/deliveries.ts';
import { type Received, type Receiver, type Respond, startReceiver } from '../support/receiver.ts';
import {
  ADMIN,
  type CallOptions,
  commentBody,
  makeSite,
  startService,
  type TestService,
} from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
let runner: WebhookRunner;
const receivers: Receiver[] = [];
let sites = 0;

beforeAll(async () => {
  service = await startService();
  runner = startDeliveries(service.deps);
});
afterAll(async () => {
  await runner.stop();
  for (const receiver of receivers) await receiver.stop();
  await service.stop();
});

const PATH = '/v1/admin/webhooks';
const call = (method: string, path: string, rest: Partial<CallOptions> = {}) =>
  service.call({ method, path, headers: ADMIN, ...rest });

/** A site of its own with one subscriber. */
async function subscribed(
  respond?: Respond,
  { events = [...WEBHOOK_EVENTS], policy = {} }: { events?: WebhookEvent[]; policy?: object } = {},
): Promise<{ site: string; receiver: Receiver; hook: MadeWebhook }> {
  sites += 1;
  const site = `site-${sites}`;
  await makeSite(service.deps, site, policy);
  const receiver = await startReceiver(respond);
  receivers.push(receiver);
  return { site, receiver, hook: await subscribe(service, receiver.url, { events, site }) };
}

async function post(site: string, rest: object = {}): Promise<{ id: string; editToken: string }> {
  const { json, status, text } = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody({ ...rest }),
  });
  if (status !== 201) throw new Error(text);
  const made = json as { comment: { id: string }; editToken: string };
  return { id: made.comment.id, editToken: made.editToken };
}

async function decide(id: string, action: string): Promise<string> {
  const { json } = await call('POST', `/v1/moderation/comments/${id}/decisions`, { body: { action } });
  return (json as { decisionId: string }).decisionId;
}

const arrived = (receiver: Receiver, count: number): Promise<Received[]> =>
  until(`${count} calls`, () => receiver.received.length >= count && receiver.received);

interface View {
  id: string;
  status: string;
  type: string;
  attempts: { httpStatus: number | null; error: string | null }[];
  nextAttemptAt: string | null;
}

async function deliveries({ id }: MadeWebhook, query = ''): Promise<View[]> {
  return ((await call('GET', `${PATH}/${id}/deliveries${query}`)).json as { items: View[] }).items;
}

const once = (hook: MadeWebhook, what: string, when: (one: View) => boolean): Promise<View> =>
  until(what, async () => (await deliveries(hook)).find(when));

test('a new comment is told of twice, signed, with its true status and nothing secret', async () => {
  const { site, receiver, hook } = await subscribed(undefined, { policy: { moderation: 'all' } });
  const { id } = await post(site, { author: { name: 'Mina', email: 'c4nary@example.org', url: null } });
  const calls = await arrived(receiver, 2);
  expect(typesOf(calls).sort()).toEqual(['comment.created', 'comment.held']);
  const read = await call('GET', `/v1/moderation/comments/${id}`);
  for (const one of calls) {
    expect(isSignedBy(one, hook.secret)).toBe(true);
    expect(one.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Gatehouse' });
    const { type, timestamp, data } = sentOf(one);
    expect(WEBHOOK_EVENTS).toContain(type);
    expect(timestamp).toBe((read.json as { createdAt: string }).createdAt);
    expect(data).toEqual({
      comment: expect.objectContaining({ id, site, status: 'pending', version: 1, revision: 1 }),
      previousStatus: null,
      cause: 'screening',
      decision: null,
    });
    expect(one.text).not.toContain('c4nary');
    expect(Object.keys(data.comment ?? {})).not.toContain('emailMasked');
  }
  const delivered = await until('both', async () => {
    const found = await deliveries(hook, '?status=delivered');
    return found.length === 2 && found;
  });
  expect(delivered.map((one) => one.id).sort()).toEqual(
    calls.map(({ headers }) => headers['webhook-id']).sort(),
  );
  expect(delivered[0]).toMatchObject({ attempts: [{ httpStatus: 204, error: null }], nextAttemptAt: null });
});

test('every change is told of by its names, with who decided; what is confirmed is not', async () => {
  const { site, receiver } = await subscribed();
  const { id, editToken } = await post(site);
  await arrived(receiver, 2);
  const told = async (count: number, act: () => Promise<unknown>) => {
    const before = receiver.received.length;
    await act();
    const calls = (await arrived(receiver, before + count)).slice(before).map(sentOf);
    return calls.sort((one, other) => (one.type < other.type ? -1 : 1));
  };
  await decide(id, 'approve');
  let spam = '';
  const [asSpam, ...noMore] = await told(1, async () => {
    spam = await decide(id, 'spam');
  });
  expect(noMore).toEqual([]);
  expect(asSpam).toMatchObject({
    type: 'comment.spam',
    data: {
      comment: { status: 'spam', version: 3 },
      previousStatus: 'approved',
      cause: 'decision',
      decision: { id: spam, batchId: null, action: 'spam', reason: null, by: { kind: 'token', id: 'root' } },
    },
  });
  const undone = await told(2, () => call('POST', `/v1/moderation/decisions/${spam}/undo`));
  expect(undone.map(({ type }) => type)).toEqual(['comment.approved', 'decision.undone']);
  for (const { data } of undone)
    expect(data).toMatchObject({ previousStatus: 'spam', cause: 'undo', decision: { action: 'undo' } });
  const own = { authorization: `Bearer ${editToken}` };
  const edited = await told(1, () =>
    call('PATCH', `/v1/comments/${id}`, { headers: own, body: { body: 'Other words' } }),
  );
  expect(edited).toMatchObject([
    {
      type: 'comment.edited',
      data: { comment: { revision: 2, body: { text: 'Other words' } }, cause: 'edit', decision: null },
    },
  ]);
  const reported = await told(1, () =>
    service.call({ method: 'POST', path: `/v1/comments/${id}/reports`, body: { reason: 'spam' } }),
  );
  expect(reported).toMatchObject([{ type: 'comment.reported', data: { previousStatus: 'approved' } }]);
  const deleted = await told(1, () => call('DELETE', `/v1/comments/${id}`, { headers: own }));
  expect(deleted).toEqual([
    {
      type: 'comment.deleted',
      timestamp: expect.any(String),
      data: { id, site, version: expect.any(Number) },
    },
  ]);
  expect(receiver.received).toHaveLength(2 + 1 + 2 + 1 + 1 + 1);
});

test('a standing that changes is told of, with what was before', async () => {
  const { site, receiver } = await subscribed(undefined, { events: ['author.changed'] });
  const { id } = await post(site);
  const { json } = await call('GET', `/v1/moderation/comments/${id}`);
  const { key } = (json as { author: { key: string } }).author;
  for (const standing of ['banned', null])
    await call('PATCH', `/v1/moderation/authors/${key}`, { body: { standing } });
  const calls = (await arrived(receiver, 2)).map(sentOf);
  // Their order is not promised.
  const [banned, cleared] = calls.map(({ data }) => data).sort((one) => (one.previous === 'known' ? -1 : 1));
  expect(banned).toEqual({ author: { key, site, standing: 'banned' }, previous: 'known' });
  expect(cleared).toEqual({ author: { key, site, standing: 'known' }, previous: 'banned' });
});

test('only what was asked for is sent, of that site, from then on', async () => {
  const { site, receiver, hook } = await subscribed(undefined, { events: ['comment.approved'] });
  const other = await subscribed(undefined, { events: ['comment.created'] });
  const { id } = await post(site);
  await post(other.site);
  await arrived(receiver, 1);
  await arrived(other.receiver, 1);
  const late = await startReceiver();
  receivers.push(late);
  await subscribe(service, late.url, { events: [...WEBHOOK_EVENTS], site });
  await call('PATCH', `${PATH}/${hook.id}`, { body: { enabled: false } });
  await decide(id, 'spam');
  expect(typesOf(await arrived(late, 1))).toEqual(['comment.spam']);
  expect(typesOf(receiver.received)).toEqual(['comment.approved']);
  expect(typesOf(other.receiver.received)).toEqual(['comment.created']);
});

test('a failed try is made again with the same id, until one succeeds', async () => {
  const answers = [500, 500];
  const { site, receiver, hook } = await subscribed(
    (_call, response) => response.writeHead(answers.shift() ?? 200).end(),
    { events: ['comment.created'] },
  );
  await post(site);
  const [one, two, three] = await arrived(receiver, 3);
  expect(new Set([one, two, three].map((each) => each?.headers['webhook-id'])).size).toBe(1);
  const delivered = await once(hook, 'success', ({ status }) => status === 'delivered');
  expect(delivered.attempts.map(({ httpStatus, error }) => [httpStatus, error])).toEqual([
    [500, 'status'],
    [500, 'status'],
    [200, null],
  ]);
});

test('what fails to the end is dead and counted, and is sent again by hand with the whole schedule', async () => {
  let isUp = false;
  const { site, receiver, hook } = await subscribed(
    (_call, response) => response.writeHead(isUp ? 200 : 302, { location: 'http://127.0.0.1:1/' }).end(),
    { events: ['comment.created'] },
  );
  await post(site);
  const dead = await once(hook, 'death', ({ status }) => status === 'dead');
  expect(dead).toMatchObject({ nextAttemptAt: null });
  expect(dead.attempts).toHaveLength(3);
  const health = async () => ((await call('GET', `${PATH}/${hook.id}`)).json as { health: object }).health;
  expect(await health()).toMatchObject({
    state: 'failing',
    dead: 1,
    failures: 3,
    lastFailure: { httpStatus: 302 },
  });
  isUp = true;
  const again = await call('POST', `${PATH}/${hook.id}/deliveries/${dead.id}/redeliver`);
  expect(again.status).toBe(202);
  expect(again.json).toMatchObject({ id: dead.id, status: 'waiting' });
  const delivered = await once(hook, 'success', ({ status }) => status === 'delivered');
  expect(delivered.attempts).toHaveLength(4);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([dead.id]));
  expect(await health()).toMatchObject({ state: 'ok', dead: 0, failures: 0 });
  const audit = await call('GET', `/v1/moderation/audit?site=${site}&action=webhook-redelivered`);
  expect(audit.json).toMatchObject({ items: [{ note: dead.id, subject: hook.id }] });
});

test('Retry-After puts the next try off', async () => {
  const { site, hook } = await subscribed(
    (_call, response) => response.writeHead(503, { 'retry-after': '3600' }).end(),
    { events: ['comment.created'] },
  );
  const begun = Date.now();
  await post(site);
  const waiting = await once(hook, 'a failed try', ({ attempts }) => attempts.length > 0);
  expect(waiting).toMatchObject({ status: 'waiting', attempts: [{ httpStatus: 503 }] });
  const wait = Date.parse(waiting.nextAttemptAt ?? '') - begun;
  expect(wait).toBeGreaterThanOrEqual(3_600_000);
  expect(wait).toBeLessThan(3_700_000);
});

test('410 disables the subscriber; enabled again it is sent what comes from then on', async () => {
  let isGone = true;
  const { site, receiver, hook } = await subscribed(
    (_call, response) => response.writeHead(isGone ? 410 : 200).end(),
    { events: ['comment.created'] },
  );
  await post(site);
  await once(hook, 'death', ({ status }) => status === 'dead');
  const read = await call('GET', `${PATH}/${hook.id}`);
  expect(read.json).toMatchObject({ enabled: false, health: { state: 'gone' } });
  // Another is told of what the disabled one is not: when it is, both have been thought of.
  const witness = await startReceiver();
  receivers.push(witness);
  await subscribe(service, witness.url, { events: ['comment.created'], site });
  await post(site);
  await arrived(witness, 1);
  isGone = false;
  await call('PATCH', `${PATH}/${hook.id}`, { body: { enabled: true } });
  expect((await call('GET', `${PATH}/${hook.id}`)).json).toMatchObject({ enabled: true });
  const { id } = await post(site);
  const calls = await arrived(receiver, 2);
  expect(calls.map((one) => sentOf(one).data.comment?.id).slice(1)).toEqual([id]);
});

test('a slow subscriber delays no other', async () => {
  const { site, receiver: slow } = await subscribed(() => undefined, { events: ['comment.created'] });
  const quick = await startReceiver();
  receivers.push(quick);
  await subscribe(service, quick.url, { events: ['comment.created'], site });
  for (let i = 0; i < 12; i++) await post(site);
  await arrived(quick, 12);
  // The slow one has been asked, holds what it was sent, and no more is thrown at it.
  expect(slow.received.length).toBeGreaterThan(0);
  expect(slow.received.length).toBeLessThanOrEqual(4);
});

test('both secrets sign for a day after a rotation', async () => {
  const { site, receiver, hook } = await subscribed(undefined, { events: ['comment.created'] });
  const rotated = await call('POST', `${PATH}/${hook.id}/secret`);
  const { secret, previousSecretUntil } = rotated.json as { secret: string; previousSecretUntil: string };
  expect(Date.parse(previousSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  await post(site);
  const [one] = await arrived(receiver, 1);
  expect(one?.headers['webhook-signature']?.toString().split(' ')).toHaveLength(2);
  for (const each of [secret, hook.secret]) expect(one && isSignedBy(one, each)).toBe(true);
});

test('the test call is a delivery like any other', async () => {
  const { receiver, hook } = await subscribed(undefined, { events: ['comment.spam'] });
  const sent = await call('POST', `${PATH}/${hook.id}/test`);
  expect(sent.status).toBe(202);
  expect(sent.json).toMatchObject({ webhookId: hook.id, type: 'webhook.test', status: 'waiting' });
  const [one] = await arrived(receiver, 1);
  expect(one && sentOf(one)).toMatchObject({ type: 'webhook.test', data: { webhookId: hook.id } });
  expect(one && isSignedBy(one, hook.secret)).toBe(true);
  const { id } = sent.json as View;
  await once(hook, 'success', ({ status }) => status === 'delivered');
  expect((await call('GET', `${PATH}/${hook.id}/deliveries/${id}`)).json).toMatchObject({
    status: 'delivered',
  });
  expect((await call('GET', `${PATH}/${hook.id}/deliveries/none`)).status).toBe(404);
});

test('the text of a comment that was erased or edited is not in a later try', async () => {
  let isUp = false;
  const { site, receiver, hook } = await subscribed(
    (_call, response) => response.writeHead(isUp ? 200 : 500).end(),
    { events: ['comment.created'] },
  );
  const erased = await post(site, { body: 'c4nary words' });
  const edited = await post(site, { body: 'w0ren words' });
  await until('both dead', async () => (await deliveries(hook, '?status=dead')).length === 2);
  await call('DELETE', `/v1/comments/${erased.id}`, {
    headers: { authorization: `Bearer ${erased.editToken}` },
  });
  const own = { authorization: `Bearer ${edited.editToken}` };
  await call('PATCH', `/v1/comments/${edited.id}`, { headers: own, body: { body: 'Later words' } });
  isUp = true;
  const before = receiver.received.length;
  for (const { id } of await deliveries(hook))
    await call('POST', `${PATH}/${hook.id}/deliveries/${id}/redeliver`);
  const calls = (await arrived(receiver, before + 2)).slice(before);
  for (const one of calls) expect(one.text).not.toMatch(/c4nary|w0ren|Later/);
  const comments = calls.map((one) => sentOf(one).data.comment);
  expect(comments.find((one) => one?.id === erased.id)).toMatchObject({
    deleted: true,
    author: null,
    body: null,
  });
  expect(comments.find((one) => one?.id === edited.id)).toMatchObject({
    body: null,
    version: 1,
    revision: 1,
  });
});

test('the list is by status, walked by cursors that are bound to it', async () => {
  const { hook } = await subscribed(undefined, { events: ['comment.spam'] });
  for (let i = 0; i < 3; i++) await call('POST', `${PATH}/${hook.id}/test`);
  await until('three', async () => (await deliveries(hook, '?status=delivered')).length === 3);
  const path = `${PATH}/${hook.id}/deliveries?status=delivered&limit=2`;
  const first = (await call('GET', path)).json as { items: View[]; total: number; nextCursor: string };
  expect([first.items.length, first.total]).toEqual([2, 3]);
  const second = (await call('GET', `${path}&cursor=${first.nextCursor}`)).json as typeof first;
  expect([second.items.length, second.nextCursor]).toEqual([1, null]);
  expect((await call('GET', `${PATH}/${hook.id}/deliveries?cursor=${first.nextCursor}`)).status).toBe(422);
  expect((await call('GET', `${PATH}/${hook.id}/deliveries?status=lost`)).status).toBe(422);
});
