import type { Webhook, WebhookStore } from '../../webhooks/webhook.ts';
import type { Connections } from './comments.ts';

const webhookOf = (body: string): Webhook => JSON.parse(body) as Webhook;

/** WebhookStore on SQLite. */
export function createWebhookStore({ db, commits }: Connections): WebhookStore {
  const byId = db.prepare<[string], string>('SELECT body FROM webhooks WHERE id = ?').pluck();
  const every = db.prepare<[], string>('SELECT body FROM webhooks ORDER BY id').pluck();
  return {
    create: (webhook, audited) => commits.execute('createWebhook', { webhook, ...audited }),
    async find(id) {
      const body = byId.get(id);
      return body === undefined ? null : webhookOf(body);
    },
    all: async () => every.all().map(webhookOf),
    replace: (webhook, expected, audited) =>
      commits.execute('replaceWebhook', { webhook, expected, ...audited }),
    remove: (id, audited) => commits.execute('removeWebhook', { id, ...audited }),
  };
}
