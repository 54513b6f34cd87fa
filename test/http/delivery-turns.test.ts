import type { Turn } from '../../src/webhooks/courier.ts';
import type { WebhookRunner } from '../../src/webhooks/runner.ts';
import { startDeliveries, subscribe } from '../support/deliveries.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { commentBody, makeSite, startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** What the operator is told of a subscriber that fails: where it takes another turn, and not of every try. */
let service: TestService;
let runner: WebhookRunner;
let receiver: Receiver;
let answer = 500;
const turns: Turn[] = [];

beforeAll(async () => {
  service = await startService();
  runner = startDeliveries(service.deps, {
    retrySeconds: [0, 0, 0],
    onTurn: (turn) => void turns.push(turn),
  });
  receiver = await startReceiver((_call, response) => response.writeHead(answer).end());
});
afterAll(async () => {
  await runner.stop();
  await receiver.stop();
  await service.stop();
});

const told = (): string[] => turns.map(({ what, httpStatus }) => `${what} ${httpStatus}`);

async function post(body: string): Promise<void> {
  const path = '/v1/sites/turns/comments';
  const { status } = await service.call({ method: 'POST', path, body: commentBody({ body }) });
  expect(status).toBe(201);
}

test('that it fails is said once, that a delivery is given up each time, and when it answers again or is gone', async () => {
  await makeSite(service.deps, 'turns');
  const { id } = await subscribe(service, receiver.url, { site: 'turns' });
  await post('one');
  await until('a first message to be given up', () => told().length === 2);
  await post('two');
  await until('a second to be given up', () => told().length === 3);
  expect(told()).toEqual(['fails 500', 'dead 500', 'dead 500']);
  expect(receiver.received).toHaveLength(6);
  answer = 200;
  await post('three');
  await post('four');
  await until('an answer', () => receiver.received.length === 8 && told().length === 4);
  answer = 410;
  await post('five');
  await until('the end', () => told().length === 5);
  expect(told().slice(3)).toEqual(['answers 200', 'gone 410']);
  expect(new Set(turns.map((turn) => turn.receiver))).toEqual(new Set([id]));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(turns.every(({ delivery }) => ids.includes(delivery))).toBe(true);
});
