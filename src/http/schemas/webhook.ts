import * as z from 'zod';
import { DELIVERY_STATUSES } from '../../webhooks/delivery.ts';
import { WEBHOOK_EVENTS } from '../../webhooks/webhook.ts';
import { actor, timestamp } from './comment.ts';
import { absentOr, line } from './inputs.ts';
import { siteId } from './site.ts';

const URL_LIMIT = 2000;
/** Names of events, some of them twice perhaps. A list without an end would be answered with a word on each. */
const MOST_NAMED = 100;

const url = line(URL_LIMIT).meta({ description: 'https, of a public host' });
const events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(MOST_NAMED)
  .transform((names) => [...new Set(names)]);
const site = siteId.nullish().meta({ description: 'Null: every site' });

export const newWebhook = z.object({ url, events, site, enabled: z.boolean().nullish() });

export const webhookPatch = z.object({
  url: url.optional(),
  events: events.optional(),
  site,
  enabled: z.boolean().nullish().meta({ description: 'What waits goes out when it is enabled again' }),
  version: absentOr(z.int().min(1)),
});

const failure = z.object({ httpStatus: z.int().nullable(), error: z.string().nullable() });

export const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    site: z.string().nullable(),
    enabled: z.boolean(),
    health: z.object({
      state: z.enum(['ok', 'failing', 'disabled', 'gone']).meta({
        description: '`failing`: the newest try failed; `gone`: it answered 410 and was disabled for that',
      }),
      waiting: z.int().min(0).meta({ description: 'Deliveries that wait, counted up to 10,000' }),
      dead: z.int().min(0).meta({ description: 'Deliveries that were given up, counted up to 10,000' }),
      failures: z.int().min(0).meta({ description: 'Failed tries since the last success' }),
      lastDeliveredAt: timestamp.nullable(),
      lastFailedAt: timestamp.nullable(),
      lastFailure: failure.nullable(),
    }),
    previousSecretUntil: timestamp
      .nullable()
      .meta({ description: 'Until then the secret before the current one signs too' }),
    createdBy: actor,
    createdAt: timestamp,
    updatedAt: timestamp,
    version: z.int().min(1),
  })
  .meta({ id: 'Webhook' });

export const webhookSecret = z.object({
  secret: z.string().meta({ description: 'Shown in this answer and never again' }),
  previousSecretUntil: timestamp,
});

export const delivery = z
  .object({
    id: z.string().meta({ description: 'The `webhook-id`, the same on every try' }),
    webhookId: z.string(),
    type: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z
      .array(
        z.object({
          at: timestamp,
          httpStatus: z.int().nullable(),
          error: z.string().nullable().meta({ description: 'Null where it was delivered' }),
          ms: z.int().min(0),
        }),
      )
      .meta({ description: 'The newest 60, oldest first' }),
    nextAttemptAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'Delivery' });
