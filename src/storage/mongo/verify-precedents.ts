import type { Difference } from '../../comments/difference.ts';
import { chunksById } from './chunks.ts';
import { type Database, DURABLE } from './database.ts';
import type { LessonDoc } from './documents.ts';
import { areSame, keyingOf, keysDue, type LessonKeys } from './search/lesson-keys.ts';

export interface VerifyPrecedentsParts {
  database: Pick<Database, 'lessons'>;
  lessonKeys: Pick<LessonKeys, 'reach'>;
}

/** Lessons looked at together. */
const CHUNK = 200;

/** Decisions that their near copies are not told of, and keys of such as do not stand any more. */
export async function* verifyPrecedents(
  { database: { lessons }, lessonKeys }: VerifyPrecedentsParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  // Those beyond are being given keys anew. What has none to have is looked at wherever it stands.
  const reach = await lessonKeys.reach();

  async function mend(doc: LessonDoc, keys: number[]): Promise<void> {
    const { filter, update } = keyingOf(doc, keys);
    await lessons.updateOne(filter, update, { writeConcern: DURABLE });
  }

  for await (const docs of chunksById(lessons, { size: CHUNK })) {
    for (const doc of docs) {
      const keys = keysDue(doc);
      const due = keys.length > 0;
      if (areSame(doc.keys ?? [], keys) || (due && doc._id > reach)) continue;
      if (repair) await mend(doc, keys);
      yield { what: 'precedent', where: doc.comment, kept: !due, due, repaired: repair };
    }
  }
}
