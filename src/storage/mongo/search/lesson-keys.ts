import type { mongo } from 'mongoose';
import { likenessOf } from '../../../text/likeness.ts';
import { type Database, DURABLE, type Write } from '../database.ts';
import type { LessonDoc, MetaDoc } from '../documents.ts';
import { rulesNow } from './readiness.ts';

/** In `meta`: how far the keys are those that this program gives. */
const NAME = 'lesson-keys';
/** Lessons read together. */
const CHUNK = 200;
/** Characters of text in one step: of long ones the keys take longest, and meanwhile nobody is answered. */
const MOST_TEXT = 60_000;

/**
 * The keys by which near copies of what was decided are found (text/likeness.ts). A lesson is given them as it is
 * written; those of a program by other rules are given anew, the oldest first, by whoever holds the lease of the
 * filling in.
 */
export interface LessonKeys {
  /** The number up to which they are this program's; infinite where they all are. */
  reach(): Promise<number>;
  /** Gives some more theirs; false where none is left. */
  fill(): Promise<boolean>;
}

type Keyed = Pick<LessonDoc, '_id' | 'site' | 'label' | 'text' | 'keys'>;

/** The keys that a lesson should have; none where it does not stand any more. */
export const keysDue = ({ site, label, text }: Pick<LessonDoc, 'site' | 'label' | 'text'>): number[] =>
  label === undefined || text === undefined ? [] : likenessOf(site, text).keys;

export const areSame = (one: number[], other: number[]): boolean =>
  one.length === other.length && one.every((key) => other.includes(key));

/** Gives a lesson its keys where it stands as it was read: one that is taken back meanwhile has none. */
export const keyingOf = ({ _id, label }: Keyed, keys: number[]) => ({
  filter: { _id, label: label ?? { $exists: false } },
  update: keys.length > 0 ? { $set: { keys } } : { $unset: { keys: '' as const } },
});

export function createLessonKeys({ meta, lessons }: Pick<Database, 'meta' | 'lessons'>): LessonKeys {
  let done = false;

  async function reach(): Promise<number> {
    if (done) return Number.POSITIVE_INFINITY;
    const { rules, filling, number = 0 } = (await meta.findOne({ _id: NAME })) ?? {};
    done = rules === rulesNow();
    if (done) return Number.POSITIVE_INFINITY;
    return filling === rulesNow() ? number : 0;
  }

  const note = (update: mongo.UpdateFilter<MetaDoc>) =>
    meta.updateOne({ _id: NAME }, update, { upsert: true, writeConcern: DURABLE });

  /** As many of these as a step takes, at least one. */
  function partOf(found: Keyed[]): Keyed[] {
    let length = 0;
    const end = found.findIndex(({ text = '' }) => {
      length += text.length;
      return length > MOST_TEXT;
    });
    return end === -1 ? found : found.slice(0, end + 1);
  }

  return {
    reach,
    async fill() {
      const before = await reach();
      if (done) return false;
      const found = await lessons
        .find({ _id: { $gt: before } })
        .project<Keyed>({ site: 1, label: 1, text: 1, keys: 1 })
        .sort({ _id: 1 })
        .hint('_id_')
        .limit(CHUNK)
        .toArray();
      const part = partOf(found);
      const last = part.at(-1)?._id;
      if (last === undefined) {
        await note({ $set: { rules: rulesNow() }, $unset: { filling: '', number: '' } });
        done = true;
        return false;
      }
      const writes = part.flatMap((lesson): Write<LessonDoc>[] => {
        const keys = keysDue(lesson);
        return areSame(lesson.keys ?? [], keys) ? [] : [{ updateOne: keyingOf(lesson, keys) }];
      });
      if (writes.length > 0) await lessons.bulkWrite(writes, { ordered: false, writeConcern: DURABLE });
      await note({ $set: { filling: rulesNow(), number: last } });
      return true;
    },
  };
}
