import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import { actorOf, type Principal } from '../staff/principal.ts';
import { type Attempt, type Delivery, newDelivery } from './delivery.ts';
import type { DeliveryQuery, Health } from './outbox.ts';
import type { Webhook } from './webhook.ts';
import { findWebhook } from './webhooks.ts';

export interface AttemptView extends Omit<Attempt, 'at'> {
  at: string;
}

/** A delivery as answers show it. */
export interface DeliveryView {
  id: string;
  webhookId: string;
  type: string;
  status: Delivery['status'];
  attempts: AttemptView[];
  nextAttemptAt: string | null;
  createdAt: string;
}

const moment = (at: number | null): string | null => (at === null ? null : timestamp(at));

export function presentDelivery({ id, receiver, message, status, ...rest }: Delivery): DeliveryView {
  return {
    id,
    webhookId: receiver,
    type: message.type,
    status,
    attempts: rest.attempts.map((attempt) => ({ ...attempt, at: timestamp(attempt.at) })),
    nextAttemptAt: moment(rest.nextAt),
    createdAt: timestamp(rest.createdAt),
  };
}

/** How a subscriber fares. */
export interface HealthView {
  /** `failing`: the newest try failed. `gone`: it answered 410 and was disabled for that. */
  state: 'ok' | 'failing' | 'disabled' | 'gone';
  waiting: number;
  dead: number;
  failures: number;
  lastDeliveredAt: string | null;
  lastFailedAt: string | null;
  lastFailure: Health['last'];
}

function stateOf({ enabled, gone }: Webhook, failures: number): HealthView['state'] {
  if (gone) return 'gone';
  if (!enabled) return 'disabled';
  return failures > 0 ? 'failing' : 'ok';
}

const NO_HEALTH: Health = { deliveredAt: null, failedAt: null, failures: 0, last: null, waiting: 0, dead: 0 };

/** The secret is not in it. */
export async function presentWebhooks(deps: Deps, webhooks: Webhook[]): Promise<object[]> {
  const healths = await deps.outbox.health(webhooks.map(({ id }) => id));
  return webhooks.map((webhook) => {
    const { waiting, dead, failures, ...health } = healths.get(webhook.id) ?? NO_HEALTH;
    const { id, url, events, site, enabled, createdBy, version, previous } = webhook;
    const until = previous && previous.until > deps.clock.now() ? previous.until : null;
    return {
      id,
      url,
      events,
      site,
      enabled,
      health: {
        state: stateOf(webhook, failures),
        waiting,
        dead,
        failures,
        lastDeliveredAt: moment(health.deliveredAt),
        lastFailedAt: moment(health.failedAt),
        lastFailure: health.last,
      } satisfies HealthView,
      previousSecretUntil: moment(until),
      createdBy,
      createdAt: timestamp(webhook.createdAt),
      updatedAt: timestamp(webhook.updatedAt),
      version,
    };
  });
}

/** Newest first. Throws `not-found`. */
export async function listDeliveries(
  deps: Deps,
  principal: Principal,
  query: DeliveryQuery,
): Promise<{ items: Delivery[]; total: number }> {
  await findWebhook(deps, principal, query.receiver);
  return deps.outbox.list(query);
}

/** One of that subscriber's. Throws `not-found`. */
export async function findDelivery(
  deps: Deps,
  principal: Principal,
  { webhook, id }: { webhook: string; id: string },
): Promise<Delivery> {
  await findWebhook(deps, principal, webhook);
  const delivery = await deps.outbox.find(id);
  if (delivery?.receiver !== webhook) throw new AppError('not-found');
  return delivery;
}

/** Sends it again, whatever became of it: due at once, with the whole schedule before it. Throws `not-found`. */
export async function redeliver(
  deps: Deps,
  principal: Principal,
  which: { webhook: string; id: string },
): Promise<Delivery> {
  await findDelivery(deps, principal, which);
  const { site, id: subject } = await findWebhook(deps, principal, which.webhook);
  const by = actorOf(principal);
  const act = entryOf(deps, { by, action: 'webhook-redelivered', site, note: which.id, subject });
  const sent = await deps.outbox.redeliver(which.id, deps.clock.now(), { act });
  if (!sent) throw new AppError('not-found');
  return sent;
}

/** Sends a message that says nothing, to see whether the way is open. `event` is a new id. Throws `not-found`. */
export async function sendTest(
  deps: Deps,
  principal: Principal,
  { webhook, event, at }: { webhook: string; event: string; at: number },
): Promise<Delivery> {
  await findWebhook(deps, principal, webhook);
  const delivery = newDelivery(webhook, { type: 'webhook.test', at }, { event, now: at });
  await deps.outbox.add(delivery);
  return (await deps.outbox.find(delivery.id)) ?? delivery;
}
