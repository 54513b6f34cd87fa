import { type Courier, createCourier } from '../../src/webhooks/courier.ts';
import type { TryResult } from '../../src/webhooks/try-result.ts';
import { freshId, tick } from '../support/builders.ts';
import { startDeliveries, subscribe } from '../support/deliveries.ts';
import { due } from '../support/outbox-builders.ts';
import { startReceiver } from '../support/receiver.ts';
import { commentBody, makeSite, startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** More subscribers than there are tries at once. */
const AT_ALL = 64;
let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** A courier of receivers that have so many messages due each, and answer when they are let. */
async function held({ receivers, each }: { receivers: number; each: number }) {
  const ids = Array.from({ length: receivers }, () => freshId(tick()));
  const messages = ids.flatMap((id) => Array.from({ length: each }, () => due(id, tick())));
  await Promise.all(messages.map((one) => service.deps.outbox.add(one)));
  const told: string[] = [];
  let waiting: ((result: TryResult) => void)[] = [];
  const mailroom = {
    receivers: async () => ids.map((id) => ({ id })),
    call: (_: unknown, { id }: { id: string }) => {
      told.push(id);
      return new Promise<TryResult>((answer) => waiting.push(answer));
    },
    disable: async () => undefined,
  };
  const clock = { now: tick };
  const options = { retrySeconds: [0], timeoutMs: 3_600_000, onTry: () => undefined };
  const courier: Courier = createCourier({ ...service.deps, clock }, mailroom, options);
  return {
    ids,
    told,
    async takeAll(): Promise<void> {
      while ((await courier.round()) > 0);
    },
    async answerAll(): Promise<void> {
      const answers = waiting;
      waiting = [];
      for (const answer of answers) answer({ httpStatus: 204, error: null });
      await courier.settle(3_600_000);
    },
  };
}

test('each of many subscribers is told, though those before it have nothing to be told', async () => {
  const runner = startDeliveries(service.deps);
  const receiver = await startReceiver();
  await makeSite(service.deps, 'quiet');
  await makeSite(service.deps, 'lively');
  for (let i = 0; i < AT_ALL + 1; i++) await subscribe(service, `${receiver.url}/quiet`, { site: 'quiet' });
  await subscribe(service, `${receiver.url}/lively`, { site: 'lively' });
  const path = '/v1/sites/lively/comments';
  expect((await service.call({ method: 'POST', path, body: commentBody() })).status).toBe(201);
  await until('the last of them to be told', () => receiver.received.length > 0);
  expect(receiver.received.map((call) => call.path)).toEqual(['/hook/lively']);
  await runner.stop();
  await receiver.stop();
});

test('however much is due, no more tries than are allowed are under way', async () => {
  const { ids, told, takeAll, answerAll } = await held({ receivers: 40, each: 4 });
  await takeAll();
  expect(told).toHaveLength(AT_ALL);
  expect(new Set(told)).toEqual(new Set(ids));
  await answerAll();
});

test('while all have much to be told, those come next who were not come to', async () => {
  const { ids, told, takeAll, answerAll } = await held({ receivers: 100, each: 3 });
  await takeAll();
  await answerAll();
  await takeAll();
  expect(new Set(told)).toEqual(new Set(ids));
  await answerAll();
});
