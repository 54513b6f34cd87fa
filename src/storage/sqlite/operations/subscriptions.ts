import type { Database } from 'better-sqlite3';
import type { Subscription } from '../../../mail/subscription-store.ts';
import { BOUND_LIMIT } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';

/** Rows in one go: so few that nobody who writes waits for it. */
const ROWS = 500;

/** Those that were never confirmed; binds moment and limit. */
export function unconfirmedSql(): string {
  return `SELECT comment_id FROM subscriptions INDEXED BY subscriptions_unconfirmed
    WHERE confirmed_at IS NULL AND created_at < ? LIMIT ${BOUND_LIMIT}`;
}

/** The operations behind SubscriptionStore. What is taken away is overwritten in the file, as in an erasure. */
export function createSubscriptions(db: Database) {
  const add = db.prepare<[Omit<Subscription, 'confirmedAt'>]>(
    `INSERT INTO subscriptions (comment_id, site, reader, email, created_at, confirmed_at)
     VALUES (@commentId, @site, @reader, @email, @createdAt,
       (SELECT max(confirmed_at) FROM subscriptions INDEXED BY subscriptions_of_reader WHERE reader = @reader))
     ON CONFLICT DO NOTHING`,
  );
  const confirm = db.prepare<[number, string]>(
    'UPDATE subscriptions SET confirmed_at = ? WHERE reader = ? AND confirmed_at IS NULL',
  );
  const remove = db.prepare<[string]>('DELETE FROM subscriptions WHERE comment_id = ?');
  const removeReader = db.prepare<[string]>('DELETE FROM subscriptions WHERE reader = ?');
  const trim = db.prepare<[number, number]>(
    `DELETE FROM subscriptions WHERE comment_id IN (${unconfirmedSql()})`,
  );
  const erased = (context: BatchContext, count: number): number => {
    if (count > 0) context.erased();
    return count;
  };

  return {
    addSubscription(_: BatchContext, subscription: Omit<Subscription, 'confirmedAt'>): void {
      add.run(subscription);
    },

    confirmSubscriptions(_: BatchContext, { reader, at }: { reader: string; at: number }): number {
      return confirm.run(at, reader).changes;
    },

    removeSubscriptions(context: BatchContext, commentIds: string[]): number {
      const removed = commentIds.reduce((count, id) => count + remove.run(id).changes, 0);
      return erased(context, removed);
    },

    removeReader(context: BatchContext, reader: string): number {
      return erased(context, removeReader.run(reader).changes);
    },

    trimSubscriptions(context: BatchContext, before: number): boolean {
      return erased(context, trim.run(before, ROWS).changes) === ROWS;
    },
  };
}
