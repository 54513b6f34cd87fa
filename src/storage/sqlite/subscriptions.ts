import type { Subscription, SubscriptionStore } from '../../mail/subscription-store.ts';
import type { Connections } from './comments.ts';
import { BOUND_LIMIT } from './rows.ts';

interface SubscriptionRow {
  comment_id: string;
  site: string;
  reader: string;
  email: string;
  created_at: number;
  confirmed_at: number | null;
}

const subscriptionOf = (row: SubscriptionRow): Subscription => ({
  commentId: row.comment_id,
  site: row.site,
  reader: row.reader,
  email: row.email,
  createdAt: row.created_at,
  confirmedAt: row.confirmed_at,
});

/** A reader's, in order; binds reader, comment and limit. */
export function ofReaderSql(): string {
  return `SELECT * FROM subscriptions INDEXED BY subscriptions_of_reader
    WHERE reader = ? AND comment_id > ? ORDER BY comment_id LIMIT ${BOUND_LIMIT}`;
}

/** SubscriptionStore on SQLite. */
export function createSubscriptionStore({ db, commits }: Connections): SubscriptionStore {
  const ofComment = db.prepare<[string], SubscriptionRow>('SELECT * FROM subscriptions WHERE comment_id = ?');
  const ofReader = db.prepare<[string, string, number], SubscriptionRow>(ofReaderSql());
  return {
    add: (subscription) => commits.execute('addSubscription', subscription),
    ofComments: async (commentIds) => commentIds.flatMap((id) => ofComment.get(id) ?? []).map(subscriptionOf),
    ofReader: async ({ reader, after = '', limit }) => ofReader.all(reader, after, limit).map(subscriptionOf),
    confirm: (reader, at) => commits.execute('confirmSubscriptions', { reader, at }),
    remove: (commentIds) => commits.execute('removeSubscriptions', commentIds),
    removeReader: (reader) => commits.execute('removeReader', reader),
    trim: (before) => commits.execute('trimSubscriptions', before),
  };
}
