import type { Deps } from '../deps.ts';
import type { NumberedEvent } from '../moderation/event-log.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import { messagesOf } from './messages.ts';
import type { Webhook } from './webhook.ts';

/** The outbox among those who take events out of the log. */
export const CONSUMER = 'webhooks';

/** Events of one step: bounds how long other writes wait. */
const STEP = 200;

type Ports = Pick<Deps, 'events' | 'outbox' | 'webhooks' | 'clock'>;

/** The deliveries that events are due, to those who were there when they happened and want them. */
export function deliveriesOf(events: NumberedEvent[], webhooks: Webhook[], now: number): Delivery[] {
  return events.flatMap(({ number, event }) =>
    messagesOf(event).flatMap((message) =>
      webhooks
        .filter(
          ({ enabled, after, site, events: wanted }) =>
            enabled &&
            number > after &&
            (site === null || site === event.site) &&
            (wanted as readonly string[]).includes(message.type),
        )
        .map(({ id }) => newDelivery(id, message, { event: event.id, now })),
    ),
  );
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
  const last = found.at(-1);
  if (!last) return 0;
  const deliveries = deliveriesOf(found, await webhooks.all(), clock.now());
  await outbox.plan({ deliveries, consumer: CONSUMER, upTo: last.number });
  return found.length;
}
