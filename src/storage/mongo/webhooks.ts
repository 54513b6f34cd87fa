import type { Webhook, WebhookStore } from '../../webhooks/webhook.ts';
import { type Database, DURABLE } from './database.ts';
import type { WebhookDoc } from './webhook-schemas.ts';

const webhookOf = ({ _id, ...rest }: WebhookDoc): Webhook => ({ id: _id, ...rest });

/** WebhookStore on MongoDB. */
export function createWebhooks({ webhooks }: Pick<Database, 'webhooks'>): WebhookStore {
  return {
    async create({ id, ...rest }) {
      await webhooks.insertOne({ _id: id, ...rest }, { writeConcern: DURABLE });
    },
    async find(id) {
      const doc = await webhooks.findOne({ _id: id });
      return doc ? webhookOf(doc) : null;
    },
    async all() {
      return (await webhooks.find().sort({ _id: 1 }).toArray()).map(webhookOf);
    },
    async replace({ id, ...rest }, expected) {
      const filter = { _id: id, version: expected };
      const { matchedCount } = await webhooks.replaceOne(filter, rest, { writeConcern: DURABLE });
      return matchedCount === 1;
    },
    async remove(id) {
      return (await webhooks.deleteOne({ _id: id }, { writeConcern: DURABLE })).deletedCount === 1;
    },
  };
}
