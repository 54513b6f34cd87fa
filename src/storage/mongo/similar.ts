import type { AskedLikeness, SimilarStore } from '../../moderation/similar-store.ts';
import { likenessOf } from '../../text/likeness.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';

/** Of what waits to be filled in so many are looked through. */
const MOST_DUE = 200;
/** Candidates of all that are asked for together, in one query; where there are more, each is asked for alone. */
const MOST_TOGETHER = 2000;
/** Candidates that are read for each that is asked for: not all of them share enough. */
const READ_FOR_EACH = 2;

type Candidate = Pick<CommentDoc, '_id' | 'site'> & { likeness: number[] };

const unique = <Value>(values: Value[]): Value[] => [...new Set(values)];

/** The ids of near copies among the candidates, newest first, each once. */
function idsAmong({ id, site, keys, enough }: AskedLikeness, candidates: Candidate[]): string[] {
  const wanted = new Set(keys);
  const found = candidates.filter(
    (one) =>
      one._id !== id && one.site === site && one.likeness.filter((key) => wanted.has(key)).length >= enough,
  );
  return unique(found.map(({ _id }) => _id)).sort((a, b) => (a < b ? 1 : -1));
}

/** SimilarStore on MongoDB: the keys stand in the comments, filled in with their words (search/filler.ts). */
export function createSimilar({ comments }: Pick<Database, 'comments'>): SimilarStore {
  /** First: what is filled in meanwhile is met twice, the other way round not at all. */
  async function due(sites: string[]): Promise<Candidate[]> {
    const found = await comments
      .find({ wordsDue: { $exists: true }, site: { $in: sites } })
      .project<Pick<CommentDoc, '_id' | 'site' | 'text'>>({ site: 1, text: 1 })
      .hint('words-due')
      .limit(MOST_DUE)
      .batchSize(MOST_DUE + 1)
      .toArray();
    return found.flatMap(({ _id, site, text }) =>
      text === null ? [] : [{ _id, site, likeness: likenessOf(site, text).keys }],
    );
  }

  /** Those that share a key, in any order. */
  function sharing(keys: number[], site: string | { $in: string[] }, limit: number) {
    return comments
      .find({ likeness: { $in: keys }, site })
      .project<Candidate>({ site: 1, likeness: 1 })
      .hint('likeness')
      .limit(limit)
      .batchSize(limit + 1);
  }

  /** The newest that share a key with one. */
  const newest = ({ keys, site }: AskedLikeness, limit: number): Promise<Candidate[]> =>
    sharing(keys, site, READ_FOR_EACH * limit + 1)
      .sort({ _id: -1 })
      .toArray();

  return {
    async count(asked, cap) {
      if (asked.length === 0) return [];
      const sites = unique(asked.map(({ site }) => site));
      const lacking = await due(sites);
      const countIn = (one: AskedLikeness, candidates: Candidate[]): number =>
        Math.min(cap, idsAmong(one, [...lacking, ...candidates]).length);
      const together = await sharing(
        unique(asked.flatMap(({ keys }) => keys)),
        { $in: sites },
        MOST_TOGETHER,
      ).toArray();
      if (together.length < MOST_TOGETHER) return asked.map((one) => countIn(one, together));
      return Promise.all(asked.map(async (one) => countIn(one, await newest(one, cap))));
    },
    async list(asked, limit) {
      const lacking = await due([asked.site]);
      return idsAmong(asked, [...lacking, ...(await newest(asked, limit))]).slice(0, limit);
    },
  };
}
