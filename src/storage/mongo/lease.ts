import type { Database } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** At most one instance does a task, most of the time. Whoever relies on it must bear two for a moment. */
export interface Lease {
  /** Takes or renews it; false while another holds it. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** Milliseconds of the server's clock. */
const LEASE_MS = 5000;
const RENEW_MS = 1500;

export function createLease({ leases }: Pick<Database, 'leases'>, task: string, holder: string): Lease {
  let heldAt = Number.NEGATIVE_INFINITY;
  let known = false;

  /** A lease that has run out already: the next call contends for it. An upsert can't compare with the server's clock. */
  async function makeKnown(): Promise<void> {
    const expired = { $setOnInsert: { holder: '', until: new Date(0) } };
    await leases.updateOne({ _id: task }, expired, { upsert: true }).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
    known = true;
  }

  return {
    async hold() {
      const asked = performance.now();
      if (asked - heldAt < RENEW_MS) return true;
      heldAt = Number.NEGATIVE_INFINITY;
      if (!known) await makeKnown();
      const free = { $or: [{ $eq: ['$holder', holder] }, { $lte: ['$until', '$$NOW'] }] };
      const until = { $add: ['$$NOW', LEASE_MS] };
      const { matchedCount } = await leases.updateOne({ _id: task, $expr: free }, [
        { $set: { holder: { $literal: holder }, until } },
      ]);
      if (matchedCount === 1) heldAt = asked;
      return matchedCount === 1;
    },
    async release() {
      heldAt = Number.NEGATIVE_INFINITY;
      await leases.updateOne({ _id: task, holder }, { $set: { until: new Date(0) } });
    },
  };
}
