import { groupBy } from '../../group-by.ts';
import { CLOCKS_DIFFER_MS, type LimitStore } from '../../requests/limit-store.ts';
import { createBatcher, done } from './batcher.ts';
import { type Database, RELAXED } from './database.ts';
import type { LimitDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

interface Hit {
  key: string;
  windowMs: number;
  now: number;
}

interface Window {
  hits: number;
  resetAt: number;
}

/**
 * Fixed windows that instances count together. Hits that arrive together on one key are one write, and
 * distinct keys share a bulk. A bulk does not tell what it made of each document, so every instance leaves
 * there (`seen`) what the count was after its own hits: hits of others in between don't blur its answer.
 */
export function createLimits({ limits }: Pick<Database, 'limits'>, instance: string): LimitStore {
  /** One write for all hits of a key. */
  function writeOf(key: string, hits: Hit[]) {
    const { windowMs = 0, now = 0 } = hits.at(-1) ?? {};
    const resetAt = { $ifNull: ['$resetAt', 0] };
    const running = {
      $and: [{ $gt: [resetAt, now] }, { $lte: [resetAt, now + windowMs + CLOCKS_DIFFER_MS] }],
    };
    const count = { $add: [{ $cond: [running, '$hits', 0] }, hits.length] };
    const update = [
      {
        $set: {
          hits: count,
          resetAt: { $cond: [running, '$resetAt', now + windowMs] },
          seen: { $cond: [running, { $ifNull: ['$seen', {}] }, {}] },
          expireAt: { $cond: [running, '$expireAt', { $add: ['$$NOW', windowMs + CLOCKS_DIFFER_MS] }] },
        },
      },
      { $set: { [`seen.${instance}`]: '$hits' } },
    ];
    return { updateOne: { filter: { _id: key }, update, upsert: true } };
  }

  async function write(groups: Map<string, Hit[]>): Promise<void> {
    const keys = [...groups.keys()];
    const writes = [...groups].map(([key, hits]) => writeOf(key, hits));
    try {
      await limits.bulkWrite(writes, { ordered: false, writeConcern: RELAXED });
    } catch (error) {
      // Two instances met a new key at once: the one whose insert came second adds to it now.
      const failures = itemErrors(error);
      for (const failure of failures.values()) if (!isDuplicateKey(failure)) throw failure;
      const again = keys.filter((_, i) => failures.has(i));
      await write(new Map(again.map((key) => [key, groups.get(key) ?? []])));
    }
  }

  const windowsOf = async (keys: string[]): Promise<Map<string, Window>> => {
    const docs = await limits.find({ _id: { $in: keys } }).toArray();
    return new Map(
      docs.map((doc: LimitDoc) => [doc._id, { hits: doc.seen[instance] ?? doc.hits, resetAt: doc.resetAt }]),
    );
  };

  /** Of one key alone one command writes and tells. */
  async function writeOne(key: string, hits: Hit[]): Promise<Map<string, Window>> {
    const { filter, update } = writeOf(key, hits).updateOne;
    const options = { upsert: true, returnDocument: 'after', writeConcern: RELAXED } as const;
    const write = () => limits.findOneAndUpdate(filter, update, options);
    const doc = await write().catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      return write();
    });
    return new Map(doc ? [[key, { hits: doc.hits, resetAt: doc.resetAt }]] : []);
  }

  async function writeMany(groups: Map<string, Hit[]>): Promise<Map<string, Window>> {
    await write(groups);
    return windowsOf([...groups.keys()]);
  }

  const batcher = createBatcher<Hit, Window>(async (hits) => {
    const groups = groupBy(hits, (hit) => hit.key);
    const [only] = groups;
    const windows = await (only && groups.size === 1 ? writeOne(...only) : writeMany(groups));
    const ranks = new Map<string, number>();
    return hits.map(({ key, windowMs, now }) => {
      const window = windows.get(key) ?? { hits: 1, resetAt: now + windowMs };
      const rank = (ranks.get(key) ?? 0) + 1;
      ranks.set(key, rank);
      return done({ hits: window.hits - (groups.get(key)?.length ?? 0) + rank, resetAt: window.resetAt });
    });
  });

  return {
    hit: (key, windowMs, now) => batcher.add({ key, windowMs, now }),
  };
}
