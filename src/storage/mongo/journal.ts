import type { Counts } from '../../comments/counts.ts';
import { createBatcher, done } from './batcher.ts';
import type { TailOwner } from './comment-doc.ts';
import type { Database } from './database.ts';
import type { JournalDoc, SiteTally } from './documents.ts';

/** The journal as a reader needs it; `folding` and the sums are empty once the batch is done. */
export interface JournalView {
  seq: number;
  /** Comment id → the `n` up to which its tail is in the batch. */
  folding: Map<string, number>;
  counters: Map<string, Partial<Counts>>;
  replies: Map<string, number>;
  tallies: SiteTally[];
}

export const JOURNAL_ID = 'fold';

export function viewOf(doc: JournalDoc | null): JournalView {
  const busy = doc?.state === 'applying' ? doc : null;
  return {
    seq: doc?.seq ?? 0,
    folding: new Map(busy?.entries.map((entry) => [entry.id, entry.n])),
    counters: new Map(busy?.counters.map((counter) => [counter.scope, counter.by])),
    replies: new Map(busy?.replies.map((reply) => [reply.id, reply.by])),
    tallies: busy?.tallies ?? [],
  };
}

/**
 * Reads counters and what is not folded yet as one truth. `read` may ask for both in any order: when no
 * batch began between the journal's reading before and after it, each change is in exactly one of
 *   - a counter whose `batch` has reached the journal's,
 *   - the journal's own sums, for a counter that has not,
 *   - a tail entry outside the journal's batch.
 */
export interface JournalReader {
  /** `counts`: whether anything in what was read hangs on what is folded; without, it always does. */
  read<T>(
    read: (before: JournalView) => Promise<T>,
    counts?: (value: T) => boolean,
  ): Promise<{ value: T; journal: JournalView }>;
  /** The journal that was read may never have been: another batch can come to have its number. */
  forget(): void;
}

export function createJournalReader({ journal }: Pick<Database, 'journal'>): JournalReader {
  // What the last reading ended with is what the next begins with: a quiet store costs one round trip.
  let kept: JournalView | null = null;
  let forgotten = 0;
  const load = async (): Promise<JournalView> => {
    const at = forgotten;
    const view = viewOf(await journal.findOne({ _id: JOURNAL_ID }));
    if (at === forgotten) kept = view;
    return view;
  };
  // Readings that end together end with one look: it comes after each of them.
  const closing = createBatcher<void, number>(
    async (readings) => {
      const doc = await journal.findOne({ _id: JOURNAL_ID }, { projection: { seq: 1 } });
      return readings.map(() => done(doc?.seq ?? 0));
    },
    { lanes: 4 },
  );
  return {
    async read(read, counts = () => true) {
      for (let at = forgotten, before = kept ?? (await load()); ; before = await load()) {
        const value = await read(before);
        if (!counts(value)) return { value, journal: before };
        if ((await closing.add()) === before.seq && at === forgotten) return { value, journal: before };
        at = forgotten;
      }
    },
    forget() {
      forgotten += 1;
      kept = null;
    },
  };
}

/** A comment's tail without what the journal's batch already accounts for. */
export function notFolding<T extends TailOwner>(owner: T, journal: JournalView): T['tail'] {
  const folded = journal.folding.get(owner._id);
  return folded === undefined ? owner.tail : owner.tail.filter((entry) => entry.n > folded);
}
