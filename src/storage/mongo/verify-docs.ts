import type { Difference, DifferenceKind } from '../../comments/difference.ts';
import { type Carry, flipTo, newMark } from './carry.ts';
import { type CommentDoc, shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';

/** What a comment's document says of itself twice. One document is whole at every moment, whoever writes. */

const IS_THERE = { $eq: [{ $ifNull: ['$deletedAt', null] }, null] };
const QUEUE = { $cond: [IS_THERE, '$status', 'deleted'] };
/** A build that knew of no reports wrote none. */
const REPORTS = { $ifNull: ['$reports', []] };
const WAITING = {
  $size: { $filter: { input: REPORTS, cond: { $eq: [{ $ifNull: ['$$this.closedBy', null] }, null] } } },
};
const IS_REPORTED = { $and: [IS_THERE, { $eq: ['$status', 'approved'] }, { $gt: [WAITING, 0] }] };
const IS_ROOT = { $eq: [{ $ifNull: ['$parentId', null] }, null] };
const HAS_TAIL = { $gt: [{ $size: '$tail' }, 0] };
const HAS_WORK = { $or: [HAS_TAIL, { $ne: [{ $type: '$carry' }, 'missing'] }] };

/** By definition; what is folded in the end leads here. */
const STANDING = {
  status: { $cond: [IS_THERE, '$status', null] },
  visible: { $and: [IS_THERE, '$open'] },
  reported: IS_REPORTED,
};
const LAST = { $arrayElemAt: ['$tail.after', -1] };
const lastIs = (name: keyof typeof STANDING) => ({
  $eq: [{ $getField: { field: name, input: LAST } }, STANDING[name]],
});
const LEADS_HERE = {
  $or: [{ $not: [HAS_TAIL] }, { $and: [lastIs('status'), lastIs('visible'), lastIs('reported')] }],
};

/** Of a root; what is below follows in verify-ancestors.ts. */
const ANCESTORS = { $cond: [IS_ROOT, [], '$ancestors'] };

/** As a bare `true` it would ask the projection for a member of that name. */
const IS_SO = { $literal: true };

const CHECKS: Partial<Record<DifferenceKind, { kept: unknown; due: unknown }>> = {
  queue: { kept: '$queue', due: QUEUE },
  score: { kept: '$score', due: { $subtract: ['$votesUp', '$votesDown'] } },
  root: { kept: '$root', due: IS_ROOT },
  'open-reports': { kept: '$openReports', due: WAITING },
  reported: { kept: { $eq: ['$reported', true] }, due: IS_REPORTED },
  work: { kept: { $eq: ['$work', true] }, due: HAS_WORK },
  tail: { kept: LEADS_HERE, due: IS_SO },
  ancestors: { kept: { $eq: ['$ancestors', ANCESTORS] }, due: IS_SO },
  // Of a root; what is below follows in verify-open.ts.
  open: {
    kept: '$open',
    due: { $cond: [IS_ROOT, { $eq: ['$status', 'approved'] }, '$open'] },
  },
};
const NAMES = Object.keys(CHECKS) as DifferenceKind[];

/** Sets what is said twice to what follows from the rest; `open` apart. */
function mendingBy(instance: string) {
  const leads = {
    n: { $add: ['$writes', 1] },
    page: '$page',
    before: LAST,
    after: STANDING,
    by: { $literal: instance },
  };
  return [
    {
      $set: {
        queue: QUEUE,
        score: { $subtract: ['$votesUp', '$votesDown'] },
        root: IS_ROOT,
        ancestors: ANCESTORS,
        reports: REPORTS,
        openReports: WAITING,
        reported: { $cond: [IS_REPORTED, true, '$$REMOVE'] },
        tail: { $cond: [LEADS_HERE, '$tail', { $concatArrays: ['$tail', [leads]] }] },
        work: { $cond: [HAS_WORK, true, '$$REMOVE'] },
        writes: { $add: ['$writes', 1] },
      },
    },
  ];
}

type Wrong = Pick<CommentDoc, '_id' | 'site'> & {
  kept: Partial<Record<DifferenceKind, Difference['kept']>>;
  due: Partial<Record<DifferenceKind, Difference['due']>>;
};

const side = (name: 'kept' | 'due') =>
  Object.fromEntries(NAMES.map((what) => [what, CHECKS[what]?.[name] ?? null]));

export interface VerifyDocsParts {
  database: Pick<Database, 'comments'>;
  instance: string;
  carry: Carry;
}

export async function* verifyDocs(
  { database: { comments }, instance, carry }: VerifyDocsParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const isWrong = { $expr: { $or: NAMES.map((what) => ({ $ne: [CHECKS[what]?.kept, CHECKS[what]?.due] })) } };
  const found = comments.aggregate<Wrong>([
    { $match: isWrong },
    { $project: { site: 1, kept: side('kept'), due: side('due') } },
  ]);
  for await (const { _id, site, kept, due } of found) {
    const wrong = NAMES.filter((what) => kept[what] !== due[what]);
    if (repair) {
      const filter = shardOf(site, _id);
      await comments.updateOne(filter, mendingBy(instance), { writeConcern: DURABLE });
      if (wrong.includes('open')) {
        const open = due.open === true;
        await comments.updateOne({ ...filter, open: !open }, flipTo(open, newMark(), instance), {
          writeConcern: DURABLE,
        });
        await carry.down([_id]);
      }
    }
    for (const what of wrong) {
      yield { what, where: _id, kept: kept[what] ?? '', due: due[what] ?? '', repaired: repair };
    }
  }
}
