import { NOT_THERE } from '../../comments/counts.ts';
import { homeOfId } from '../../ids.ts';
import { IS_REPORTED, newMark } from './carry.ts';
import { type Database, DURABLE } from './database.ts';

/** Comments that an alias takes from one page to another. Each moves by one write of its own, with its counts. */
export interface Moves {
  /** All that stand on the page; fulfilled once none is left there. How many there were, without deleted ones. */
  all(site: string, from: string, to: string): Promise<number>;
  /** How many would move, without deleted ones. */
  standing(site: string, page: string): Promise<number>;
  /** These, as far as they still stand on the page. */
  these(ids: string[], on: { site: string; from: string; to: string }): Promise<number>;
}

const CHUNK = 500;

/** Leaves one page and enters the other; what is deleted is counted on neither. */
function movePipeline(from: string, to: string, by: string) {
  const standing = { status: '$status', visible: '$open', reported: IS_REPORTED };
  const n = { $add: ['$writes', 1] };
  const leaves = { n, page: { $literal: from }, before: standing, after: NOT_THERE, by: { $literal: by } };
  const enters = { n, page: { $literal: to }, before: NOT_THERE, after: standing, by: { $literal: by } };
  const counted = { $ne: ['$queue', 'deleted'] };
  return [
    {
      $set: {
        tail: { $cond: [counted, { $concatArrays: ['$tail', [leaves, enters]] }, '$tail'] },
        // The page's title is another.
        wordsDue: { $cond: [counted, newMark(), '$$REMOVE'] },
        work: { $cond: [counted, true, { $ifNull: ['$work', '$$REMOVE'] }] },
        writes: { $add: ['$writes', 1] },
        page: { $literal: to },
      },
    },
  ];
}

export function createMoves({ comments }: Pick<Database, 'comments'>, instance: string): Moves {
  const these: Moves['these'] = async (ids, { site, from, to }) => {
    const home = { $in: [...new Set(ids.map(homeOfId))] };
    const filter = { _id: { $in: ids }, site, home, page: from };
    const { modifiedCount } = await comments.updateMany(filter, movePipeline(from, to, instance), {
      writeConcern: DURABLE,
    });
    return modifiedCount;
  };
  return {
    these,
    standing: (site, page) =>
      comments.countDocuments({ site, page, queue: { $ne: 'deleted' } }, { hint: 'queue-of-page' }),
    async all(site, from, to) {
      let moved = 0;
      for (;;) {
        const found = await comments
          .find({ site, page: from })
          .project<{ _id: string; queue: string }>({ _id: 1, queue: 1 })
          .hint('queue-of-page')
          .limit(CHUNK)
          .toArray();
        if (found.length === 0) return moved;
        await these(
          found.map((one) => one._id),
          { site, from, to },
        );
        moved += found.filter(({ queue }) => queue !== 'deleted').length;
      }
    },
  };
}
