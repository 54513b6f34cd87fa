import { NOT_THERE } from '../../comments/counts.ts';
import { AUTHOR_ACTS } from '../../moderation/audit.ts';
import { createPause } from '../../pause.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import { type CommentDoc, shardOf, type TailEntry } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import { JOURNAL_ID } from './journal.ts';

/** Looks at a batch under way, and milliseconds between them. */
const MOST_LOOKS = 100;
const LOOK_MS = 20;

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
  /** Takes out what was noted when something was said of the author. Once the audit has all of it. */
  forgetActs(author: { site: string; key: string }): Promise<void>;
}

export function createTraces({
  comments,
  authors,
  audit,
  lessons,
  learnt,
  journal,
}: Pick<Database, 'comments' | 'authors' | 'audit' | 'lessons' | 'learnt' | 'journal'>): Traces {
  /** Waits for a batch that has taken what waited at the comment: it is about to write the notes down. */
  async function handedOn(id: string): Promise<void> {
    const { rest } = createPause();
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const underWay = { _id: JOURNAL_ID, state: 'applying' as const, 'entries.id': id };
      if (!(await journal.findOne(underWay, { projection: { seq: 1 } }))) return;
      await rest(LOOK_MS);
    }
    // Its instance is gone. Whoever ends the batch takes the notes out with the erasure's own event.
  }

  return {
    async outlive({ _id, author }) {
      if (author.key === null) return;
      await lessons.updateMany(
        { comment: _id, by: { $exists: false }, label: { $exists: true }, aside: { $exists: false } },
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
        { $unset: { label: '', text: '', url: '', keys: '', author: '' } },
        { hint: 'lessons-of-author', writeConcern: DURABLE },
      );
    },
    async forgetActs({ site, key }) {
      await audit.updateMany(
        { site, action: { $in: [...AUTHOR_ACTS] }, subject: key },
        { $set: { note: null } },
        { hint: 'audit-of-action', writeConcern: DURABLE },
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
      await handedOn(doc._id);
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
