import type mongoose from 'mongoose';
import { createBatcher, done, failed, type Outcome } from './batcher.ts';
import { type CommentDoc, reportsOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import { itemErrors } from './failures.ts';

/** A compare-and-set of one comment. */
export interface Write {
  id: string;
  /** Names the act in the comment's history or among its reports. */
  act: string;
  update: { filter: mongoose.mongo.Filter<CommentDoc>; update: mongoose.mongo.UpdateFilter<CommentDoc> };
}

/** Compare-and-sets that arrive together share a bulk; the answer is whether each one's write happened. */
export function createWrites({ comments }: Pick<Database, 'comments'>) {
  return createBatcher<Write, boolean>(async (writes) => {
    let errors = new Map<number, unknown>();
    try {
      const operations = writes.map(({ update }) => ({ updateOne: update }));
      const { matchedCount } = await comments.bulkWrite(operations, {
        ordered: false,
        writeConcern: DURABLE,
      });
      if (matchedCount === writes.length) return writes.map(() => done(true));
    } catch (error) {
      errors = itemErrors(error);
    }
    // The server tells only how many matched; which ones, the comments themselves say.
    const acts = writes.map((write) => write.act);
    const happened = await comments
      .find({
        _id: { $in: writes.map((write) => write.id) },
        $or: [{ 'history.decisionId': { $in: acts } }, { 'reports.id': { $in: acts } }],
      })
      .project<Pick<CommentDoc, 'history' | 'reports'>>({ 'history.decisionId': 1, 'reports.id': 1 })
      .toArray();
    const known = new Set(
      happened.flatMap((doc) => [
        ...doc.history.map((entry) => entry.decisionId),
        ...reportsOf(doc).map((report) => report.id),
      ]),
    );
    return writes.map(
      ({ act }, i): Outcome<boolean> => (errors.has(i) ? failed(errors.get(i)) : done(known.has(act))),
    );
  });
}

/** What no decision reads or changes: most of a document's bytes. */
export const TO_DECIDE = { voters: 0, html: 0, words: 0, likeness: 0, tail: 0 } as const;
