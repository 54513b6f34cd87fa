import type { Difference } from '../../comments/difference.ts';
import type { Carry } from './carry.ts';
import { chunksById } from './chunks.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';

/** Replies that are looked at together with their parents. */
const CHUNK = 1000;
/** Carrying takes milliseconds, and what a crash left of it is mended within seconds; so long we wait and look again. */
const PATIENCE_MS = 1200;
const LOOKS = 3;

type Reply = Pick<CommentDoc, '_id' | 'parentId' | 'status' | 'open' | 'carry'>;
const REPLY = { parentId: 1, status: 1, open: 1, carry: 1 } as const;

interface Wrong {
  id: string;
  open: boolean;
}

/** Whether each reply is open exactly where it is approved and its parent open, once carrying has ended. */
export async function* verifyOpen(
  { database: { comments }, carry }: { database: Pick<Database, 'comments'>; carry: Carry },
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  async function wrongOf(replies: Reply[]): Promise<Wrong[]> {
    const ids = [...new Set(replies.map(({ parentId }) => parentId ?? ''))];
    const parents = await comments
      .find({ _id: { $in: ids } })
      .project<Reply>(REPLY)
      .toArray();
    const openOf = new Map(parents.map(({ _id, open }) => [_id, open]));
    return replies.flatMap(({ _id, parentId, status, open }) => {
      const due = status === 'approved' && (openOf.get(parentId ?? '') ?? false);
      return open === due ? [] : [{ id: _id, open }];
    });
  }

  /** Those that stay wrong although nobody is at work on them. */
  async function stayingWrong(found: Wrong[]): Promise<Wrong[]> {
    let wrong = found;
    for (let look = 0; look < LOOKS && wrong.length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      const again = await comments
        .find({ _id: { $in: wrong.map(({ id }) => id) } })
        .project<Reply>(REPLY)
        .toArray();
      wrong = await wrongOf(again);
    }
    return wrong;
  }

  const query = { filter: { parentId: { $ne: null } }, projection: REPLY, size: CHUNK };
  for await (const replies of chunksById<CommentDoc, Reply>(comments, query)) {
    const wrong = await stayingWrong(await wrongOf(replies));
    if (repair && wrong.length > 0) await carry.settle(wrong.map(({ id }) => id));
    for (const { id, open } of wrong)
      yield { what: 'open', where: id, kept: open, due: !open, repaired: repair };
  }
}
