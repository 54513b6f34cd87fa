import type mongoose from 'mongoose';
import { type CommentCommand, type PlannedChange, planChange } from '../../comments/changes.ts';
import type { Comment, HistoryEntry } from '../../comments/comment.ts';
import type { ChangeResult } from '../../comments/comment-store.ts';
import { countChange, standingOf } from '../../comments/counts.ts';
import { createBatcher, done, failed, type Outcome } from './batcher.ts';
import { type Carry, newMark } from './carry.ts';
import { type CommentDoc, commentOf, queuePlace, shardOf, type TailEntry } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { Duplicates } from './duplicates.ts';
import { asDomainError, itemErrorsOf } from './failures.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { LinkReader } from './links.ts';
import type { CommentReader } from './reads.ts';
import type { Stamps } from './stamps.ts';

export interface ChangeParts {
  database: Pick<Database, 'comments'>;
  instance: string;
  duplicates: Duplicates;
  links: LinkReader;
  carry: Carry;
  stamps: Stamps;
  reader: Pick<CommentReader, 'find'>;
  nudge: () => void;
  failpoint: (name: string) => Promise<void> | void;
}

interface Write {
  id: string;
  decisionId: string;
  update: { filter: mongoose.mongo.Filter<CommentDoc>; update: mongoose.mongo.UpdateFilter<CommentDoc> };
}

/** Compare-and-sets that arrive together share a bulk; the answer is whether each one's write happened. */
function createWrites({ comments }: Pick<Database, 'comments'>) {
  return createBatcher<Write, boolean>(async (writes) => {
    const errors = new Map<number, unknown>();
    try {
      const operations = writes.map(({ update }) => ({ updateOne: update }));
      const { matchedCount } = await comments.bulkWrite(operations, {
        ordered: false,
        writeConcern: DURABLE,
      });
      if (matchedCount === writes.length) return writes.map(() => done(true));
    } catch (error) {
      for (const index of itemErrorsOf(error).keys()) errors.set(index, asDomainError(error));
    }
    // The server tells only how many matched; which ones, the histories say.
    const happened = await comments
      .find({
        _id: { $in: writes.map((write) => write.id) },
        'history.decisionId': { $in: writes.map((write) => write.decisionId) },
      })
      .project<{ history: HistoryEntry[] }>({ 'history.decisionId': 1 })
      .toArray();
    const decisions = new Set(happened.flatMap((doc) => doc.history.map((entry) => entry.decisionId)));
    return writes.map(
      ({ decisionId }, i): Outcome<boolean> =>
        errors.has(i) ? failed(errors.get(i)) : done(decisions.has(decisionId)),
    );
  });
}

/** The members that a plan gave another value. */
function changedMembers(current: Comment, next: Comment): Partial<Comment> {
  const names = Object.keys(next) as (keyof Comment)[];
  return Object.fromEntries(
    names.filter((name) => next[name] !== current[name]).map((name) => [name, next[name]]),
  );
}

/** What a planned change writes, on the condition that nobody else wrote since it was read. */
function writeOf(
  doc: CommentDoc,
  current: Comment,
  planned: PlannedChange,
  command: CommentCommand,
  by: string,
): Write {
  const { next, entry, undone } = planned;
  const members = changedMembers(current, next);
  const moved = countChange(next, standingOf(doc), standingOf(next));
  const writes = doc.writes + 1;
  const tail: TailEntry[] = moved
    ? [{ n: writes, page: doc.page, before: moved.before, after: moved.after, by }]
    : [];
  const turned = next.open !== doc.open;
  const history = doc.history.map((one) => (one.decisionId === undone ? { ...one, undone: true } : one));
  return {
    id: doc._id,
    decisionId: entry.decisionId,
    update: {
      filter: { ...shardOf(doc.site, doc._id), writes: doc.writes },
      update: {
        $set: {
          ...members,
          queue: queuePlace(next),
          writes,
          ...(undone === null ? {} : { history: [...history, entry] }),
          ...(command.kind === 'edit' ? { duplicateKey: command.duplicateKey } : {}),
          ...(turned ? { carry: newMark() } : {}),
          ...(turned || moved ? { work: true as const } : {}),
        },
        $push: {
          ...(undone === null ? { history: entry } : {}),
          ...(moved ? { tail: { $each: tail } } : {}),
        },
      },
    },
  };
}

/** Carries out commands on stored comments. */
export function createChange(parts: ChangeParts) {
  const { database, instance, duplicates, links, carry, stamps, reader, nudge, failpoint } = parts;
  const writes = createWrites(database);
  const turns = createKeyedLock();
  const loads = createBatcher<string, CommentDoc | null>(
    async (ids) => {
      const found = await database.comments.find({ _id: { $in: ids } }).toArray();
      const byId = new Map(found.map((doc) => [doc._id, doc]));
      return ids.map((id) => done(byId.get(id) ?? null));
    },
    { lanes: 4 },
  );

  /** What follows the write before its caller may hear of it. */
  async function complete(
    doc: CommentDoc,
    planned: PlannedChange,
    parentOpen: boolean,
  ): Promise<PlannedChange> {
    let { next } = planned;
    nudge();
    if (next.open !== doc.open) await carry.down([next.id]);
    if (next.parentId !== null && next.status === 'approved') {
      const parent = await links.load(next.parentId);
      if ((parent?.open ?? false) !== parentOpen) await carry.settle([next.id]);
    }
    await failpoint('change: carried');
    const now = await reader.find(next.id);
    if (now)
      next = {
        ...next,
        replyCount: now.replyCount,
        open: now.version === next.version ? now.open : next.open,
      };
    if (doc.open || next.open || planned.next.open) {
      stamps.publish([{ kind: 'page', site: next.site, pageKey: next.pageKey }]);
    }
    return { ...planned, next };
  }

  async function change(id: string, command: CommentCommand): Promise<ChangeResult> {
    for (;;) {
      const doc = await loads.add(id);
      if (!doc) return { refused: 'not-found' };
      const parentOpen = doc.parentId === null || ((await links.load(doc.parentId))?.open ?? false);
      const current = commentOf(doc);
      const planned = planChange(current, doc.history, command, parentOpen);
      if (planned.refused !== undefined) return planned;
      // Before the write: a claim too many is seen through, one too few would let a duplicate pass.
      if (command.kind === 'edit') await duplicates.add(doc.site, command.duplicateKey, id);
      const happened = await writes.add(writeOf(doc, current, planned, command, instance));
      await failpoint('change: written');
      // Lost to another write: planned anew on what stands now, where a version that was seen is a conflict.
      if (happened) return complete(doc, planned, parentOpen);
    }
  }

  return {
    change: (id: string, command: CommentCommand): Promise<ChangeResult> =>
      turns.run(id, () => change(id, command)),
  };
}
