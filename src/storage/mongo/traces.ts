import { NOT_THERE } from '../../comments/counts.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import { type CommentDoc, shardOf, type TailEntry } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';

/** The note of a reply is the id of the comment that answers, and stays. */
export function withoutNotes<Item extends { note: string | null; action?: string }>(items: Item[]): Item[] {
  return items.map((item) => (item.action === 'reply' ? item : { ...item, note: null }));
}

/** One entry, or two where the comment leaves one author's counters and enters another's, or nobody's. */
export function tailOf(
  moves: TailEntry,
  told: Partial<TailEntry>,
  { from, to }: { from: string | null; to: string | null },
): TailEntry[] {
  if (from === to) return [{ ...moves, ...told }];
  return [
    { ...moves, after: NOT_THERE, author: from },
    { ...moves, ...told, before: NOT_THERE, author: to },
  ];
}

/** What an erasure takes out beside the comment's own members. */
export interface Traces {
  /**
   * Before the write that takes the author out, so that one cut off in between is found and erased once more: notes
   * in the audit, the author's entry of the directory, and what waits in the tail, which from now on says by itself
   * whose counters it moves. That only where nobody wrote since `doc` was read; then the write is refused, too.
   */
  forget(doc: CommentDoc): Promise<void>;
  /** Before its comment goes and a lesson stays: the lesson is found by its author from now on. */
  outlive(doc: CommentDoc): Promise<void>;
  /** Takes back what outlived the author's comments. */
  unteach(author: { site: string; key: string }): Promise<void>;
}

export function createTraces({
  comments,
  authors,
  audit,
  lessons,
  learnt,
}: Pick<Database, 'comments' | 'authors' | 'audit' | 'lessons' | 'learnt'>): Traces {
  return {
    async outlive({ _id, author }) {
      if (author.key === null) return;
      await lessons.updateMany(
        { comment: _id, by: { $exists: false }, label: { $exists: true } },
        { $set: { author: author.key } },
        { hint: 'lessons-of-comment', writeConcern: DURABLE },
      );
    },
    async unteach({ site, key }) {
      const first = await lessons.findOne(
        { author: key },
        { sort: { _id: 1 }, projection: { _id: 1 }, hint: 'lessons-of-author' },
      );
      if (!first) return;
      await learnt.deleteMany(
        { _id: { $in: [site, EVERY_SITE] }, number: { $gte: first._id } },
        { writeConcern: DURABLE },
      );
      // Last: cut off before it, this is done again.
      await lessons.updateMany(
        { author: key },
        { $unset: { label: '', text: '', url: '', author: '' } },
        { hint: 'lessons-of-author', writeConcern: DURABLE },
      );
    },
    async forget(doc) {
      await comments.updateOne(
        { ...shardOf(doc.site, doc._id), writes: doc.writes },
        { $set: { 'tail.$[own].author': doc.author.key, 'tail.$[noted].event.act.note': null } },
        {
          arrayFilters: [
            { 'own.author': { $exists: false } },
            { 'noted.event.act.note': { $type: 'string' } },
          ],
          writeConcern: DURABLE,
        },
      );
      await audit.updateMany(
        { commentId: doc._id, action: { $ne: 'reply' } },
        { $set: { note: null } },
        { hint: 'audit-of-comment', writeConcern: DURABLE },
      );
      if (doc.author.key !== null)
        await authors.deleteOne({ _id: doc.author.key }, { writeConcern: DURABLE });
    },
  };
}
