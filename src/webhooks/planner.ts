import type { Deps } from '../deps.ts';
import type { NumberedEvent } from '../moderation/event-log.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import { messagesOf } from './messages.ts';
import type { Webhook } from './webhook.ts';

/** The outbox among those who take events out of the log. */
export const CONSUMER = 'webhooks';

/** Events of one step, and deliveries, but for those of a single event: bounds how long other writes wait. */
const STEP = 200;
const DELIVERIES = 500;

interface Part {
  deliveries: Delivery[];
  /** So many events, from the first. */
  count: number;
}

type Ports = Pick<Deps, 'events' | 'outbox' | 'webhooks' | 'clock'>;

/** The deliveries that an event is due, to those who were there when it happened and want it. */
function deliveriesOf({ number, event }: NumberedEvent, webhooks: Webhook[], now: number): Delivery[] {
  return messagesOf(event).flatMap((message) =>
    webhooks
      .filter(
        ({ enabled, after, site, events: wanted }) =>
          enabled &&
          number > after &&
          (site === null || site === event.site) &&
          (wanted as readonly string[]).includes(message.type),
      )
      .map(({ id }) => newDelivery(id, message, { event: event.id, now })),
  );
}

/** What goes together of these events: they are counted by what they are due. */
function partOf(events: NumberedEvent[], webhooks: Webhook[], now: number): Part {
  const deliveries: Delivery[] = [];
  let count = 0;
  for (const event of events) {
    const due = deliveriesOf(event, webhooks, now);
    if (count > 0 && deliveries.length + due.length > DELIVERIES) break;
    deliveries.push(...due);
    count += 1;
  }
  return { deliveries, count };
}

/**
 * Plans the deliveries of the next events; how many events it took. Done again after a crash it plans the same
 * ones, which changes nothing.
 */
export async function planNext({ events, outbox, webhooks, clock }: Ports): Promise<number> {
  const position = await events.position(CONSUMER);
  if (position === null || !(await outbox.mayPlan())) return 0;
  // Events first: whoever subscribes after they were read has heard of a greater number.
  const found = await events.after(position, STEP);
  const { deliveries, count } = partOf(found, await webhooks.all(), clock.now());
  const last = found[count - 1];
  if (!last) return 0;
  await outbox.plan({ deliveries, consumer: CONSUMER, upTo: last.number });
  return count;
}
