import type { NumberedEvent } from '../../../src/moderation/event-log.ts';
import type { Delivery } from '../../../src/webhooks/delivery.ts';
import { CONSUMER, planNext } from '../../../src/webhooks/planner.ts';
import { freshId, tick } from '../../support/builders.ts';
import { webhook } from '../../support/outbox-builders.ts';

const judged = (number: number): NumberedEvent => {
  const at = tick();
  const [from, to] = ['new', 'trusted'] as const;
  const event = {
    id: freshId(at),
    type: 'standing' as const,
    at,
    site: 'news',
    key: 'k',
    from,
    to,
  };
  return { number, event };
};

/** A log of so many events, what is written at a time, and how often one has to look until all are planned. */
async function planAll({ events, subscribers }: { events: number; subscribers: number }) {
  const log = Array.from({ length: events }, (_, i) => judged(i + 1));
  const all = Array.from({ length: subscribers }, () => webhook({ events: ['author.changed'] }));
  let position = 0;
  const parts: Delivery[][] = [];
  const ports = {
    events: {
      position: async (consumer: string) => (consumer === CONSUMER ? position : null),
      after: async (number: number, limit: number) => log.slice(number, number + limit),
    },
    outbox: {
      mayPlan: async () => true,
      plan: async ({ deliveries, upTo }: { deliveries: Delivery[]; upTo: number }) => {
        parts.push(deliveries);
        position = upTo;
      },
    },
    webhooks: { all: async () => all },
    clock: { now: tick },
  };
  let taken = 0;
  for (let count = -1; count !== 0; taken += count) count = await planNext(ports as never);
  return { parts, taken, position };
}

test('what many subscribers are due is written in parts that nobody has to wait for', async () => {
  const { parts, taken, position } = await planAll({ events: 250, subscribers: 120 });
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(500);
  const due = parts.flat().map(({ id }) => id);
  expect(due).toHaveLength(250 * 120);
  expect(new Set(due).size).toBe(due.length);
  expect([taken, position]).toEqual([250, 250]);
});

test('an event that more are told of than go together is one part, and those of which nobody is told cost none', async () => {
  const many = await planAll({ events: 3, subscribers: 700 });
  expect(many.parts.map((part) => part.length)).toEqual([700, 700, 700]);
  const none = await planAll({ events: 250, subscribers: 0 });
  expect(none.parts).toEqual([[], []]);
});
