import type { Webhook, WebhookStore } from '../../webhooks/webhook.ts';
import { replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE } from './database.ts';
import type { WebhookDoc } from './webhook-schemas.ts';

const webhookOf = (doc: WebhookDoc): Webhook => {
  const { _id: id, ...rest } = withoutActs(doc);
  return { id, ...rest };
};

/** WebhookStore on MongoDB. */
export function createWebhooks({ webhooks }: Pick<Database, 'webhooks'>, acts: Acts): WebhookStore {
  return {
    async create({ id, ...rest }, audited) {
      await webhooks.insertOne(withAct({ _id: id, ...rest }, audited), { writeConcern: DURABLE });
      await acts.tell('webhooks', id, audited);
    },
    async find(id) {
      const doc = await webhooks.findOne({ _id: id });
      return doc ? webhookOf(doc) : null;
    },
    async all() {
      return (await webhooks.find().sort({ _id: 1 }).toArray()).map(webhookOf);
    },
    async replace({ id, ...rest }, expected, audited) {
      const filter = { _id: id, version: expected };
      const update = replaceWith(rest, audited);
      const { matchedCount } = await webhooks.updateOne(filter, update, { writeConcern: DURABLE });
      if (matchedCount === 0) return false;
      await acts.tell('webhooks', id, audited);
      return true;
    },
    remove: (id, audited) => acts.remove('webhooks', id, audited),
  };
}
