import { homeOfId } from '../../../ids.ts';
import { newMark } from '../carry.ts';
import { type CommentDoc, shardOf } from '../comment-doc.ts';
import { type Database, DURABLE } from '../database.ts';

/**
 * A comment whose words are not filled in, or not as they should be, carries a mark, `wordsDue`. Whoever
 * changes what it is found by sets a new one in the same write; only the filling takes it away, and only
 * the one that it saw.
 */
export const OF_OLD = 'old';

/** Sorts behind all that other marks begin with. */
const UNDER_WAY = '~';
/** Longer than a change takes from its mark to its write; what a kill cut off is filled in so much later. */
const YOUNG_MS = 5000;

/** By its moment: characters of one length, for as long as this century lasts. */
const underWayAt = (at: number): string => `${UNDER_WAY}${at.toString(36).padStart(9, '0')}`;

/** The mark of a change that is about to take words from the list. */
export const newMarkUnderWay = (): string => `${underWayAt(Date.now())} ${newMark()}`;

/** What may be filled in: not what a change is at just now, whose write would find its mark gone. */
export const ripe = (): { $lt: string } => ({ $lt: underWayAt(Date.now() - YOUNG_MS) });

/** Comments marked in one write. */
const CHUNK = 500;

/** Marks every comment of a page: its title is another now. */
export async function markPage(
  { comments }: Pick<Database, 'comments'>,
  site: string,
  page: string,
): Promise<void> {
  for (let after = ''; ; ) {
    const found = await comments
      .find({ site, page, _id: { $gt: after } })
      .project<Pick<CommentDoc, '_id'>>({ _id: 1 })
      .sort({ _id: 1 })
      .limit(CHUNK)
      .toArray();
    const ids = found.map(({ _id }) => _id);
    const last = ids.at(-1);
    if (last === undefined) return;
    await comments.updateMany(
      { _id: { $in: ids }, site, home: { $in: [...new Set(ids.map(homeOfId))] }, deletedAt: null },
      { $set: { wordsDue: newMark() } },
      { writeConcern: DURABLE },
    );
    after = last;
  }
}

/**
 * The write that fills a comment's words and keys in, where it still carries the mark that was seen. It goes on
 * being due, with a mark of the filling's own, until its near copies are told (nearness.ts).
 */
export function fillingOf(
  doc: Pick<CommentDoc, '_id' | 'site' | 'wordsDue' | 'writes'>,
  filled: Filled,
  mark: string,
) {
  const seen = { ...shardOf(doc.site, doc._id), wordsDue: doc.wordsDue };
  return {
    updateOne: {
      // Marks are told from history and reports: of these every write counts.
      filter: doc.wordsDue === OF_OLD ? { ...seen, writes: doc.writes } : seen,
      update: { $set: { ...filled, wordsDue: mark } },
    },
  };
}

export type Filled = Pick<CommentDoc, 'words' | 'likeness' | 'marks'>;
