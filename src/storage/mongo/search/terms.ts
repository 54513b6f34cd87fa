import type { Database } from '../database.ts';
import { isDuplicateKey, itemErrors } from '../failures.ts';

/**
 * Every word that comments are found by, once: a search turns the beginning of a word into words, since an
 * index gives the comments of one word in the order of time, but not those of a range of words.
 */
export interface Terms {
  /** The words that begin so, at most `most`. */
  beginning(part: string, most: number): Promise<string[]>;
  /** Makes sure that these are there; gives those that were not. */
  ensure(words: Iterable<string>): Promise<string[]>;
  /** Those that no comment has. */
  lone(words: readonly string[]): Promise<string[]>;
  /** Takes away those that no comment has, but for those that are about to lose them. */
  release(words: readonly string[], owners: readonly string[]): Promise<void>;
  /** Takes away those that no other site's comments have: all of the site's are about to go. */
  releaseOf(site: string, words: readonly string[]): Promise<void>;
}

/** Greater than every character that a word may have. */
const BEYOND = '\u{10ffff}';
/** Words asked for in one go. */
const CHUNK = 200;

export const rangeOf = (part: string): { $gte: string; $lt: string } => ({ $gte: part, $lt: part + BEYOND });

export function createTerms({ terms, comments }: Pick<Database, 'terms' | 'comments'>): Terms {
  /** Those that no comment has but the owners. One command, whose lookups no index but that of words can answer. */
  async function lonely(words: readonly string[], owners: readonly string[] = []): Promise<string[]> {
    const lone = comments.db.aggregate<{ word: string }>(
      [
        { $documents: words.map((word) => ({ word: { $literal: word } })) },
        {
          $lookup: {
            from: comments.collectionName,
            localField: 'word',
            foreignField: 'words',
            pipeline: [{ $limit: owners.length + 1 }, { $project: { _id: 1 } }],
            as: 'having',
          },
        },
        { $match: { $expr: { $setIsSubset: ['$having._id', { $literal: owners }] } } },
        { $project: { word: 1 } },
      ],
      { batchSize: words.length + 1 },
    );
    return (await lone.toArray()).map(({ word }) => word);
  }

  /**
   * Those that only the site’s comments have. A command each: other indexes begin with the site, and a lookup takes no
   * hint.
   */
  async function lonelyAt(words: readonly string[], site: string): Promise<string[]> {
    const having = await Promise.all(
      words.map((word) =>
        comments.findOne(
          { words: word, site: { $ne: site } },
          { projection: { _id: 1 }, hint: 'queue-of-word' },
        ),
      ),
    );
    return words.filter((_, i) => having[i] === null);
  }

  async function insert(words: string[]): Promise<void> {
    if (words.length === 0) return;
    try {
      const docs = words.map((word) => ({ _id: word }));
      await terms.insertMany(docs, { ordered: false, writeConcern: { w: 'majority' } });
    } catch (error) {
      for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
    }
  }

  const chunksOf = (words: readonly string[]): string[][] =>
    Array.from({ length: Math.ceil(words.length / CHUNK) }, (_, i) =>
      words.slice(i * CHUNK, (i + 1) * CHUNK),
    );

  /** `loneOf`: those that nobody has whose having a word keeps it. */
  async function releaseLone(words: readonly string[], loneOf: (some: string[]) => Promise<string[]>) {
    for (const chunk of chunksOf(words)) {
      const lone = await loneOf(chunk);
      if (lone.length === 0) continue;
      await terms.deleteMany({ _id: { $in: lone } }, { writeConcern: { w: 'majority' } });
      // One that a comment was given meanwhile is put back: it was filled in before it was looked for here.
      const still = new Set(await loneOf(lone));
      await insert(lone.filter((word) => !still.has(word)));
    }
  }

  return {
    async beginning(part, most) {
      const found = await terms
        .find({ _id: rangeOf(part) })
        .sort({ _id: 1 })
        .limit(most)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    async ensure(words) {
      const wanted = [...new Set(words)];
      const known = await terms
        .find({ _id: { $in: wanted } })
        .batchSize(10_000)
        .toArray();
      const there = new Set(known.map(({ _id }) => _id));
      const added = wanted.filter((word) => !there.has(word));
      await insert(added);
      return added;
    },
    async lone(words) {
      const lone: string[] = [];
      for (const chunk of chunksOf(words)) lone.push(...(await lonely(chunk)));
      return lone;
    },
    release: (words, owners) => releaseLone(words, (some) => lonely(some, owners)),
    releaseOf: (site, words) => releaseLone(words, (some) => lonelyAt(some, site)),
  };
}
