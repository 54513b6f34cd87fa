import type { Database } from 'better-sqlite3';
import type { Clock } from '../../clock.ts';
import { storeUnavailable } from '../../errors.ts';
import type { GroupCommit } from './group-commit.ts';

/** A probe that succeeded answers for this long, in milliseconds; one that failed for no time at all. */
const FRESH_FOR = 1000;

export interface ReadinessOptions {
  db: Database;
  commits: GroupCommit;
  clock: Clock;
}

/**
 * Whether the store can be read and written, found out by doing both. Checks that come at once share one
 * write. After a batch has failed nothing but a new write that succeeds counts.
 */
export function createReadiness({ db, commits, clock }: ReadinessOptions): () => Promise<void> {
  const read = db.prepare('SELECT count(*) FROM probe');
  let provenAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<void> | undefined;

  async function probe(): Promise<void> {
    const at = clock.now();
    try {
      read.get();
    } catch (error) {
      throw storeUnavailable(error);
    }
    await commits.execute('probe', at);
    provenAt = at;
  }

  return () => {
    const age = clock.now() - provenAt;
    if (!commits.isAiling() && age >= 0 && age < FRESH_FOR) return Promise.resolve();
    probing ??= probe().finally(() => {
      probing = undefined;
    });
    return probing;
  };
}
