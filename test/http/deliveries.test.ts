import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import { isSignedBy, sentOf, typesOf } from '../support/deliveries.ts';
import { useSubscribers, WEBHOOKS_PATH } from '../support/subscribers.ts';
import { until } from '../support/until.ts';

/** What subscribers are told. */
const { call, subscribed, another, post, decide, arrived, deliveries } = useSubscribers();

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
    call('POST', `/v1/comments/${id}/reports`, { headers: {}, body: { reason: 'spam' } }),
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

test('what is told of as before is what the comments said then, also at a try after they were decided on', async () => {
  let fail = (): void => undefined;
  const { site, receiver } = await subscribed(
    ({ text }, response) => {
      if (receiver.received.length > 1) return response.writeHead(204).end();
      expect(text).toContain('author.changed');
      fail = () => response.writeHead(500).end();
    },
    { events: ['author.changed'] },
  );
  const { id } = await post(site);
  const { json } = await call('GET', `/v1/moderation/comments/${id}`);
  const { key } = (json as { author: { key: string } }).author;
  const judgement = { standing: 'banned', existing: 'spam' };
  const judged = await call('PATCH', `/v1/moderation/authors/${key}`, { body: judgement });
  expect(judged.json).toMatchObject({ decided: 1 });
  await arrived(receiver, 1);
  fail();
  const tries = (await arrived(receiver, 2)).map((one) => sentOf(one).data);
  expect(tries).toEqual(Array(2).fill({ author: { key, site, standing: 'banned' }, previous: 'known' }));
});

test('of a person who was erased meanwhile nothing is told any more', async () => {
  let fail = (): void => undefined;
  const { site, receiver, hook } = await subscribed(
    (_, response) => {
      fail = () => response.writeHead(500).end();
    },
    { events: ['author.changed'] },
  );
  const email = 'erased@example.org';
  const { id } = await post(site, { author: { name: 'Mina', email, url: null } });
  const { json } = await call('GET', `/v1/moderation/comments/${id}`);
  const { key } = (json as { author: { key: string } }).author;
  await call('PATCH', `/v1/moderation/authors/${key}`, { body: { standing: 'banned' } });
  await arrived(receiver, 1);
  const erased = await call('POST', '/v1/admin/privacy/erase', { body: { email, mode: 'delete' } });
  expect(erased).toMatchObject({ status: 200, json: { comments: 1 } });
  fail();
  await until('the next try', async () => (await deliveries(hook, '?status=waiting')).length === 0);
  expect(receiver.received).toHaveLength(1);
});

test('only what was asked for is sent, of that site, from then on', async () => {
  const { site, receiver, hook } = await subscribed(undefined, { events: ['comment.approved'] });
  const other = await subscribed(undefined, { events: ['comment.created'] });
  const { id } = await post(site);
  await post(other.site);
  await arrived(receiver, 1);
  await arrived(other.receiver, 1);
  const late = await another(site, [...WEBHOOK_EVENTS]);
  await call('PATCH', `${WEBHOOKS_PATH}/${hook.id}`, { body: { enabled: false } });
  await decide(id, 'spam');
  expect(typesOf(await arrived(late, 1))).toEqual(['comment.spam']);
  expect(typesOf(receiver.received)).toEqual(['comment.approved']);
  expect(typesOf(other.receiver.received)).toEqual(['comment.created']);
});
