import type { Comment } from '../../comments/comment.ts';
import type { AskedLikeness, SimilarStore } from '../../moderation/similar-store.ts';
import { enoughOf, likenessOf } from '../../text/likeness.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';
import { createKeyLists } from './search/key-lists.ts';
import {
  createSharers,
  type Having,
  type KeyedText,
  listsIn,
  sharersIn,
  sharesEnough,
} from './search/sharers.ts';

/** Of what waits to be filled in so many are looked through. */
const MOST_DUE = 200;
/** Those of a key that are met at first, for each that is asked for: not all of them share enough. */
const READ_FOR_EACH = 2;
/** Of a key that more comments have they are read, to tell which of them are near. */
const MOST_OF_KEY = 20_000;

/** One whose copies are looked for, with its keys. */
interface Sought extends Pick<AskedLikeness, 'id' | 'site'>, Likened {}

/** What a comment's own row tells of its copies. */
export interface Likened {
  keys: number[];
  /** None of what is filled in is a near copy (search/nearness.ts). */
  isFar: boolean;
}

const nameOf = (keys: number[]): string => keys.join();

/** The keys stand with the commonest first (../key-memory.ts): of these nothing need be looked up. */
function textOf(keys: number[]): KeyedText {
  const enough = enoughOf(keys);
  return { keys, enough, sought: keys.slice(enough - 1) };
}

/** All but its own, newest first, each once. */
const othersOf = ({ id }: Sought, ids: string[]): string[] =>
  [...new Set(ids)].filter((one) => one !== id).sort((a, b) => (a < b ? 1 : -1));

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
  const sharers = createSharers({ comments });

  /** First: what is filled in meanwhile is met twice, the other way round not at all. */
  async function due(sites: string[]): Promise<Having[]> {
    const found = await comments
      .find({ wordsDue: { $exists: true }, site: { $in: sites } })
      .project<Pick<CommentDoc, '_id' | 'site' | 'text'>>({ site: 1, text: 1 })
      .hint('words-due')
      .limit(MOST_DUE)
      .batchSize(MOST_DUE + 1)
      .toArray();
    return found.flatMap(({ _id, site, text }) =>
      text === null ? [] : [{ _id, likeness: likenessOf(site, text).keys }],
    );
  }

  /** With the keys that they have; where they are not filled in yet, with those that they will have. */
  async function sought(asked: AskedLikeness[]): Promise<Sought[]> {
    const told = asked.map((one) => likenesses.of(one));
    const unread = asked.filter((_, i) => told[i] === undefined);
    const kept = unread.length === 0 ? new Map<string, Likened>() : await likenedOf(unread);
    return asked.map(({ id, site, text }, i) => {
      const likened = told[i] ?? kept.get(id);
      if (text === null) return { id, site, keys: [], isFar: true };
      return { id, site, ...(likened ?? { keys: likenessOf(site, text).keys, isFar: false }) };
    });
  }

  async function likenedOf(asked: AskedLikeness[]): Promise<Map<string, Likened>> {
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

  /**
   * The near copies of each text, itself among them, as many as are asked for: by the index alone, but where so
   * many have two of its keys that their lists were cut off before enough were met.
   */
  async function keptOf(near: Sought[], most: number): Promise<Map<string, string[]>> {
    // In a flood many have the same text, and so the same copies.
    const texts = new Map(near.map(({ keys, site }) => [nameOf(keys), { site, ...textOf(keys) }]));
    const found = new Map<string, string[]>();
    const lists = createKeyLists(sharers, most);
    // Of a flood few of each key do: they are the same of all. What is shared by chance is met in whole lists.
    for (const limit of [READ_FOR_EACH * most, MOST_OF_KEY]) {
      await lists.read([...texts.values()], limit);
      const told = await lists.sharersOf([...texts.values()]);
      for (const [i, name] of [...texts.keys()].entries()) {
        const met = told[i];
        if (!met) continue;
        found.set(name, met);
        texts.delete(name);
      }
      if (texts.size === 0) return found;
    }
    const read = await sharers.among([...texts.values()], { limit: most });
    for (const [i, name] of [...texts.keys()].entries()) found.set(name, read[i] ?? []);
    return found;
  }

  /** The newest near copies of one, itself among them. */
  async function newest({ keys, site }: Sought, limit: number): Promise<string[]> {
    const { sought, enough } = textOf(keys);
    const found = await comments
      .find({ likeness: { $in: sought }, site, $expr: sharesEnough(keys, enough) })
      .project<{ _id: string }>({ _id: 1 })
      .hint('likeness')
      .sort({ _id: -1 })
      .limit(limit)
      .batchSize(limit + 1)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  return {
    async count(asked, cap) {
      if (asked.length === 0) return [];
      const sites = [...new Set(asked.map(({ site }) => site))];
      const [lacking, all] = await Promise.all([due(sites), sought(asked)]);
      const near = all.filter(({ isFar }) => !isFar);
      const found = await keptOf(near, cap + 1);
      const waiting = listsIn(lacking);
      return all.map((one) => {
        const kept = one.isFar ? [] : (found.get(nameOf(one.keys)) ?? []);
        return Math.min(cap, othersOf(one, [...sharersIn(waiting, textOf(one.keys)), ...kept]).length);
      });
    },
    async list(asked, limit) {
      const [lacking, [one]] = await Promise.all([due([asked.site]), sought([asked])]);
      if (!one) return [];
      const kept = one.isFar ? [] : await newest(one, limit + 1);
      return othersOf(one, [...sharersIn(listsIn(lacking), textOf(one.keys)), ...kept]).slice(0, limit);
    },
  };
}
