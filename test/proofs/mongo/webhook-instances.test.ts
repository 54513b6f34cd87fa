import { createApi } from '../../support/api-client.ts';
import type { Installation } from '../../support/built-service.ts';
import { createInstallation } from '../../support/built-service.ts';
import { sentOf } from '../../support/deliveries.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { until } from '../../support/until.ts';

const COMMENTS = 60;

let installation: Installation;
let receiver: Receiver;
beforeAll(async () => {
  installation = createInstallation({ env: { ALLOW_PRIVATE_WEBHOOKS: 'on' } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await installation.dispose();
  await receiver.stop();
});

test('of two processes on one database one brings each message, once', async () => {
  const services = [await installation.start(), await installation.start()];
  const [one, other] = services.map(createApi);
  if (!one || !other) throw new Error('two were started');
  await one.createSite('told');
  const body = { url: receiver.url, events: ['comment.created'], site: 'told' };
  const made = await one.asAdmin({ method: 'POST', path: '/v1/admin/webhooks', body });
  expect(made.status).toBe(201);
  const { id } = JSON.parse(made.text) as { id: string };
  const posted = await inParallel(Array.from({ length: COMMENTS }), 10, async (_, i) => {
    const author = { name: 'A reader', email: 'reader@readers.example' };
    const comment = { page: { url: 'https://told.example/1' }, author, body: `Comment ${i}` };
    return (await (i % 2 ? one : other).posted('told', comment)).comment.id;
  });
  // Each is noted as delivered, so nobody has it in hand any more.
  await until('every delivery', async () => {
    const path = `/v1/admin/webhooks/${id}/deliveries?status=delivered&limit=200`;
    const { total } = JSON.parse((await other.asAdmin({ path })).text) as { total: number };
    return total === COMMENTS;
  });
  const told = receiver.received.map((call) => sentOf(call).data.comment?.id);
  expect(told.sort()).toEqual(posted.sort());
});
