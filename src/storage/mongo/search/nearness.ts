import { homeOfId } from '../../../ids.ts';
import { enoughOf } from '../../../text/likeness.ts';
import type { CommentDoc } from '../comment-doc.ts';
import type { Database, Filter, Write } from '../database.ts';
import { groupBy } from '../group-by.ts';

/**
 * Tells of comments whose keys were filled in whether they have a near copy: most have none, and of those a list
 * has nothing to look up, however many comments share one key with them by chance. What has no copy is told once
 * one comes.
 */
export interface Nearness {
  /**
   * Marks those that are near another, and the other; takes the mark of the filling from all of them. The keys
   * stand in the comments already: of two that are filled in at the same time, by whomever, the one that looks
   * later finds the other.
   */
  settle(filled: Keyed[], mark: string): Promise<void>;
  /** Those of the comments, filled in themselves, that have a near copy among what is not due. */
  nearOf(keyed: Keyed[]): Promise<Set<string>>;
}

export interface Keyed {
  id: string;
  site: string;
  keys: number[];
}

type Candidate = Required<Pick<CommentDoc, '_id' | 'site' | 'likeness'>> & Pick<CommentDoc, 'near'>;
const CANDIDATE = { site: 1, likeness: 1, near: 1 } as const;

const MOST_READ = 20_000;
const MAJORITY = { w: 'majority' } as const;

/** Who is near another: of those looked for, and of others that are not marked yet. */
interface Looked {
  near: Set<string>;
  others: Candidate[];
}

/** Comments that have the same keys. */
interface Alike {
  ids: string[];
  enough: number;
}

/** By key, the comments of the filling that have it; those of equal texts stand for each other. */
function byKey(keyed: Keyed[]): Map<number, Alike[]> {
  const having = new Map<number, Alike[]>();
  for (const equal of groupBy(keyed, ({ keys }) => keys.join()).values()) {
    const keys = equal[0]?.keys ?? [];
    const alike = { ids: equal.map(({ id }) => id), enough: enoughOf(keys) };
    for (const key of keys) having.set(key, [...(having.get(key) ?? []), alike]);
  }
  return having;
}

/** Those of the filling that a candidate is a near copy of. */
function sharedBy({ likeness }: Candidate, having: Map<number, Alike[]>): Alike[] {
  const shared = new Map<Alike, number>();
  for (const key of likeness)
    for (const alike of having.get(key) ?? []) shared.set(alike, (shared.get(alike) ?? 0) + 1);
  return [...shared].filter(([{ enough }, count]) => count >= enough).map(([alike]) => alike);
}

/** `mostRead`: candidates that are read together. */
export function createNearness(
  { comments }: Pick<Database, 'comments'>,
  { mostRead = MOST_READ } = {},
): Nearness {
  function sharing(keyed: Keyed[], limit: number, more: Filter<CommentDoc>): Promise<Candidate[]> {
    const keys = [...new Set(keyed.flatMap((one) => one.keys))];
    const sites = [...new Set(keyed.map(({ site }) => site))];
    return comments
      .find({ likeness: { $in: keys }, site: { $in: sites }, ...more })
      .project<Candidate>(CANDIDATE)
      .hint('likeness')
      .limit(limit)
      .batchSize(10_000)
      .toArray();
  }

  async function look(keyed: Keyed[], more: Filter<CommentDoc> = {}): Promise<Looked> {
    const found = await sharing(keyed, mostRead, more);
    if (found.length < mostRead) return among(found, keyed);
    if (keyed.length > 1) {
      const half = Math.ceil(keyed.length / 2);
      const [one, other] = [await look(keyed.slice(0, half), more), await look(keyed.slice(half), more)];
      return { near: new Set([...one.near, ...other.near]), others: [...one.others, ...other.others] };
    }
    // A flood: that it is near is told by its copies' number. Those that were met before are marked.
    const { others } = among(await sharing(keyed, 0, { ...more, near: { $ne: true } }), keyed);
    return { near: new Set(keyed.map(({ id }) => id)), others };
  }

  function among(found: Candidate[], keyed: Keyed[]): Looked {
    const having = byKey(keyed);
    const own = new Set(keyed.map(({ id }) => id));
    const near = new Set<string>();
    const others: Candidate[] = [];
    for (const one of found) {
      const copied = sharedBy(one, having).flatMap(({ ids }) => ids.filter((id) => id !== one._id));
      for (const id of copied) near.add(id);
      if (copied.length === 0 || one.near) continue;
      if (own.has(one._id)) near.add(one._id);
      else others.push(one);
    }
    return { near, others };
  }

  async function looked(keyed: Keyed[], more?: Filter<CommentDoc>): Promise<Looked> {
    const having = keyed.filter(({ keys }) => keys.length > 0);
    return having.length === 0 ? { near: new Set(), others: [] } : look(having, more);
  }

  async function markOthers(others: Candidate[]): Promise<void> {
    const writes: Write<CommentDoc>[] = [...groupBy(others, ({ site }) => site)].map(([site, ofSite]) => ({
      updateMany: {
        filter: placed(
          site,
          ofSite.map(({ _id }) => _id),
        ),
        update: { $set: { near: true } },
      },
    }));
    if (writes.length > 0) await comments.bulkWrite(writes, { ordered: false, writeConcern: MAJORITY });
  }

  return {
    nearOf: async (keyed) => (await looked(keyed, { wordsDue: { $exists: false } })).near,
    async settle(filled, mark) {
      const { near, others } = await looked(filled);
      // Before: while one of two copies is due, whoever reads the other meets it among what is due.
      await markOthers(others);
      const groups = groupBy(filled, ({ id, site }) => `${near.has(id)} ${site}`);
      const writes: Write<CommentDoc>[] = [...groups.values()].map((group) => {
        const [{ id = '', site = '' } = {}] = group;
        // Whoever found it near meanwhile is right.
        const told = near.has(id) ? true : { $ifNull: ['$near', false] };
        const ids = group.map((one) => one.id);
        return {
          updateMany: {
            filter: { ...placed(site, ids), wordsDue: mark },
            update: [{ $set: { near: told } }, { $unset: 'wordsDue' }],
          },
        };
      });
      await comments.bulkWrite(writes, { ordered: false, writeConcern: MAJORITY });
    },
  };
}

const placed = (site: string, ids: string[]) => ({
  _id: { $in: ids },
  site,
  home: { $in: [...new Set(ids.map(homeOfId))] },
});
