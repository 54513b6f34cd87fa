import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import type { Webhook } from '../../../webhooks/webhook.ts';
import { createActWriter } from './audit.ts';
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

  const audit = createActWriter(db);

  return {
    createWebhook(_: BatchContext, { webhook, act }: { webhook: Webhook } & Audited): void {
      insert.run(webhook.id, webhook.version, JSON.stringify(webhook));
      audit({ act });
    },
    replaceWebhook(
      _: BatchContext,
      { webhook, expected, act }: { webhook: Webhook; expected: number } & Audited,
    ): boolean {
      const { id, version } = webhook;
      if (update.run(version, JSON.stringify(webhook), id, expected).changes === 0) return false;
      audit({ act });
      return true;
    },
    removeWebhook(_: BatchContext, { id, act }: { id: string } & Audited): boolean {
      if (remove.run(id).changes === 0) return false;
      audit({ act });
      return true;
    },
  };
}
