import type { Clock } from '../../clock.ts';
import {
  type IdempotencyStore,
  KEPT_FOR,
  type KeptRequest,
  type NewRequest,
  notAbandoned,
} from '../../requests/idempotency-store.ts';
import { createBatcher, done, failed, type Outcome } from './batcher.ts';
import { type Database, DURABLE } from './database.ts';
import type { IdempotencyDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

const requestOf = ({ fingerprint, plan, owner, at, answer }: IdempotencyDoc): KeptRequest => ({
  fingerprint,
  plan,
  owner,
  at,
  answer,
});

/** See idempotency-store.ts. Keys are removed by their expiry; one that is due and still there counts as unknown. */
export function createIdempotency(
  { idempotency }: Pick<Database, 'idempotency'>,
  clock: Clock,
): IdempotencyStore {
  const docOf = (key: string, { fingerprint, plan, owner, at }: NewRequest): IdempotencyDoc => ({
    _id: key,
    fingerprint,
    plan,
    owner,
    at,
    answer: null,
    expireAt: new Date(Date.now() + KEPT_FOR),
  });
  const oldest = (): number => clock.now() - KEPT_FOR;

  const begins = createBatcher<IdempotencyDoc, boolean>(async (docs) => {
    try {
      await idempotency.insertMany(docs, { ordered: false, writeConcern: DURABLE });
      return docs.map(() => done(true));
    } catch (error) {
      const failures = itemErrors(error);
      return docs.map((_, i): Outcome<boolean> => {
        const failure = failures.get(i);
        if (!failure) return done(true);
        return isDuplicateKey(failure) ? done(false) : failed(failure);
      });
    }
  });
  const finishes = createBatcher<{ key: string; answer: string }, void>(async (items) => {
    const writes = items.map(({ key, answer }) => ({
      updateOne: { filter: { _id: key }, update: { $set: { answer } } },
    }));
    await idempotency.bulkWrite(writes, { ordered: false, writeConcern: DURABLE });
    return items.map(() => done(undefined));
  });

  /** As the majority has it: an answer that one server alone has kept is of something that it may lose. */
  async function find(key: string): Promise<KeptRequest | null> {
    const doc = await idempotency.findOne({ _id: key }, { readConcern: { level: 'majority' } });
    return doc && doc.at >= oldest() ? requestOf(doc) : null;
  }

  return {
    find,
    async begin(key, request) {
      const doc = docOf(key, request);
      for (;;) {
        if (await begins.add(doc)) return { begun: true };
        const kept = await find(key);
        if (kept) return { begun: false, kept };
        const stale = { _id: key, at: { $lt: oldest() } };
        const { matchedCount } = await idempotency.replaceOne(stale, doc, { writeConcern: DURABLE });
        if (matchedCount === 1) return { begun: true };
      }
    },
    async takeOver(key, owner, plan, at) {
      const { after, until } = notAbandoned(at);
      const abandoned = { _id: key, answer: null, $or: [{ at: { $lte: after } }, { at: { $gt: until } }] };
      const { matchedCount } = await idempotency.updateOne(
        abandoned,
        { $set: { owner, plan, at } },
        { writeConcern: DURABLE },
      );
      return matchedCount === 1;
    },
    finish: (key, answer) => finishes.add({ key, answer }),
    async list(after, limit) {
      const docs = await idempotency
        .find({ _id: { $gt: after } })
        .project<Pick<IdempotencyDoc, '_id' | 'plan' | 'answer'>>({ plan: 1, answer: 1 })
        .sort({ _id: 1 })
        .hint({ _id: 1 })
        .limit(limit)
        .toArray();
      return docs.map(({ _id, ...rest }) => ({ key: _id, ...rest }));
    },
    async forget(key) {
      await idempotency.deleteOne({ _id: key }, { writeConcern: DURABLE });
    },
  };
}
