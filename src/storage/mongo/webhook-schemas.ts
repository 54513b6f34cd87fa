import { Schema } from 'mongoose';
import type { Delivery } from '../../webhooks/delivery.ts';
import type { TrackRecord } from '../../webhooks/outbox.ts';
import type { Webhook } from '../../webhooks/webhook.ts';
import { type Acting, carryActs } from './acting.ts';
import { plain } from './schemas.ts';

const { Mixed } = Schema.Types;

export type WebhookDoc = Omit<Webhook, 'id'> & Acting & { _id: string };
export type DeliveryDoc = Omit<Delivery, 'id'> & Acting & { _id: string };
/** `_id` is the receiver. */
export type DeliveryRecordDoc = TrackRecord & { _id: string };

export const webhookSchema = new Schema(
  {
    _id: String,
    url: String,
    events: [String],
    site: String,
    enabled: Boolean,
    gone: Boolean,
    secret: String,
    previous: Mixed,
    after: Number,
    createdBy: Mixed,
    createdAt: Number,
    updatedAt: Number,
    version: Number,
  },
  { ...plain, collection: 'webhooks' },
);
carryActs(webhookSchema);

/** See delivery.ts. `nextAt` is by the clock of the instance that wrote it, as is the lease that it ends. */
export const deliverySchema = new Schema(
  {
    _id: String,
    receiver: String,
    message: Mixed,
    status: String,
    tries: Number,
    attempts: [Mixed],
    nextAt: Number,
    lease: String,
    createdAt: Number,
  },
  { ...plain, collection: 'deliveries' },
);
carryActs(deliverySchema);
deliverySchema.index(
  { receiver: 1, nextAt: 1 },
  { name: 'due-deliveries', partialFilterExpression: { status: 'waiting' } },
);
deliverySchema.index({ receiver: 1, _id: 1 }, { name: 'deliveries-of-receiver' });
deliverySchema.index({ receiver: 1, status: 1, _id: 1 }, { name: 'deliveries-by-status' });
deliverySchema.index({ status: 1, _id: 1 }, { name: 'kept-deliveries' });

export const deliveryRecordSchema = new Schema(
  { _id: String, deliveredAt: Number, failedAt: Number, failures: Number, last: Mixed },
  { ...plain, collection: 'delivery-records' },
);
