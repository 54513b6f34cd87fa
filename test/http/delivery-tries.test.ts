import { isSignedBy, sentOf } from '../support/deliveries.ts';
import { type DeliveryView, useSubscribers, WEBHOOKS_PATH } from '../support/subscribers.ts';
import { until } from '../support/until.ts';

/** How deliveries are tried, fail, are listed and sent again. */
const { call, subscribed, another, post, arrived, deliveries, once } = useSubscribers();

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
  const health = async () =>
    ((await call('GET', `${WEBHOOKS_PATH}/${hook.id}`)).json as { health: object }).health;
  expect(await health()).toMatchObject({
    state: 'failing',
    dead: 1,
    failures: 3,
    lastFailure: { httpStatus: 302 },
  });
  isUp = true;
  const again = await call('POST', `${WEBHOOKS_PATH}/${hook.id}/deliveries/${dead.id}/redeliver`);
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
  const read = await call('GET', `${WEBHOOKS_PATH}/${hook.id}`);
  expect(read.json).toMatchObject({ enabled: false, health: { state: 'gone' } });
  // Another is told of what the disabled one is not: when it is, both have been thought of.
  const witness = await another(site, ['comment.created']);
  await post(site);
  await arrived(witness, 1);
  isGone = false;
  await call('PATCH', `${WEBHOOKS_PATH}/${hook.id}`, { body: { enabled: true } });
  expect((await call('GET', `${WEBHOOKS_PATH}/${hook.id}`)).json).toMatchObject({ enabled: true });
  const { id } = await post(site);
  const calls = await arrived(receiver, 2);
  expect(calls.map((one) => sentOf(one).data.comment?.id).slice(1)).toEqual([id]);
});

test('a slow subscriber delays no other', async () => {
  const { site, receiver: slow } = await subscribed(() => undefined, { events: ['comment.created'] });
  const quick = await another(site, ['comment.created']);
  for (let i = 0; i < 12; i++) await post(site);
  await arrived(quick, 12);
  // The slow one has been asked, holds what it was sent, and no more is thrown at it.
  expect(slow.received.length).toBeGreaterThan(0);
  expect(slow.received.length).toBeLessThanOrEqual(4);
});

test('both secrets sign for a day after a rotation', async () => {
  const { site, receiver, hook } = await subscribed(undefined, { events: ['comment.created'] });
  const rotated = await call('POST', `${WEBHOOKS_PATH}/${hook.id}/secret`);
  const { secret, previousSecretUntil } = rotated.json as { secret: string; previousSecretUntil: string };
  expect(Date.parse(previousSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  await post(site);
  const [one] = await arrived(receiver, 1);
  expect(one?.headers['webhook-signature']?.toString().split(' ')).toHaveLength(2);
  for (const each of [secret, hook.secret]) expect(one && isSignedBy(one, each)).toBe(true);
});

test('the test call is a delivery like any other', async () => {
  const { receiver, hook } = await subscribed(undefined, { events: ['comment.spam'] });
  const sent = await call('POST', `${WEBHOOKS_PATH}/${hook.id}/test`);
  expect(sent.status).toBe(202);
  expect(sent.json).toMatchObject({ webhookId: hook.id, type: 'webhook.test', status: 'waiting' });
  const [one] = await arrived(receiver, 1);
  expect(one && sentOf(one)).toMatchObject({ type: 'webhook.test', data: { webhookId: hook.id } });
  expect(one && isSignedBy(one, hook.secret)).toBe(true);
  const { id } = sent.json as DeliveryView;
  await once(hook, 'success', ({ status }) => status === 'delivered');
  expect((await call('GET', `${WEBHOOKS_PATH}/${hook.id}/deliveries/${id}`)).json).toMatchObject({
    status: 'delivered',
  });
  expect((await call('GET', `${WEBHOOKS_PATH}/${hook.id}/deliveries/none`)).status).toBe(404);
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
    await call('POST', `${WEBHOOKS_PATH}/${hook.id}/deliveries/${id}/redeliver`);
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
  for (let i = 0; i < 3; i++) await call('POST', `${WEBHOOKS_PATH}/${hook.id}/test`);
  await until('three', async () => (await deliveries(hook, '?status=delivered')).length === 3);
  const path = `${WEBHOOKS_PATH}/${hook.id}/deliveries?status=delivered&limit=2`;
  const first = (await call('GET', path)).json as {
    items: DeliveryView[];
    total: number;
    nextCursor: string;
  };
  expect([first.items.length, first.total]).toEqual([2, 3]);
  const second = (await call('GET', `${path}&cursor=${first.nextCursor}`)).json as typeof first;
  expect([second.items.length, second.nextCursor]).toEqual([1, null]);
  expect(
    (await call('GET', `${WEBHOOKS_PATH}/${hook.id}/deliveries?cursor=${first.nextCursor}`)).status,
  ).toBe(422);
  expect((await call('GET', `${WEBHOOKS_PATH}/${hook.id}/deliveries?status=lost`)).status).toBe(422);
});
