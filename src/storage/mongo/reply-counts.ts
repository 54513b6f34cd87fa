import type { Comment } from '../../comments/comment.ts';
import { type CommentDoc, type CommentRow, commentOf, type TailOwner } from './comment-doc.ts';
import type { Database } from './database.ts';
import { type JournalReader, type JournalView, notFolding } from './journal.ts';
import type { Likenesses } from './similar.ts';
import { addPage, noReach, type Reach, readUnfolded } from './unfolded.ts';

type Counted = Pick<CommentDoc, '_id' | 'replyCount' | 'replyBatch'>;

function unfoldedReplies(owners: TailOwner[], journal: JournalView): Map<string, number> {
  const moved = new Map<string, number>();
  for (const owner of owners) {
    if (owner.ancestors.length === 0) continue;
    let by = 0;
    for (const { before, after } of notFolding(owner, journal))
      by += Number(after.visible) - Number(before.visible);
    if (by !== 0) for (const id of owner.ancestors) moved.set(id, (moved.get(id) ?? 0) + by);
  }
  return moved;
}

/** How many visible descendants a row has, with what is not folded into it yet. */
function replyCountOf(row: Counted, journal: JournalView, unfolded: Map<string, number>): number {
  const folding = row.replyBatch < journal.seq ? (journal.replies.get(row._id) ?? 0) : 0;
  return row.replyCount + folding + (unfolded.get(row._id) ?? 0);
}

/** Reads comments as the domain knows them, each with its true replyCount. */
export interface TrueReader {
  /** `reach` names where the rows' replies may have unfolded changes; undefined: the rows' own pages. */
  read(rows: () => Promise<CommentRow[]>, reach?: Reach): Promise<Comment[]>;
}

export function createTrueReader(
  database: Database,
  { journals, likenesses }: { journals: JournalReader; likenesses: Likenesses },
): TrueReader {
  const reachOf = (rows: CommentRow[]): Reach => {
    const reach = noReach();
    for (const row of rows) addPage(reach, row.site, row.page);
    return reach;
  };

  return {
    async read(rows, reach) {
      const reading = async () => {
        if (reach) return Promise.all([rows(), readUnfolded(database, reach)]);
        const found = await rows();
        const open = found.filter((row) => row.open);
        return [found, open.length > 0 ? await readUnfolded(database, reachOf(open)) : []] as const;
      };
      // What is not open has no visible descendant, whatever below it is still to be carried or folded.
      const { value, journal } = await journals.read(reading, ([found]) => found.some(({ open }) => open));
      const [found, owners] = value;
      const unfolded = unfoldedReplies(owners, journal);
      return found.map((row) => {
        const comment = commentOf(row, row.open ? replyCountOf(row, journal, unfolded) : 0);
        if (row.likeness) likenesses.note(comment, { keys: row.likeness, isFar: row.near === false });
        return comment;
      });
    },
  };
}
