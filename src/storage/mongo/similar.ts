import type { Comment } from '../../comments/comment.ts';
import type { AskedLikeness, SimilarStore } from '../../moderation/similar-store.ts';
import { enoughOf, likenessOf } from '../../text/likeness.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';

/** Of what waits to be filled in so many are looked through. */
const MOST_DUE = 200;
/** Candidates of all that are asked for together, in one query; where there are more, each is asked for alone. */
const MOST_TOGETHER = 2000;
/** Candidates that are read for each that is asked for: not all of them share enough. */
const READ_FOR_EACH = 2;

type Candidate = Pick<CommentDoc, '_id' | 'site'> & { likeness: number[] };

/** One whose copies are looked for, with its keys. */
interface Sought extends Pick<AskedLikeness, 'id' | 'site'>, Likened {}

/** What a comment's own row tells of its copies. */
export interface Likened {
  keys: number[];
  /** None of what is filled in is a near copy (search/nearness.ts). */
  isFar: boolean;
}

const unique = <Value>(values: Value[]): Value[] => [...new Set(values)];

/** The ids of near copies among the candidates, newest first, each once. */
function idsAmong({ id, site, keys }: Sought, candidates: Candidate[]): string[] {
  const wanted = new Set(keys);
  const enough = enoughOf(keys);
  const found = candidates.filter(
    (one) =>
      one._id !== id && one.site === site && one.likeness.filter((key) => wanted.has(key)).length >= enough,
  );
  return unique(found.map(({ _id }) => _id)).sort((a, b) => (a < b ? 1 : -1));
}

/** By key, who has it. */
function byKey(candidates: Candidate[]): (keys: number[]) => Candidate[] {
  const having = new Map<number, Candidate[]>();
  for (const one of candidates) {
    for (const key of one.likeness) {
      const others = having.get(key);
      if (others) others.push(one);
      else having.set(key, [one]);
    }
  }
  return (keys) => unique(keys.flatMap((key) => having.get(key) ?? []));
}

/** The keys of comments that a list gave: read with them, they need not be read again. */
export interface Likenesses {
  note(comment: Comment, likened: Likened): void;
  /** Undefined where the very object was not noted. */
  of(comment: AskedLikeness): Likened | undefined;
}

export function createLikenesses(): Likenesses {
  const noted = new WeakMap<object, Likened>();
  return {
    note: (comment, likened) => void noted.set(comment, likened),
    of: (comment) => noted.get(comment),
  };
}

/** SimilarStore on MongoDB: the keys stand in the comments, filled in with their words (search/filler.ts). */
export function createSimilar(
  { comments }: Pick<Database, 'comments'>,
  likenesses: Likenesses,
): SimilarStore {
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

  /** With the keys that they have; where they are not filled in yet, with those that they will have. */
  async function sought(asked: AskedLikeness[]): Promise<Sought[]> {
    const told = asked.map((one) => likenesses.of(one));
    const unread = asked.filter((_, i) => told[i] === undefined);
    const kept = unread.length === 0 ? new Map<string, Likened>() : await keptOf(unread);
    return asked.map(({ id, site, text }, i) => {
      const likened = told[i] ?? kept.get(id);
      if (text === null) return { id, site, keys: [], isFar: true };
      return { id, site, ...(likened ?? { keys: likenessOf(site, text).keys, isFar: false }) };
    });
  }

  async function keptOf(asked: AskedLikeness[]): Promise<Map<string, Likened>> {
    const found = await comments
      .find({ _id: { $in: asked.map(({ id }) => id) } })
      .project<Pick<CommentDoc, '_id' | 'likeness' | 'near'>>({ likeness: 1, near: 1 })
      .hint('_id_')
      .batchSize(asked.length + 1)
      .toArray();
    return new Map(
      found.flatMap(({ _id, likeness, near }) =>
        likeness ? [[_id, { keys: likeness, isFar: near === false }]] : [],
      ),
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
  const newest = ({ keys, site }: Sought, limit: number): Promise<Candidate[]> =>
    sharing(keys, site, READ_FOR_EACH * limit + 1)
      .sort({ _id: -1 })
      .toArray();

  return {
    async count(asked, cap) {
      if (asked.length === 0) return [];
      const sites = unique(asked.map(({ site }) => site));
      const [lacking, all] = await Promise.all([due(sites), sought(asked)]);
      const countIn = (one: Sought, among: (keys: number[]) => Candidate[]): number =>
        Math.min(cap, idsAmong(one, among(one.keys)).length);
      const waiting = byKey(lacking);
      const near = all.filter(({ isFar }) => !isFar);
      // A copy shares at least one of all but `enough` − 1 of the keys.
      const keys = unique(near.flatMap((one) => one.keys.slice(enoughOf(one.keys) - 1)));
      const together = keys.length === 0 ? [] : await sharing(keys, { $in: sites }, MOST_TOGETHER).toArray();
      if (together.length < MOST_TOGETHER) {
        const among = byKey([...lacking, ...together]);
        return all.map((one) => countIn(one, one.isFar ? waiting : among));
      }
      return Promise.all(
        all.map(async (one) => {
          const own = one.isFar ? [] : await newest(one, cap);
          return countIn(one, (keys) => [...waiting(keys), ...own]);
        }),
      );
    },
    async list(asked, limit) {
      const [lacking, [one]] = await Promise.all([due([asked.site]), sought([asked])]);
      if (!one) return [];
      return idsAmong(one, [...lacking, ...(await newest(one, limit))]).slice(0, limit);
    },
  };
}
