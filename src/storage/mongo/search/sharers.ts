import type { CommentDoc } from '../comment-doc.ts';
import type { Database } from '../database.ts';

/** Tells by the index of keys who shares them. Keys of one site are never those of another. */
export interface Sharers {
  /**
   * By key, the ids of those that have it, the newest `most` of each, newest first. The index alone
   * tells them: no comment is read, and whoever shares several keys stands in several lists. One command.
   */
  listsOf(keys: Iterable<number>, most: number): Promise<Map<number, string[]>>;
  /** Which of a site's comments have the key, in any order. The index alone tells them. One command. */
  holding(site: string, key: number, ids: string[]): Promise<string[]>;
  /** Those that have one of the keys, `most` at most in any order, with all keys that each has. */
  having(keys: number[], most: number): Promise<Having[]>;
  /**
   * By text, the ids of those that share enough of its keys, itself among them, `limit` of each at most, in any
   * order; `isUnmarked`: without those that are told to be near. Whoever has a key of `sought` is read for it. One
   * command.
   */
  among(texts: KeyedText[], how: { limit: number; isUnmarked?: boolean }): Promise<string[][]>;
}

export type Having = Required<Pick<CommentDoc, '_id' | 'likeness'>>;

/** Keys that are looked for together. */
export interface KeyedText {
  keys: number[];
  enough: number;
  /** Those that are looked up: whoever shares enough of all shares one of these. */
  sought: number[];
}

/** Whether a comment shares enough of the keys, as the server tells it. */
export const sharesEnough = (keys: number[] | string, enough: number | string) => ({
  $gte: [{ $size: { $setIntersection: ['$likeness', keys] } }, enough],
});

export function createSharers({ comments }: Pick<Database, 'comments'>): Sharers {
  /** Documents that the command brings, each with the comments that have a key of it; in their order. */
  async function lookUp(documents: object[], keys: string, pipeline: object[], variables: object = {}) {
    if (documents.length === 0) return [];
    const found = await comments.db
      .aggregate<{ n: number; ids: string[] }>(
        [
          { $documents: documents.map((one, n) => ({ ...one, n })) },
          {
            $lookup: {
              from: comments.collectionName,
              localField: keys,
              foreignField: 'likeness',
              let: variables,
              pipeline: [...pipeline, { $project: { _id: 1 } }],
              as: 'found',
            },
          },
          { $project: { n: 1, ids: '$found._id' } },
        ],
        { batchSize: documents.length + 1 },
      )
      .toArray();
    return found.sort((a, b) => a.n - b.n).map(({ ids }) => ids);
  }

  return {
    async listsOf(keys, most) {
      const all = [...new Set(keys)];
      const lists = await lookUp(
        all.map((key) => ({ key })),
        'key',
        [{ $limit: most }],
      );
      return new Map(all.map((key, i) => [key, lists[i] ?? []]));
    },
    async holding(site, key, ids) {
      const found = await comments
        .find({ likeness: key, site, _id: { $in: ids } })
        .project<{ _id: string }>({ _id: 1 })
        .hint('likeness')
        .batchSize(ids.length + 1)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    async having(keys, most) {
      if (keys.length === 0) return [];
      return comments
        .find({ likeness: { $in: keys } })
        .project<Having>({ likeness: 1 })
        .hint('likeness')
        .limit(most)
        .batchSize(10_000)
        .toArray();
    },
    among: (texts, { limit, isUnmarked = false }) =>
      lookUp(
        texts.map(({ keys, enough, sought }) => ({ keys, enough, sought })),
        'sought',
        [
          {
            $match: {
              ...(isUnmarked && { near: { $ne: true } }),
              $expr: sharesEnough('$$keys', '$$enough'),
            },
          },
          { $limit: limit },
        ],
        { keys: '$keys', enough: '$enough' },
      ),
  };
}

/** By key, if it is one of those asked for, the ids of those that have it. */
export function listsIn(having: Having[], keys?: ReadonlySet<number>): Map<number, Set<string>> {
  const lists = new Map<number, Set<string>>();
  for (const { _id, likeness } of having) {
    for (const key of likeness) {
      if (keys?.has(key) === false) continue;
      const ids = lists.get(key);
      if (ids) ids.add(_id);
      else lists.set(key, new Set([_id]));
    }
  }
  return lists;
}

/** Those whom the lists name often enough. */
export function sharersIn(
  lists: ReadonlyMap<number, Iterable<string>>,
  { keys, enough }: Omit<KeyedText, 'sought'>,
): Set<string> {
  const counts = new Map<string, number>();
  for (const key of keys) for (const id of lists.get(key) ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= enough).map(([id]) => id));
}
