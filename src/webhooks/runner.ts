import type { Deps } from '../deps.ts';
import { idFloor } from '../ids.ts';
import { bodyOf } from './body.ts';
import { createCourier, type Mailroom, type Turn } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { createHastening } from './hasten.ts';
import { createDeliveryLoop, type DeliveryLoop } from './loop.ts';
import { KEPT_DAYS } from './outbox.ts';
import { CONSUMER, planNext } from './planner.ts';
import { secretsOf } from './secrets.ts';
import { signedHeaders } from './signature.ts';
import { NOTHING_TO_TELL, resultOf, type TryResult } from './try-result.ts';
import type { Webhook } from './webhook.ts';
import { disableGone } from './webhooks.ts';

export interface RunnerOptions {
  retrySeconds: readonly number[];
  timeoutMs: number;
  report(error: unknown): void;
  onTurn?(turn: Turn): void;
}

/** What the deliveries of this process came to since it started. */
export interface DeliveryTallies {
  delivered: number;
  failed: number;
  dead: number;
}

/** Plans deliveries as events come, and brings them. One runs in each process. */
export interface WebhookRunner extends DeliveryLoop {
  readonly tallies: Readonly<DeliveryTallies>;
}

const TRIM_EVERY_MS = 600_000;
const DAY = 24 * 3_600_000;

async function post(deps: Deps, delivery: Delivery, webhook: Webhook, timeoutMs: number): Promise<TryResult> {
  const body = await bodyOf(deps, delivery);
  if (body === null) return NOTHING_TO_TELL;
  const now = deps.clock.now();
  const message = { id: delivery.id, timestamp: Math.floor(now / 1000), body };
  // Opened for a call, not for each look at what is due: there may be hundreds of subscribers.
  const secrets = secretsOf(deps.keys, webhook, now);
  const headers = { 'Content-Type': 'application/json', ...signedHeaders(message, secrets) };
  const { url } = webhook;
  // A receiver's word is its status: the rest of its answer is not waited for.
  return resultOf(await deps.outgoing.send({ url, headers, body, deadlineMs: timeoutMs, maxBytes: 0 }));
}

function mailroomOf(deps: Deps, timeoutMs: number): Mailroom<Webhook> {
  return {
    receivers: async () => (await deps.webhooks.all()).filter(({ enabled }) => enabled),
    call: (delivery, webhook) => post(deps, delivery, webhook, timeoutMs),
    disable: (id) => disableGone(deps, id),
  };
}

export function createWebhookRunner(deps: Deps, options: RunnerOptions): WebhookRunner {
  const { retrySeconds, timeoutMs, report, onTurn } = options;
  const tallies: DeliveryTallies = { delivered: 0, failed: 0, dead: 0 };
  const courier = createCourier(deps, mailroomOf(deps, timeoutMs), {
    retrySeconds,
    timeoutMs,
    onTry(result) {
      tallies[result] += 1;
    },
    ...(onTurn && { onTurn }),
  });

  let trimmedAt = performance.now();
  async function trim(isStopped: () => boolean): Promise<void> {
    if (performance.now() - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = performance.now();
    const now = deps.clock.now();
    const before = {
      delivered: idFloor(now - KEPT_DAYS.delivered * DAY),
      others: idFloor(now - KEPT_DAYS.others * DAY),
    };
    while (!isStopped() && (await deps.outbox.trim(before)));
  }

  // Everybody's deliveries, as with the old ones: those of filters and of mail are in the same box.
  const hasten = createHastening(deps);
  const loop = createDeliveryLoop({
    events: deps.events,
    consumer: CONSUMER,
    plan: () => planNext(deps),
    async tidy(isStopped) {
      await hasten(isStopped);
      await trim(isStopped);
    },
    courier,
    report,
  });
  return { ...loop, tallies };
}
