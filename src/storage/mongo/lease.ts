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
  return {
    async hold() {
      const asked = performance.now();
      if (asked - heldAt < RENEW_MS) return true;
      heldAt = Number.NEGATIVE_INFINITY;
      const free = { $or: [{ $eq: ['$holder', holder] }, { $lte: ['$until', '$$NOW'] }] };
      const until = { $add: ['$$NOW', LEASE_MS] };
      try {
        await leases.updateOne({ _id: task, $expr: free }, [{ $set: { holder: { $literal: holder }, until } }], {
          upsert: true,
        });
        heldAt = asked;
        return true;
      } catch (error) {
        // The upsert found the lease's id taken: it is another's, and still runs.
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async release() {
      heldAt = Number.NEGATIVE_INFINITY;
      await leases.deleteOne({ _id: task, holder });
    },
  };
}
