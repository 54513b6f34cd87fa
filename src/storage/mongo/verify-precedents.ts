import type { Difference } from '../../comments/difference.ts';
import { likenessOf } from '../../text/likeness.ts';
import { chunksById } from './chunks.ts';
import { type Database, DURABLE } from './database.ts';
import type { LessonDoc } from './documents.ts';

export interface VerifyPrecedentsParts {
  database: Pick<Database, 'lessons'>;
}

/** Lessons looked at together. */
const CHUNK = 200;

/** Of one that does not stand any more there are none. */
const keysDue = ({ site, label, text }: LessonDoc): number[] =>
  label === undefined || text === undefined ? [] : likenessOf(site, text).keys;

const isSame = (one: number[], other: number[]): boolean =>
  one.length === other.length && one.every((key) => other.includes(key));

/** Decisions that their near copies are not told of, and keys of such as do not stand any more. */
export async function* verifyPrecedents(
  { database: { lessons } }: VerifyPrecedentsParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  /** Where it stands as it was read. */
  async function mend(doc: LessonDoc, keys: number[]): Promise<void> {
    await lessons.updateOne(
      { _id: doc._id, label: doc.label ?? { $exists: false } },
      keys.length > 0 ? { $set: { keys } } : { $unset: { keys: '' } },
      { writeConcern: DURABLE },
    );
  }

  for await (const docs of chunksById(lessons, { size: CHUNK })) {
    for (const doc of docs) {
      const keys = keysDue(doc);
      if (isSame(doc.keys ?? [], keys)) continue;
      if (repair) await mend(doc, keys);
      const due = keys.length > 0;
      yield { what: 'precedent', where: doc.comment, kept: !due, due, repaired: repair };
    }
  }
}
