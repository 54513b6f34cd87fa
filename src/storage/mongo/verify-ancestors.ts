import type { Difference } from '../../comments/difference.ts';
import { chunksById } from './chunks.ts';
import { type CommentDoc, shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';

/** Replies that are looked at together with their parents. */
const CHUNK = 1000;
/** A thread's levels: where a parent has the greater id, each pass of mending reaches one more. */
const MOST_PASSES = 1000;

type Placed = Pick<CommentDoc, '_id' | 'site' | 'parentId' | 'ancestors'>;
const PLACED = { site: 1, parentId: 1, ancestors: 1 } as const;

interface Wrong extends Placed {
  due: string[];
}

const areSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id, at) => id === other[at]);

/**
 * Whether what stands above each reply is what stands above its parent, and the parent. No write of the service changes
 * it, so nothing of it is under way; under a parent that is not there nothing can be told.
 */
export async function* verifyAncestors(
  { database: { comments } }: { database: Pick<Database, 'comments'> },
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  async function wrongOf(replies: Placed[]): Promise<Wrong[]> {
    const ids = [...new Set(replies.map(({ parentId }) => parentId ?? ''))];
    const parents = await comments
      .find({ _id: { $in: ids } })
      .project<Placed>(PLACED)
      .toArray();
    const above = new Map(parents.map(({ _id, ancestors }) => [_id, ancestors]));
    return replies.flatMap((reply) => {
      const ofParent = above.get(reply.parentId ?? '');
      if (!ofParent) return [];
      const due = [...ofParent, reply.parentId ?? ''];
      // Replies of this chunk that are below it go by what it will be.
      if (repair && above.has(reply._id)) above.set(reply._id, due);
      return areSame(reply.ancestors, due) ? [] : [{ ...reply, due }];
    });
  }

  async function mend(wrong: Wrong[]): Promise<void> {
    const writes = wrong.map(({ _id, site, ancestors, due }) => ({
      updateOne: {
        filter: { ...shardOf(site, _id), ancestors },
        update: { $set: { ancestors: due }, $inc: { writes: 1 } },
      },
    }));
    await comments.bulkWrite(writes, { ordered: false, writeConcern: DURABLE });
  }

  const query = { filter: { parentId: { $ne: null } }, projection: PLACED, size: CHUNK };
  for (let passes = 0, found = -1; found !== 0 && passes < MOST_PASSES; passes++) {
    found = 0;
    for await (const replies of chunksById<CommentDoc, Placed>(comments, query)) {
      const wrong = await wrongOf(replies);
      if (repair && wrong.length > 0) await mend(wrong);
      for (const { _id } of wrong)
        yield { what: 'ancestors', where: _id, kept: false, due: true, repaired: repair };
      found += wrong.length;
    }
    if (!repair) break;
  }
}
