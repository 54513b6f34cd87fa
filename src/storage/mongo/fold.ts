import type { Counts } from '../../comments/counts.ts';
import { groupBy } from '../../group-by.ts';
import { homeOfId } from '../../ids.ts';
import { type CommentDoc, deltasOfEntry, shardOf } from './comment-doc.ts';
import { type Database, DURABLE, type Write } from './database.ts';
import type { AuthorRef, InboxDoc, JournalDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';
import { createFoldChecks, type FoldCheckParts, WORKED, type Worked } from './fold-checks.ts';
import { eventsOf, handOn } from './fold-events.ts';
import { JOURNAL_ID } from './journal.ts';
import { applyTallies, talliesIn } from './tallies.ts';
import { teach } from './teach.ts';

/**
 * Moves the comments' count changes into the counters, batch by batch, and finishes what a crashed
 * instance left half done. Only the lease holder folds, but two at once do no harm: see journal.ts.
 */
export interface Fold {
  /** Folds one batch; how many comments and waiting events it found work in. */
  step(): Promise<number>;
  /** Brings a batch under way to its end, and begins none. */
  finish(): Promise<void>;
}

export interface FoldParts extends Omit<FoldCheckParts, 'database'> {
  database: Pick<
    Database,
    | 'comments'
    | 'counters'
    | 'journal'
    | 'pages'
    | 'events'
    | 'inbox'
    | 'audit'
    | 'tallies'
    | 'directoryTodo'
    | 'lessons'
    | 'learnt'
  >;
  failpoint: (name: string) => Promise<void> | void;
}

/** Comments of a batch. */
const BATCH = 1000;

/** So long after the beginning of a batch nobody else can have ended it: a lease lasts longer. Milliseconds. */
const SURE_MS = 2000;

const underWay = (seq: number) => ({ _id: JOURNAL_ID, seq, state: 'applying' as const });

/** The sums of a batch, by counter and by comment. */
function sumsOf(owners: Worked[]): Pick<JournalDoc, 'counters' | 'replies'> {
  const counters = new Map<string, Partial<Counts>>();
  const replies = new Map<string, { id: string; site: string; by: number }>();
  for (const owner of owners) {
    for (const { scope, field, by } of owner.tail.flatMap((entry) => deltasOfEntry(owner, entry))) {
      if (scope.startsWith('r/')) {
        const id = scope.slice(2);
        const sum = replies.get(id) ?? { id, site: owner.site, by: 0 };
        sum.by += by;
        replies.set(id, sum);
      } else {
        const sum = counters.get(scope) ?? {};
        sum[field] = (sum[field] ?? 0) + by;
        counters.set(scope, sum);
      }
    }
  }
  return {
    counters: [...counters].map(([scope, by]) => ({ scope, by })),
    replies: [...replies.values()].filter((sum) => sum.by !== 0),
  };
}

/** Authors that these comments were taken from by an erasure. */
function leftBy(owners: Worked[]): AuthorRef[] {
  return owners.flatMap(({ site, author, tail }) => {
    const keys = new Set(tail.flatMap((entry) => entry.author ?? []));
    return [...keys].flatMap((key) => (key === author.key ? [] : [{ site, key }]));
  });
}

export function createFold(parts: FoldParts): Fold {
  const { database, failpoint } = parts;
  const { comments, counters, journal } = database;
  const checks = createFoldChecks(parts);

  async function applyCounters({ seq, counters: sums }: JournalDoc): Promise<void> {
    if (sums.length === 0) return;
    const writes = sums.map(({ scope, by }) => ({
      updateOne: {
        filter: { _id: scope, batch: { $lt: seq } },
        update: { $inc: by, $set: { batch: seq } },
        upsert: true,
      },
    }));
    try {
      await counters.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
    } catch (error) {
      // A counter that has this batch already does not match, and its insert finds the id taken.
      for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
    }
  }

  /** Before the tails are cut: what readers of the directories find in no tail any more they find here. */
  async function rememberForDirectories({ seq, entries, left = [] }: JournalDoc): Promise<void> {
    if (entries.length === 0) return;
    // In the order of batches, as text.
    const _id = `fold ${String(seq).padStart(15, '0')}`;
    const todo = {
      comments: entries.map(({ id }) => id),
      pages: [],
      ...(left.length > 0 && { authors: left }),
    };
    await database.directoryTodo.replaceOne({ _id }, todo, { upsert: true, writeConcern: { w: 'majority' } });
  }

  async function applyReplies({ seq, replies }: JournalDoc): Promise<void> {
    const writes: Write<CommentDoc>[] = replies.map(({ id, site, by }) => ({
      updateOne: {
        filter: { ...shardOf(site, id), replyBatch: { $lt: seq } },
        update: { $inc: { replyCount: by }, $set: { replyBatch: seq } },
      },
    }));
    if (writes.length > 0)
      await comments.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
  }

  /** Cuts the folded prefix off the tails; several comments whose prefix ends alike share one write. */
  async function cutTails(doc: JournalDoc, sites: Map<string, string>): Promise<void> {
    const groups = groupBy(doc.entries, ({ id, n }) => `${n}/${sites.get(id) ?? ''}`);
    const writes: Write<CommentDoc>[] = [...groups.values()].map((entries) => {
      const [{ id = '', n = 0 } = {}] = entries;
      const ids = entries.map((entry) => entry.id);
      const left = { $filter: { input: '$tail', cond: { $gt: ['$$this.n', n] } } };
      const todo = { $or: [{ $gt: [{ $size: '$tail' }, 0] }, { $ne: [{ $type: '$carry' }, 'missing'] }] };
      return {
        updateMany: {
          filter: {
            _id: { $in: ids },
            site: sites.get(id) ?? '',
            home: { $in: [...new Set(ids.map(homeOfId))] },
          },
          update: [{ $set: { tail: left } }, { $set: { work: { $cond: [todo, true, '$$REMOVE'] } } }],
        },
      };
    });
    if (writes.length > 0)
      await comments.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
  }

  /**
   * Whether the batch is still to be brought to its end. Steps that make what is missing are not begun without: who
   * stood still while another ended it, and a site was removed then, would bring back what went with that.
   */
  function watch({ seq }: JournalDoc): () => Promise<boolean> {
    const began = performance.now();
    return async () => {
      if (performance.now() - began < SURE_MS) return true;
      return (await journal.findOne(underWay(seq), { projection: { seq: 1 } })) !== null;
    };
  }

  async function apply(doc: JournalDoc): Promise<void> {
    const isUnderWay = watch(doc);
    await failpoint('fold: journalled');
    if (!(await isUnderWay())) return;
    await teach(database, doc);
    await failpoint('fold: taught');
    await handOn(database, doc);
    await failpoint('fold: events handed on');
    await rememberForDirectories(doc);
    // Before the batch is done: what is still in the inbox then is in no batch.
    if (doc.taken?.length) {
      await database.inbox.deleteMany({ _id: { $in: doc.taken } }, { writeConcern: { w: 'majority' } });
    }
    await failpoint('fold: inbox cleared');
    if (!(await isUnderWay())) return;
    await applyCounters(doc);
    await applyTallies(database, doc);
    await failpoint('fold: counted');
    await applyReplies(doc);
    await failpoint('fold: replies counted');
    await cutTails(doc, new Map(doc.entries.map((entry) => [entry.id, entry.site])));
    await failpoint('fold: tails cut');
    await journal.updateOne(underWay(doc.seq), { $set: { state: 'done' } });
  }

  /**
   * The batch as the majority has it. Of one that a primary has alone the steps could be taken on the next one, where
   * another batch gets its number: its counters would have that already, and its events' numbers would be taken.
   */
  const standing = (): Promise<JournalDoc | null> =>
    journal.findOne({ _id: JOURNAL_ID }, { readConcern: { level: 'majority' } });

  async function begin(
    current: JournalDoc | null,
    owners: Worked[],
    inbox: InboxDoc[],
  ): Promise<JournalDoc | null> {
    const folding = owners.filter((owner) => owner.tail.length > 0);
    if (folding.length === 0 && inbox.length === 0) return null;
    const entries = folding.map((owner) => ({
      id: owner._id,
      site: owner.site,
      n: owner.tail.at(-1)?.n ?? 0,
    }));
    const events = eventsOf(folding, inbox);
    const next = {
      seq: (current?.seq ?? 0) + 1,
      state: 'applying' as const,
      entries,
      ...sumsOf(folding),
      tallies: talliesIn(folding),
      left: leftBy(folding),
      events,
      taken: inbox.map(({ _id }) => _id),
      lastNumber: (current?.lastNumber ?? 0) + events.length,
    };
    if (!current) {
      await journal.insertOne({ _id: JOURNAL_ID, ...next }, { writeConcern: DURABLE });
      return { _id: JOURNAL_ID, ...next };
    }
    const { matchedCount } = await journal.updateOne(
      { _id: JOURNAL_ID, seq: current.seq, state: 'done' },
      { $set: next },
      { writeConcern: DURABLE },
    );
    return matchedCount === 1 ? { _id: JOURNAL_ID, ...next } : null;
  }

  return {
    async finish() {
      const current = await standing();
      if (current?.state === 'applying') await apply(current);
    },
    async step() {
      const current = await standing();
      if (current?.state === 'applying') {
        await apply(current);
        return current.entries.length;
      }
      const [found, inbox] = await Promise.all([
        comments
          .find({ work: true })
          .project<Worked>(WORKED)
          .hint('work')
          .limit(BATCH)
          .batchSize(BATCH + 1)
          .toArray(),
        database.inbox.find().limit(BATCH).toArray(),
      ]);
      const owners = await checks.ofStanding(found);
      if (owners.length + inbox.length === 0) return 0;
      await checks.finish(owners);
      await failpoint('fold: checked');
      checks.tellAgain(owners);
      const doc = await begin(current, owners, inbox);
      if (doc) await apply(doc);
      return owners.length + inbox.length;
    },
  };
}
