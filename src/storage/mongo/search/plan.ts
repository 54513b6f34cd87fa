import type { QueryWord } from '../../../moderation/search.ts';
import type { CommentDoc } from '../comment-doc.ts';
import type { Filter } from '../database.ts';
import { rangeOf, type Terms } from './terms.ts';

/**
 * How a query's words become a filter for the server, and which of them leads. An index on words gives the
 * comments of one word by time and merges those of a few; so the words that begin as asked are looked up
 * first, and of the query's words the rarest leads while the others are tried on what it leads to. The
 * planner's own choice between a common and a rare word may read all comments of the common one.
 */
export interface SearchPlan {
  /** All that is asked, told from the comment's own words. */
  filter: Filter<CommentDoc>;
  /** The same of comments that have one of the words that lead: what these tell already is not tried again. */
  beside: Filter<CommentDoc>;
  /** The words that lead, each a stretch of the index; null where the queue's own lists must. */
  lead: string[] | null;
  /** Of one word that too many begin with to lead: those words. Every comment of theirs is an answer. */
  counted: string[] | null;
  /** Their hits are no more than MOST_SORTED: they may be put into any order. */
  isRare: boolean;
}

/** Words that a beginning may have and still lead. */
const MOST_TERMS = 40;
/** Words that a beginning may have and still be counted by: the order does not matter then. */
const MOST_COUNTED = 1000;
/** Hits that are counted to tell the rarest word. */
export const MOST_SORTED = 1000;

/**
 * A word of the comment begins so. Said with two negations, of which the planner makes no bounds: the words
 * that lead are the only ones that it may walk an index by.
 */
const inRange = (part: string): Filter<CommentDoc> => ({
  $nor: [{ words: { $not: { $elemMatch: rangeOf(part) } } }],
});

/** Whether a comment has the word of the query once it has one of the words that begin as its longest part. */
const isWhole = (writings: QueryWord): boolean => writings.every((parts) => parts.length === 1);

function filterOf(query: readonly QueryWord[]): Filter<CommentDoc> {
  if (query.length === 0) return {};
  const words = query.map((writings): Filter<CommentDoc> => {
    const ways = writings.map((parts): Filter<CommentDoc> => ({ $and: parts.map(inRange) }));
    return ways.length === 1 ? (ways[0] as Filter<CommentDoc>) : { $or: ways };
  });
  return { $and: words };
}

/** The words by which a comment that has this word of the query, in any of its writings, is found. */
async function termsOf(terms: Terms, writings: QueryWord, most: number): Promise<string[] | null> {
  const found = await Promise.all(
    writings.map((parts) => {
      const longest = parts.reduce((a, b) => (b.length > a.length ? b : a));
      return terms.beginning(longest, most + 1);
    }),
  );
  const all = [...new Set(found.flat())];
  return all.length > most ? null : all;
}

export interface PlanParts {
  terms: Terms;
  /** How many comments have one of the words, counted no further than `cap`. */
  count: (words: string[], cap: number) => Promise<number>;
}

/** null: no comment can be an answer. */
export async function planSearch(
  query: readonly QueryWord[],
  { terms, count }: PlanParts,
): Promise<SearchPlan | null> {
  if (query.length === 0) return null;
  const words = await Promise.all(query.map((writings) => termsOf(terms, writings, MOST_TERMS)));
  if (words.some((one) => one?.length === 0)) return null;
  const few = words.filter((one) => one !== null);
  const counts = await Promise.all(few.map((one) => count(one, MOST_SORTED + 1)));
  const least = Math.min(...counts);
  const lead = few[counts.indexOf(least)] ?? null;
  const led = lead === null ? -1 : words.indexOf(lead);
  const others = query.filter((writings, i) => i !== led || !isWhole(writings));
  const isRare = lead !== null && least <= MOST_SORTED;
  const [only] = query;
  const isAlone = lead === null && only !== undefined && others.length === 1 && isWhole(only);
  const counted = isAlone ? await termsOf(terms, only, MOST_COUNTED) : null;
  return { filter: filterOf(query), beside: filterOf(others), lead, counted, isRare };
}
