import type { Subscription, SubscriptionStore } from '../../mail/subscription-store.ts';
import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { SubscriptionDoc } from './subscription-schema.ts';

/** Documents in one go. */
const PART = 500;
const OF_READER = 'subscriptions-of-reader';
const UNCONFIRMED = 'unconfirmed-subscriptions';
const options = { writeConcern: DURABLE };

const subscriptionOf = ({ _id, ...rest }: SubscriptionDoc): Subscription => ({ commentId: _id, ...rest });

/** SubscriptionStore on MongoDB. */
export function createSubscriptions({ subscriptions }: Pick<Database, 'subscriptions'>): SubscriptionStore {
  /** When the reader said that the address is theirs, for another comment; null: never. */
  async function confirmedAt(reader: string): Promise<number | null> {
    const doc = await subscriptions.findOne(
      { reader, confirmedAt: { $ne: null } },
      { projection: { confirmedAt: 1 }, hint: OF_READER },
    );
    return doc?.confirmedAt ?? null;
  }

  return {
    async add({ commentId, ...rest }) {
      const doc = { _id: commentId, ...rest, confirmedAt: await confirmedAt(rest.reader) };
      await subscriptions.insertOne(doc, options).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
    },
    async ofComments(commentIds) {
      return (await subscriptions.find({ _id: { $in: commentIds } }).toArray()).map(subscriptionOf);
    },
    async ofReader({ reader, after = '', limit }) {
      const found = subscriptions
        .find({ reader, _id: { $gt: after } })
        .sort({ _id: 1 })
        .hint(OF_READER)
        .limit(limit);
      return (await found.toArray()).map(subscriptionOf);
    },
    async confirm(reader, at) {
      const filter = { reader, confirmedAt: null };
      const set = { $set: { confirmedAt: at } };
      const { modifiedCount } = await subscriptions.updateMany(filter, set, { ...options, hint: OF_READER });
      return modifiedCount;
    },
    async remove(commentIds) {
      return (await subscriptions.deleteMany({ _id: { $in: commentIds } }, options)).deletedCount;
    },
    async removeReader(reader) {
      return (await subscriptions.deleteMany({ reader }, { ...options, hint: OF_READER })).deletedCount;
    },
    async trim(before) {
      const found = await subscriptions
        .find({ confirmedAt: null, createdAt: { $lt: before } })
        .project<{ _id: string }>({ _id: 1 })
        .hint(UNCONFIRMED)
        .limit(PART)
        .toArray();
      if (found.length === 0) return false;
      await subscriptions.deleteMany(
        { _id: { $in: found.map(({ _id }) => _id) }, confirmedAt: null },
        options,
      );
      return found.length === PART;
    },
  };
}
