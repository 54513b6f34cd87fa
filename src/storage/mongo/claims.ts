import { type Claim, type ClaimStore, runningUntil } from '../../moderation/claim-store.ts';
import { type Database, DURABLE, type Filter } from './database.ts';
import type { ClaimDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';
import { createKeyedLock } from './keyed-lock.ts';

const claimOf = ({ _id, until, ...rest }: ClaimDoc): Claim => ({
  commentId: _id,
  ...rest,
  until: until.getTime(),
});

/**
 * ClaimStore on MongoDB: one document for each comment. Who inserts it has it; one that has ended is taken
 * over by compare and set. Where neither is possible the upsert finds the id taken.
 */
export function createClaims({ claims }: Pick<Database, 'claims'>): ClaimStore {
  const turns = createKeyedLock();
  const running = (now: number) => {
    const { after, latest } = runningUntil(now);
    return { until: { $gt: new Date(after), $lte: new Date(latest) } };
  };
  const ownedBy = (actorId: string, now: number): Filter<ClaimDoc> => ({ 'by.id': actorId, ...running(now) });

  async function ownIds(actorId: string, ids: string[], now: number): Promise<string[]> {
    const found = claims
      .find({ _id: { $in: ids }, ...ownedBy(actorId, now) })
      .project<{ _id: string }>({ _id: 1 });
    return (await found.batchSize(10_000).toArray()).map(({ _id }) => _id);
  }

  /** What is held, as comment and version. */
  async function heldOf(ids: string[], now: number): Promise<string[]> {
    const found = claims
      .find({ _id: { $in: ids }, ...running(now) })
      .project<{ _id: string; version: number }>({ version: 1 });
    return (await found.batchSize(10_000).toArray()).map(({ _id, version }) => `${_id}/${version}`);
  }

  async function takePart(wanted: Claim[], now: number): Promise<string[]> {
    const { after, latest } = runningUntil(now);
    const over = [{ until: { $lte: new Date(after) } }, { until: { $gt: new Date(latest) } }];
    const ended = (version: number): Filter<ClaimDoc> => ({ $or: [...over, { version: { $lt: version } }] });
    const writes = wanted.map(({ commentId, site, by, until, version }) => ({
      updateOne: {
        filter: { _id: commentId, ...ended(version) },
        update: { $set: { site, by, until: new Date(until), version } },
        upsert: true,
      },
    }));
    let refused = new Map<number, unknown>();
    try {
      await claims.bulkWrite(writes, { ordered: false, writeConcern: DURABLE });
    } catch (error) {
      refused = itemErrors(error);
      for (const failure of refused.values()) if (!isDuplicateKey(failure)) throw failure;
    }
    return wanted.filter((_, i) => !refused.has(i)).map(({ commentId }) => commentId);
  }

  return {
    // Those of one process take turns and look first: at once they would all try for the same oldest ones.
    take: (wanted, { now, most }) =>
      turns.run('take', async () => {
        const held = new Set(
          await heldOf(
            wanted.map(({ commentId }) => commentId),
            now,
          ),
        );
        const free = wanted.filter(({ commentId, version }) => !held.has(`${commentId}/${version}`));
        const taken: string[] = [];
        for (let i = 0; i < free.length && taken.length < most; ) {
          const part = free.slice(i, i + most - taken.length);
          taken.push(...(await takePart(part, now)));
          i += part.length;
        }
        return taken;
      }),
    async of(ids, now) {
      if (ids.length === 0) return [];
      const found = claims.find({ _id: { $in: ids }, ...running(now) }).batchSize(10_000);
      return (await found.toArray()).map(claimOf);
    },
    async heldBy(actorId, now) {
      const found = claims.find(ownedBy(actorId, now)).sort({ _id: 1 }).hint('claims-of-actor');
      return (await found.batchSize(10_000).toArray()).map(claimOf);
    },
    async running(now) {
      const found = claims.find(running(now)).hint('expiry').batchSize(10_000);
      return (await found.toArray()).map(claimOf);
    },
    async renew(actorId, ids, { now, until }) {
      const filter = { _id: { $in: ids }, ...ownedBy(actorId, now) };
      await claims.updateMany(filter, { $set: { until: new Date(until) } }, { writeConcern: DURABLE });
      return ownIds(actorId, ids, now);
    },
    async release(actorId, ids, now) {
      const own = await ownIds(actorId, ids, now);
      await claims.deleteMany({ _id: { $in: own }, 'by.id': actorId }, { writeConcern: DURABLE });
      return own;
    },
  };
}
