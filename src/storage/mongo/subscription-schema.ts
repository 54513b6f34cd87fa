import { Schema } from 'mongoose';
import type { Subscription } from '../../mail/subscription-store.ts';
import { plain } from './schemas.ts';

/** `_id` is the comment's. */
export type SubscriptionDoc = Omit<Subscription, 'commentId'> & { _id: string };

export const subscriptionSchema = new Schema(
  { _id: String, site: String, reader: String, email: String, createdAt: Number, confirmedAt: Number },
  { ...plain, collection: 'subscriptions' },
);
subscriptionSchema.index({ reader: 1, _id: 1 }, { name: 'subscriptions-of-reader' });
subscriptionSchema.index({ site: 1 }, { name: 'subscriptions-of-site' });
subscriptionSchema.index({ confirmedAt: 1, createdAt: 1 }, { name: 'unconfirmed-subscriptions' });
