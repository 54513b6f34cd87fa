import type { Difference } from '../../comments/difference.ts';
import { marksOf } from '../../moderation/marks.ts';
import { likenessOf } from '../../text/likeness.ts';
import { chunksById } from './chunks.ts';
import { type CommentDoc, reportsOf, shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import { OF_OLD } from './search/due.ts';
import { createNearness } from './search/nearness.ts';
import type { Readiness } from './search/readiness.ts';

export interface VerifyKeptParts {
  database: Pick<Database, 'comments'>;
  readiness: Pick<Readiness, 'isReady'>;
}

/** Comments looked at together. */
const CHUNK = 200;

type Kept = Omit<CommentDoc, 'words' | 'voters' | 'tail' | 'html'>;
const KEPT = { words: 0, voters: 0, tail: 0, html: 0 } as const;

/** Keys and marks stand in the comment and are written with what they are told from: one reading shows both. */
function dueOf(doc: Kept): Required<Pick<CommentDoc, 'likeness' | 'marks'>> {
  if (doc.deletedAt !== null) return { likeness: [], marks: [] };
  const likeness = doc.text === null ? [] : likenessOf(doc.site, doc.text).keys;
  return { likeness, marks: marksOf({ ...doc, reports: reportsOf(doc) }) };
}

const isSame = <Value>(one: Value[], other: Value[]): boolean =>
  one.length === other.length && one.every((value) => other.includes(value));

/** What is marked to be filled in is under way: its keys, and of a comment of old its marks. */
function wrongIn(doc: Kept): Difference['what'][] {
  const due = dueOf(doc);
  const wrong: Difference['what'][] = [];
  if (doc.wordsDue === undefined && !isSame(doc.likeness ?? [], due.likeness)) wrong.push('likeness');
  if (doc.wordsDue !== OF_OLD && !isSame(doc.marks ?? [], due.marks)) wrong.push('marks');
  return wrong;
}

/** The keys that near copies are found by, and the lists of phases and reasons, against the comments. */
export async function* verifyKept(
  { database: { comments }, readiness }: VerifyKeptParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  // All is being filled in anew.
  if (!(await readiness.isReady())) return;
  const nearness = createNearness({ comments });

  /** Told to have no near copy, and have one: nothing would be looked up for them. */
  async function missed(docs: Kept[]): Promise<Kept[]> {
    const alone = docs.filter(({ near, wordsDue }) => near === false && wordsDue === undefined);
    const keyed = alone.map(({ _id: id, site, likeness: keys = [] }) => ({ id, site, keys }));
    const suspects = await nearness.nearOf(keyed);
    if (suspects.size === 0) return [];
    // A copy that was filled in since they were read has told them.
    const still = await comments
      .find({ _id: { $in: [...suspects] }, near: false, wordsDue: { $exists: false } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const ids = new Set(still.map(({ _id }) => _id));
    return alone.filter(({ _id }) => ids.has(_id));
  }

  async function mendMissed({ site, _id }: Kept): Promise<void> {
    await comments.updateOne(shardOf(site, _id), { $set: { near: true } }, { writeConcern: DURABLE });
  }

  /** Where nobody has written since; else whoever did has written it as it should be. */
  async function mend(doc: Kept): Promise<void> {
    const { likeness, marks } = dueOf(doc);
    const wrong = wrongIn(doc);
    const set = {
      ...(wrong.includes('likeness') && likeness.length > 0 && { likeness }),
      ...(wrong.includes('marks') && marks.length > 0 && { marks }),
    };
    const unset = {
      ...(wrong.includes('likeness') && likeness.length === 0 && { likeness: '' as const }),
      // By other keys nobody has looked for its copies.
      ...(wrong.includes('likeness') && { near: '' as const }),
      ...(wrong.includes('marks') && marks.length === 0 && { marks: '' as const }),
    };
    const seen = { ...shardOf(doc.site, doc._id), writes: doc.writes };
    await comments.updateOne(
      doc.wordsDue === undefined ? { ...seen, wordsDue: { $exists: false } } : seen,
      {
        ...(Object.keys(set).length > 0 && { $set: set }),
        ...(Object.keys(unset).length > 0 && { $unset: unset }),
      },
      { writeConcern: DURABLE },
    );
  }

  for await (const docs of chunksById<CommentDoc, Kept>(comments, { projection: KEPT, size: CHUNK })) {
    for (const doc of docs) {
      const wrong = wrongIn(doc);
      if (repair && wrong.length > 0) await mend(doc);
      for (const what of wrong) yield differenceIn(doc, what, repair);
    }
    for (const doc of await missed(docs.filter((one) => !wrongIn(one).includes('likeness')))) {
      if (repair) await mendMissed(doc);
      yield differenceIn(doc, 'likeness', repair);
    }
  }
}

/** Keys or marks that are others than its own count as none, as with words. */
function differenceIn(doc: Kept, what: Difference['what'], repaired: boolean): Difference {
  const due = dueOf(doc)[what === 'marks' ? 'marks' : 'likeness'].length > 0;
  return { what, where: doc._id, kept: !due, due, repaired };
}
