import { type Delivery, newDelivery } from '../../src/webhooks/delivery.ts';
import type { Webhook } from '../../src/webhooks/webhook.ts';
import { freshId, MODERATOR, tick } from './builders.ts';

/** A subscriber as a store keeps it. */
export function webhook(rest: Partial<Webhook> = {}): Webhook {
  const at = tick();
  return {
    id: freshId(at),
    url: 'https://hooks.example/',
    events: ['comment.created'],
    site: null,
    enabled: true,
    gone: false,
    secret: 'sealed',
    previous: null,
    after: 0,
    createdBy: MODERATOR,
    createdAt: at,
    updatedAt: at,
    version: 1,
    ...rest,
  };
}

/** What is to be sent to a receiver at that moment. */
export const due = (receiver: string, at: number, event = freshId(at)): Delivery =>
  newDelivery(receiver, { type: 'webhook.test', at }, { event, now: at });
