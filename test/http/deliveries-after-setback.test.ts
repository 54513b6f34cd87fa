import { startDeliveries, subscribe } from '../support/deliveries.ts';
import { startReceiver } from '../support/receiver.ts';
import { ADMIN, commentBody, makeSite, startService, type TestService } from '../support/service.ts';
import type { DeliveryView } from '../support/subscribers.ts';
import { until } from '../support/until.ts';

/** What failed under a clock that was ahead, and is set back then. */

const DAY = 24 * 3_600_000;
const real = Date.now();
let now = real;
let service: TestService;
beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
});
beforeEach(() => {
  now = real + 90 * DAY;
});
afterAll(() => service.stop());

/** A message that its subscriber has refused, with the next try an hour later; it would take it from then on. */
async function refused(site: string) {
  let isUp = false;
  const receiver = await startReceiver((_call, response) => response.writeHead(isUp ? 200 : 500).end());
  await makeSite(service.deps, site);
  const { id } = await subscribe(service, receiver.url, { site });
  const options = { retrySeconds: [0, 3600] };
  const runner = startDeliveries(service.deps, options);
  const body = commentBody();
  expect((await service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body })).status).toBe(201);
  const delivery = async (): Promise<DeliveryView | undefined> => {
    const path = `/v1/admin/webhooks/${id}/deliveries`;
    const { json } = await service.call({ method: 'GET', path, headers: ADMIN });
    return (json as { items: DeliveryView[] }).items[0];
  };
  await until('a failed try', async () => (await delivery())?.attempts.length === 1);
  isUp = true;
  return {
    runner,
    again: () => startDeliveries(service.deps, options),
    arrives: () => until('its arrival', async () => (await delivery())?.status === 'delivered'),
    stop: () => receiver.stop(),
  };
}

test('it is tried again at once, and not when the former time has come again', async () => {
  const { runner, arrives, stop } = await refused('running');
  now = real;
  await arrives();
  await runner.stop();
  await stop();
});

test('it is so after a start, too', async () => {
  const { runner, again, arrives, stop } = await refused('started');
  await runner.stop();
  now = real;
  const next = again();
  await arrives();
  await next.stop();
  await stop();
});
