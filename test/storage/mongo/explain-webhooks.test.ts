import type { Storage } from '../../../src/storage/storage.ts';
import { newDelivery } from '../../../src/webhooks/delivery.ts';
import { EPOCH } from '../../support/builders.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;
let installation: Installation;
let store: Storage;
const meter = createCostMeter(() => installation);

beforeAll(async () => {
  installation = createMongoInstallation();
  store = await installation.open({ onCommand: meter.onCommand });
  const docs = Array.from({ length: ROWS }, (_, i) => {
    const at = EPOCH + i;
    const delivery = newDelivery(
      `receiver-${i % 4}`,
      { type: 'webhook.test', at },
      { event: `${at}`, now: at },
    );
    const { id, ...rest } = delivery;
    return { _id: id, ...rest };
  });
  await installation.raw((database) =>
    database.collection<(typeof docs)[number]>('deliveries').insertMany(docs),
  );
});
afterAll(() => installation.dispose());

const receiver = 'receiver-1';

test.each([
  ['all', {}],
  ['of a status', { status: 'waiting' as const }],
])('a receiver’s deliveries, %s, are read in the order of an index', async (_name, rest) => {
  const middle = (await store.outbox.list({ receiver, limit: 100 })).items.at(-1);
  for (const before of [undefined, middle?.id]) {
    const query = { receiver, limit: LIMIT, ...rest, ...(before !== undefined && { before }) };
    const found = await meter.costOf(async () => {
      const { items } = await store.outbox.list(query);
      expect(items).toHaveLength(LIMIT);
    }, 'deliveries');
    // The list itself, and the count of its total from the index alone.
    expect(found.docs).toBeLessThanOrEqual(LIMIT);
    expect(found.keys).toBeLessThanOrEqual(2 * LIMIT + ROWS / 4 + 1);
    expect(found.sorted).toBe(false);
  }
});

test('whether anything is due costs one entry of an index, however much waits', async () => {
  const wanted = [
    { receiver, most: 0 },
    { receiver: 'receiver-2', most: 0 },
  ];
  const cost = await meter.costOf(
    () => store.outbox.take({ wanted, room: 10, now: EPOCH + ROWS, until: 0, lease: 'x' }),
    'deliveries',
  );
  expect(cost.keys).toBeLessThanOrEqual(2);
  const none = await meter.costOf(
    () => store.outbox.take({ wanted, room: 10, now: EPOCH - 1, until: 0, lease: 'x' }),
    'deliveries',
  );
  expect(none.docs).toBe(0);
  expect(none.keys).toBeLessThanOrEqual(2 * wanted.length);
});
