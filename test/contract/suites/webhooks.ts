import { idFloor } from '../../../src/ids.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import type { Attempt, Delivery } from '../../../src/webhooks/delivery.ts';
import type { Webhook } from '../../../src/webhooks/webhook.ts';
import { freshId, tick } from '../../support/builders.ts';
import { due, webhook } from '../../support/outbox-builders.ts';
import type { OpenedStore } from '../../support/stores.ts';

const HOUR = 3_600_000;

const tried = (at: number, error: Attempt['error']): Attempt => ({ at, httpStatus: null, error, ms: 1 });

/** Subscribers, and what is on its way to them. */
export function webhooksContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const outbox = () => store().outbox;

  async function add(receiver: string, count: number): Promise<Delivery[]> {
    const made = Array.from({ length: count }, () => due(receiver, tick()));
    for (const one of made) await outbox().add(one);
    return made;
  }

  const take = (
    receiver: string,
    rest: { most?: number; now?: number; until?: number; lease?: string } = {},
  ) => {
    const { most = 10, now = tick(), until = now + 60_000, lease = freshId(now) } = rest;
    return outbox().take({ wanted: [{ receiver, most }], room: most, now, until, lease });
  };
  const settle = (one: Delivery, rest: Partial<Parameters<Storage['outbox']['settle']>[0]>) =>
    outbox().settle({
      id: one.id,
      receiver: one.receiver,
      lease: one.lease ?? '',
      status: 'delivered',
      nextAt: null,
      tries: one.tries + 1,
      attempt: tried(tick(), null),
      ...rest,
    });
  const idsOf = (found: Delivery[]) => found.map(({ id }) => id);

  it('a subscriber is given back as it was written, until it is taken away', async () => {
    const made = webhook({ site: 'news', previous: { secret: 'older', until: 5 } });
    await store().webhooks.create(made);
    expect(await store().webhooks.find(made.id)).toEqual(made);
    expect(await store().webhooks.all()).toContainEqual(made);
    expect(await store().webhooks.remove(made.id)).toBe(true);
    expect(await store().webhooks.remove(made.id)).toBe(false);
    expect(await store().webhooks.find(made.id)).toBeNull();
  });

  it('of fifty changes of one version one is written', async () => {
    const made = webhook();
    await store().webhooks.create(made);
    const next = (i: number): Webhook => ({ ...made, url: `https://h${i}.example/`, version: 2 });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store().webhooks.replace(next(i), 1)),
    );
    expect(results.filter((written) => written)).toHaveLength(1);
    expect(await store().webhooks.find(made.id)).toEqual(next(results.indexOf(true)));
  });

  it('what is planned twice is there once, and the log’s position moves with it', async () => {
    const [receiver, consumer] = [freshId(tick()), freshId(tick())];
    const start = await store().events.join(consumer);
    const deliveries = [due(receiver, tick(), 'one'), due(receiver, tick(), 'two')];
    await outbox().plan({ deliveries, consumer, upTo: start + 2 });
    await outbox().plan({ deliveries, consumer, upTo: start + 1 });
    expect(await store().events.position(consumer)).toBe(start + 2);
    expect((await outbox().list({ receiver, limit: 10 })).total).toBe(2);
    expect(await outbox().find(deliveries[0]?.id ?? '')).toEqual(deliveries[0]);
    expect(await outbox().mayPlan()).toBe(true);
  });

  it('what is due is taken once, the longest due first, and again when the lease ends', async () => {
    const receiver = freshId(tick());
    const made = await add(receiver, 5);
    expect(await take(receiver, { now: (made[0]?.nextAt ?? 0) - 1 })).toEqual([]);
    const now = tick();
    const until = now + 1000;
    const first = await take(receiver, { most: 2, now, until, lease: 'mine' });
    expect(idsOf(first)).toEqual(idsOf(made.slice(0, 2)));
    expect(first[0]).toMatchObject({ lease: 'mine', nextAt: until });
    const rest = await Promise.all(Array.from({ length: 20 }, () => take(receiver, { now, until })));
    expect(idsOf(rest.flat()).sort()).toEqual(idsOf(made.slice(2)));
    const again = await take(receiver, { now: until, lease: 'other' });
    expect(idsOf(again).sort()).toEqual(idsOf(made));
    const [late] = first;
    expect(late && (await settle(late, {}))).toBe(false);
    expect(await outbox().find(late?.id ?? '')).toMatchObject({
      status: 'waiting',
      attempts: [],
      lease: 'other',
    });
  });

  it('of several receivers each gives as many as were asked for', async () => {
    const [one, other] = [freshId(tick()), freshId(tick())];
    await add(one, 4);
    await add(other, 4);
    const wanted = [
      { receiver: one, most: 1 },
      { receiver: other, most: 3 },
    ];
    const now = tick();
    const taken = await outbox().take({ wanted, room: 10, now, until: now + 1000, lease: 'x' });
    expect(taken.map(({ receiver }) => receiver)).toEqual([one, other, other, other]);
  });

  it('of more receivers than there is room for those give that were named first', async () => {
    const receivers = Array.from({ length: 70 }, () => freshId(tick()));
    const withSome = receivers.filter((_, i) => i === 3 || i > 66);
    for (const receiver of withSome) await add(receiver, 3);
    const wanted = receivers.map((receiver) => ({ receiver, most: 2 }));
    const now = tick();
    const take = async () => {
      const taken = await outbox().take({ wanted, room: 5, now, until: now + 60_000, lease: freshId(now) });
      return taken.map(({ receiver }) => withSome.indexOf(receiver));
    };
    expect(await take()).toEqual([0, 0, 1, 1, 2]);
    expect(await take()).toEqual([0, 1, 2, 2, 3]);
    expect(await take()).toEqual([3, 3]);
  });

  it('a try is kept with what it came to, and how the receiver fares is known', async () => {
    const receiver = freshId(tick());
    const [made] = await add(receiver, 1);
    await add(receiver, 1);
    const [held] = await take(receiver, { most: 1 });
    const failure = { ...tried(tick(), 'status'), httpStatus: 500 };
    const nextAt = tick() + 5000;
    expect(held && (await settle(held, { status: 'waiting', nextAt, attempt: failure }))).toBe(true);
    expect(await outbox().find(made?.id ?? '')).toMatchObject({
      status: 'waiting',
      nextAt,
      tries: 1,
      lease: null,
    });
    const [again] = await take(receiver, { now: nextAt, most: 2 }).then((all) =>
      all.filter(({ id }) => id === made?.id),
    );
    const health = async () => (await outbox().health([receiver])).get(receiver);
    expect(await health()).toEqual({
      deliveredAt: null,
      failedAt: failure.at,
      failures: 1,
      last: { httpStatus: 500, error: 'status' },
      waiting: 2,
      dead: 0,
    });
    const success = tried(tick(), null);
    expect(again && (await settle(again, { attempt: success }))).toBe(true);
    expect(await outbox().find(made?.id ?? '')).toMatchObject({
      status: 'delivered',
      attempts: [failure, success],
      nextAt: null,
    });
    expect(await health()).toMatchObject({ deliveredAt: success.at, failures: 0, waiting: 1 });
  });

  it('tries that fail at the same time count each', async () => {
    const receiver = freshId(tick());
    await add(receiver, 20);
    const taken = await take(receiver, { most: 20 });
    await Promise.all(
      taken.map((one) => settle(one, { status: 'dead', nextAt: null, attempt: tried(tick(), 'status') })),
    );
    expect((await outbox().health([receiver])).get(receiver)).toMatchObject({ failures: 20, dead: 20 });
  });

  it('what is sent again is due at once, with every try before it, whoever has it', async () => {
    const receiver = freshId(tick());
    await add(receiver, 1);
    const [held] = await take(receiver);
    const now = tick();
    const sent = await outbox().redeliver(held?.id ?? '', now);
    expect(sent).toMatchObject({ status: 'waiting', tries: 0, nextAt: now, lease: null });
    expect(held && (await settle(held, {}))).toBe(false);
    expect(idsOf(await take(receiver, { now }))).toEqual([held?.id]);
    expect(await outbox().redeliver('nothing', now)).toBeNull();
  });

  it('what waits in vain since a clock was set back is due at once, and only that', async () => {
    const receiver = freshId(tick());
    const now = tick();
    const ahead = now + 3 * 24 * HOUR;
    const failedAt = async (one: Delivery, at: number, nextAt: number) => {
      const [held] = await take(receiver, { most: 1, now: at });
      expect(held?.id).toBe(one.id);
      const attempt = tried(at, 'status');
      expect(held && (await settle(held, { status: 'waiting', nextAt, attempt }))).toBe(true);
    };
    const [astray] = await add(receiver, 1);
    await failedAt(astray as Delivery, ahead, ahead + 5000);
    const [late] = await add(receiver, 1);
    await failedAt(late as Delivery, tick(), now + 20 * HOUR);
    const [held] = await add(receiver, 1);
    await take(receiver, { most: 1, now: now + HOUR, until: now + 60_000, lease: 'running' });
    const untried = due(receiver, ahead);
    await outbox().add(untried);
    for (let after: string | null = ''; after !== null; ) after = await outbox().hasten({ now, after });
    const found = async ({ id = '' }: Partial<Delivery> = {}) => outbox().find(id);
    expect(await found(late)).toMatchObject({ tries: 1, nextAt: now + 20 * HOUR });
    expect(await found(astray)).toMatchObject({ tries: 1, nextAt: now, lease: null });
    expect(await found(held)).toMatchObject({ nextAt: now + 60_000, lease: 'running' });
    expect(await found(untried)).toMatchObject({ tries: 0, nextAt: now });
    expect(idsOf(await take(receiver, { now })).sort()).toEqual([astray?.id, untried.id].sort());
  });

  it('they are walked in parts, each once', async () => {
    const receiver = freshId(tick());
    const ahead = tick() + 3 * 24 * HOUR;
    const deliveries = Array.from({ length: 1100 }, (_, i) => due(receiver, ahead, `astray-${i}`));
    await outbox().plan({ deliveries, consumer: freshId(tick()), upTo: 0 });
    const now = tick();
    let parts = 0;
    for (let after: string | null = ''; after !== null; parts++)
      after = await outbox().hasten({ now, after });
    expect(parts).toBeGreaterThan(2);
    expect(await take(receiver, { now, most: 2000 })).toHaveLength(1100);
  });

  it('the list is walked newest first, by status or not, with its total', async () => {
    const receiver = freshId(tick());
    const made = await add(receiver, 6);
    for (const held of await take(receiver, { most: 3 })) await settle(held, {});
    const newest = idsOf(made).reverse();
    const first = await outbox().list({ receiver, limit: 4 });
    expect([idsOf(first.items), first.total]).toEqual([newest.slice(0, 4), 6]);
    const second = await outbox().list({ receiver, limit: 4, before: newest[3] ?? '' });
    expect(idsOf(second.items)).toEqual(newest.slice(4));
    const delivered = await outbox().list({ receiver, status: 'delivered', limit: 2 });
    expect([idsOf(delivered.items), delivered.total]).toEqual([newest.slice(3, 5), 3]);
    expect((await outbox().list({ receiver, status: 'dead', limit: 2 })).total).toBe(0);
  });

  it('old ones go: the delivered sooner than the others; a receiver’s go with it', async () => {
    const receiver = freshId(tick());
    const made = await add(receiver, 4);
    for (const held of await take(receiver, { most: 2 })) await settle(held, {});
    const floor = (one: Delivery | undefined) => idFloor(one?.createdAt ?? 0);
    expect(await outbox().trim({ delivered: floor(made[1]), others: '0' })).toBe(false);
    const left = async () => idsOf((await outbox().list({ receiver, limit: 9 })).items).reverse();
    expect(await left()).toEqual(idsOf(made.slice(1)));
    await outbox().trim({ delivered: '0', others: floor(made[3]) });
    expect(await left()).toEqual([made[1]?.id, made[3]?.id]);
    while (await outbox().clear(receiver));
    expect(await left()).toEqual([]);
  });

  it('what waits is counted, and how long the oldest has waited', async () => {
    const before = await outbox().depth();
    await add(freshId(tick()), 3);
    const after = await outbox().depth();
    expect(after.waiting).toBe(before.waiting + 3);
    expect(after.oldestAt).not.toBeNull();
  });

  it('deliveries and subscribers are there after the store was opened again, and none is held for long', async () => {
    const made = webhook();
    await store().webhooks.create(made);
    const [one] = await add(made.id, 1);
    await opened().reopen();
    expect(await store().webhooks.find(made.id)).toEqual(made);
    expect(await outbox().find(one?.id ?? '')).toMatchObject({ status: 'waiting' });
  });
}
