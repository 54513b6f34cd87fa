import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Lesson } from '../../screening/learner/lesson.ts';
import type { LessonStore } from '../../screening/learner/lesson-store.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import { type Database, DURABLE } from './database.ts';
import type { LessonDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';

function lessonOf({ _id, site, comment, label, text, url, supersedes, unlearnsNothing }: LessonDoc): Lesson {
  const taken = unlearnsNothing ? null : (supersedes ?? null);
  const head = { number: _id, site, commentId: comment, supersedes: taken };
  if (label === undefined || text === undefined) return { ...head, label: null, learnt: null };
  return { ...head, label, learnt: { text, url: url ?? null } };
}

const pack = promisify<Uint8Array, Buffer>(deflate);
const unpack = promisify<Uint8Array, Buffer>(inflate);

/** See lesson-store.ts; the log is written by the fold (teach.ts). */
export function createLessons({ lessons, learnt }: Pick<Database, 'lessons' | 'learnt'>): LessonStore {
  return {
    async after({ site, after, limit }) {
      const isEvery = site === EVERY_SITE;
      const docs = await lessons
        .find({ ...(!isEvery && { site }), _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .hint(isEvery ? '_id_' : 'lessons-of-site')
        .toArray();
      return docs.map(lessonOf);
    },
    async before(site, count) {
      const [doc] = await lessons
        .find({ site })
        .project<{ _id: number }>({ _id: 1 })
        .sort({ _id: -1 })
        .skip(count)
        .limit(1)
        .hint('lessons-of-site')
        .toArray();
      return doc?._id ?? 0;
    },
    async alike({ keys, enough, except, most }) {
      // What is near among those that share a key the server tells: they are many, and their keys a lot to read.
      const shared = { $size: { $setIntersection: ['$keys', keys] } };
      const docs = await lessons
        .aggregate<Pick<LessonDoc, '_id' | 'label'>>(
          [
            { $match: { keys: { $in: keys } } },
            { $sort: { _id: -1 } },
            { $limit: most },
            {
              $match: {
                ...(except !== null && { comment: { $ne: except } }),
                $expr: { $gte: [shared, enough] },
              },
            },
            { $project: { label: 1 } },
          ],
          { hint: 'lessons-alike', batchSize: most + 1 },
        )
        .toArray();
      return docs.flatMap(({ _id, label }) => (label === undefined ? [] : [{ number: _id, label }]));
    },
    async readSnapshot(site) {
      const doc = await learnt.findOne({ _id: site });
      return doc && { number: doc.number, bytes: await unpack(doc.bytes.buffer) };
    },
    async writeSnapshot(site, { number, bytes }) {
      const packed = await pack(bytes);
      try {
        await learnt.updateOne(
          { _id: site, number: { $lt: number } },
          { $set: { number, bytes: packed as never } },
          { upsert: true, writeConcern: DURABLE },
        );
      } catch (error) {
        // A newer one stands.
        if (!isDuplicateKey(error)) throw error;
      }
    },
  };
}
