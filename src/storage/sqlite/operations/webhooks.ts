import type { Database } from 'better-sqlite3';
import type { Webhook } from '../../../webhooks/webhook.ts';
import type { BatchContext } from './batch-context.ts';

/** The operations behind WebhookStore. */
export function createWebhooks(db: Database) {
  const insert = db.prepare<[string, number, string]>(
    'INSERT INTO webhooks (id, version, body) VALUES (?, ?, ?)',
  );
  const update = db.prepare<[number, string, string, number]>(
    'UPDATE webhooks SET version = ?, body = ? WHERE id = ? AND version = ?',
  );
  const remove = db.prepare<[string]>('DELETE FROM webhooks WHERE id = ?');

  return {
    createWebhook(_: BatchContext, webhook: Webhook): void {
      insert.run(webhook.id, webhook.version, JSON.stringify(webhook));
    },
    replaceWebhook(_: BatchContext, { webhook, expected }: { webhook: Webhook; expected: number }): boolean {
      return update.run(webhook.version, JSON.stringify(webhook), webhook.id, expected).changes > 0;
    },
    removeWebhook(_: BatchContext, id: string): boolean {
      return remove.run(id).changes > 0;
    },
  };
}
