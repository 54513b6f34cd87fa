import { randomBytes } from 'node:crypto';
import { groupBy } from '../../group-by.ts';
import type { CommentDoc } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';

/**
 * A comment is open where it is approved and its parent is open. Who changes a comment's `open` marks it
 * with `carry` in the same write, then carries the change to its children here, level by level, before it
 * answers. The mark goes only when the children agree; after a crash the lease holder finds it and goes on.
 * Any number may carry at once: each step sets a child to what its parent says at that moment, and looks
 * at the parent again afterwards.
 */
export interface Carry {
  /** Fulfilled once all below these comments agree with them. Gives the ids it opened or hid. */
  down(parents: string[]): Promise<string[]>;
  /** Brings these comments in line with their parents, and what is below them with them. */
  settle(children: string[]): Promise<string[]>;
}

type Link = Pick<CommentDoc, '_id' | 'site' | 'home' | 'parentId' | 'open' | 'carry'>;
const LINK = { site: 1, home: 1, parentId: 1, open: 1, carry: 1 } as const;

export const newMark = (): string => randomBytes(9).toString('base64url');

/**
 * Marks for changes that are written together: one for all of a turn of the loop, so that one write takes it away
 * from all of them. No comment gets one twice, since its next change is written in a later turn.
 */
export function createSharedMarks(): () => string {
  let mark: string | null = null;
  return () => {
    if (mark !== null) return mark;
    mark = newMark();
    setImmediate(() => {
      mark = null;
    });
    return mark;
  };
}

/** Whether the comment is in the list of reported ones: as `isReported` says, for the server. */
export const IS_REPORTED = { $eq: ['$reported', true] };

/** Turns `open` and puts what that does to the counters into the tail, in one write of the document. */
export function flipTo(open: boolean, mark: string, by: string) {
  const standing = (visible: boolean) => ({ status: '$status', visible, reported: IS_REPORTED });
  const entry = {
    n: { $add: ['$writes', 1] },
    page: '$page',
    before: standing(!open),
    after: standing(open),
    by: { $literal: by },
  };
  return [
    {
      $set: {
        // A deleted comment is counted nowhere, but still holds its replies up.
        tail: { $cond: [{ $eq: ['$queue', 'deleted'] }, '$tail', { $concatArrays: ['$tail', [entry]] }] },
        writes: { $add: ['$writes', 1] },
        open,
        carry: { $literal: mark },
        work: true,
      },
    },
  ];
}

/** Takes the mark away, and the work flag with it where nothing else is left to do. */
export const UNMARK = [
  { $unset: 'carry' },
  { $set: { work: { $cond: [{ $gt: [{ $size: '$tail' }, 0] }, true, '$$REMOVE'] } } },
];

export function createCarry({ comments }: Pick<Database, 'comments'>, instance: string): Carry {
  const links = (filter: object): Promise<Link[]> =>
    comments.find(filter).project<Link>(LINK).batchSize(10_000).toArray();
  const byIds = (ids: string[]): Promise<Link[]> => links({ _id: { $in: ids } });
  const openOf = (parents: Link[]): Map<string, boolean> =>
    new Map(parents.map((one) => [one._id, one.open]));

  /** One write for all of a site that turn the same way; those that changed meanwhile are left to who changed them. */
  async function flip(children: Link[], open: boolean): Promise<void> {
    for (const [site, group] of groupBy(children, (child) => child.site)) {
      const filter = {
        _id: { $in: group.map((child) => child._id) },
        site,
        home: { $in: [...new Set(group.map((child) => child.home))] },
        status: 'approved' as const,
        open: !open,
      };
      await comments.updateMany(filter, flipTo(open, newMark(), instance), { writeConcern: DURABLE });
    }
  }

  async function unmark(marked: Link[]): Promise<void> {
    const groups = groupBy(
      marked.filter((one) => one.carry !== undefined),
      ({ site, carry = '' }) => `${carry} ${site}`,
    );
    const writes = [...groups.values()].map((group) => {
      const [{ site, carry } = { site: '' }] = group;
      const home = { $in: [...new Set(group.map((one) => one.home))] };
      const filter = { _id: { $in: group.map(({ _id }) => _id) }, site, home, carry };
      return { updateMany: { filter, update: UNMARK } };
    });
    // Lost by a crash, the mark is found again and the carrying repeated: no need to wait for the journal.
    if (writes.length > 0)
      await comments.bulkWrite(writes, { ordered: false, writeConcern: { w: 1, journal: false } });
  }

  /**
   * Makes the children of these parents agree with them; gives those that may have to be carried on. `seen`: as the
   * parents were read just now.
   */
  async function settleLevel(
    parents: string[],
    { seen, only }: { seen: Link[]; only?: Set<string> },
  ): Promise<{ next: string[]; turned: string[] }> {
    const next = new Set<string>();
    const turned = new Set<string>();
    let unsettled = parents;
    let open = openOf(seen);
    while (unsettled.length > 0) {
      const wanted = only ? { _id: { $in: [...only] } } : {};
      const children = await links({ parentId: { $in: unsettled }, status: 'approved', ...wanted });
      const wrong = children.filter((child) => child.open !== (open.get(child.parentId ?? '') ?? false));
      // Marked by another who may be cut off: what is below is seen to here as well.
      for (const child of children) if (child.carry !== undefined) next.add(child._id);
      for (const child of wrong) {
        next.add(child._id);
        turned.add(child._id);
      }
      for (const way of [true, false]) {
        const turning = wrong.filter((child) => child.open !== way);
        if (turning.length > 0) await flip(turning, way);
      }
      if (wrong.length === 0) break;
      const before = open;
      open = openOf(await byIds(unsettled));
      unsettled = unsettled.filter((id) => open.get(id) !== before.get(id));
    }
    return { next: [...next], turned: [...turned] };
  }

  async function down(parents: string[]): Promise<string[]> {
    const all: string[] = [];
    for (let level = parents; level.length > 0; ) {
      // With the marks as they are where the children are made to agree: one set later stays.
      const marked = await byIds(level);
      const { next, turned } = await settleLevel(level, { seen: marked });
      await unmark(marked);
      all.push(...turned);
      level = next;
    }
    return all;
  }

  return {
    down,
    async settle(children) {
      const found = await byIds(children);
      const parents = [...new Set(found.flatMap((child) => child.parentId ?? []))];
      const { next, turned } = await settleLevel(parents, {
        seen: await byIds(parents),
        only: new Set(children),
      });
      return [...turned, ...(await down(next))];
    },
  };
}
