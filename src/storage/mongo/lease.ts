import type { Database } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** At most one instance does a task, most of the time. Whoever relies on it must bear two for a moment. */
export interface Lease {
  /** Takes or renews it; false while another holds it. */
  hold(): Promise<boolean>;
  /** As `hold`, and asks whoever holds it to let it go: false until they have. */
  claim(): Promise<boolean>;
  release(): Promise<void>;
}

/** Milliseconds of the server's clock. */
const LEASE_MS = 5000;
const RENEW_MS = 1500;
/** A claim that is not repeated is forgotten after this, in milliseconds of the server's clock. */
const CLAIM_MS = 3000;

export function createLease({ leases }: Pick<Database, 'leases'>, task: string, holder: string): Lease {
  let heldAt = Number.NEGATIVE_INFINITY;
  let known = false;
  const unclaimed = {
    $or: [{ $in: [{ $ifNull: ['$claimant', null] }, [null, holder]] }, { $lte: ['$claimedUntil', '$$NOW'] }],
  };

  /** A lease that has run out already: the next call contends for it. An upsert can't compare with the server's clock. */
  async function makeKnown(): Promise<void> {
    const expired = { $setOnInsert: { holder: '', until: new Date(0) } };
    await leases.updateOne({ _id: task }, expired, { upsert: true }).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
    known = true;
  }

  async function hold(): Promise<boolean> {
    const asked = performance.now();
    if (asked - heldAt < RENEW_MS) return true;
    const held = heldAt !== Number.NEGATIVE_INFINITY;
    heldAt = Number.NEGATIVE_INFINITY;
    if (!known) await makeKnown();
    const open = { $or: [{ $eq: ['$holder', holder] }, { $lte: ['$until', '$$NOW'] }] };
    const free = { $and: [open, unclaimed] };
    const until = { $add: ['$$NOW', LEASE_MS] };
    const { matchedCount } = await leases.updateOne({ _id: task, $expr: free }, [
      { $set: { holder: { $literal: holder }, until } },
    ]);
    if (matchedCount === 1) heldAt = asked;
    // Somebody waits for it.
    else if (held) await release();
    return matchedCount === 1;
  }

  async function release(): Promise<void> {
    heldAt = Number.NEGATIVE_INFINITY;
    await leases.updateOne({ _id: task, holder }, { $set: { until: new Date(0) } });
  }

  return {
    hold,
    release,
    async claim() {
      if (!known) await makeKnown();
      // Of two that ask the first one is waited for.
      await leases.updateOne({ _id: task, $expr: unclaimed }, [
        { $set: { claimant: { $literal: holder }, claimedUntil: { $add: ['$$NOW', CLAIM_MS] } } },
      ]);
      // A claim repeated is a lease renewed.
      heldAt = Number.NEGATIVE_INFINITY;
      return hold();
    },
  };
}
