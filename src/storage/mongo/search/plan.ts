import type { QueryWord } from '../../../moderation/search.ts';
import type { CommentDoc } from '../comment-doc.ts';
import type { Filter } from '../database.ts';
import type { LeadingWords } from '../queue.ts';
import { rangeOf, type Terms } from './terms.ts';

/**
 * How a query's words become a filter for the server, and which of them leads. An index on words gives the
 * comments of one word by time and merges those of a few; so the words that begin as asked are looked up
 * first, and of the query's words the rarest leads while the others are tried on what it leads to. Of a
 * beginning that many words have the index gives the comments in no order, so that it leads where they are no more
 * than can be sorted. The planner's own choice between a common and a rare word may read all comments of the common
 * one.
 */
export interface SearchPlan {
  /** All that is asked, told from the comment's own words. */
  filter: Filter<CommentDoc>;
  /** The same of comments that have one of the words that lead: what these tell already is not tried again. */
  beside: Filter<CommentDoc>;
  /** The words that lead; null where the queue's own lists must. */
  lead: LeadingWords | null;
  /** How many comments have one of the words that lead, or the only word; null where these were not counted. */
  led: Counted | null;
  /** Of a query of one word: those of which every comment is an answer. */
  sure: LeadingWords | null;
  /** Whether no other comment is one. */
  isSureAll: boolean;
}

/** `n`, or as many or more where it is `upTo`. */
export interface Counted {
  n: number;
  upTo: number;
}

/** Words that a beginning may have and still lead by time: each is a scan for each status. */
const MOST_TERMS = 30;
/** Comments of a rare word: of several the rarest is told, no further. */
const RARE = 1000;
/** Comments of a beginning that the server may sort by what the index tells; as far as a list's total is told. */
const MOST_SORTED = 10_000;
/** Words of a query that are counted, the longest: the others are tried on what these lead to. */
const MOST_COUNTED = 8;

/**
 * A word of the comment begins so. Said with two negations, of which the planner makes no bounds: the words
 * that lead are the only ones that it may walk an index by.
 */
const inRange = (part: string): Filter<CommentDoc> => ({
  $nor: [{ words: { $not: { $elemMatch: rangeOf(part) } } }],
});

function filterOf(query: readonly QueryWord[]): Filter<CommentDoc> {
  if (query.length === 0) return {};
  const words = query.map((writings): Filter<CommentDoc> => {
    const ways = writings.map((parts): Filter<CommentDoc> => ({ $and: parts.map(inRange) }));
    return ways.length === 1 ? (ways[0] as Filter<CommentDoc>) : { $or: ways };
  });
  return { $and: words };
}

/** A word of the query, as the index of words is asked for it. */
interface Asked {
  writings: QueryWord;
  /** A comment that has the word has one that begins as one of these. */
  beginnings: string[];
  /** A comment with one that begins as one of these has the word. */
  sure: string[];
  /** The words that begin as `beginnings`; null where they are too many to lead by time. */
  few: string[] | null;
}

async function askedOf(terms: Terms, writings: QueryWord): Promise<Asked> {
  const beginnings = [
    ...new Set(writings.map((parts) => parts.reduce((a, b) => (b.length > a.length ? b : a)))),
  ];
  const found = await Promise.all(beginnings.map((one) => terms.beginning(one, MOST_TERMS + 1)));
  const few = [...new Set(found.flat())];
  const sure = writings.flatMap((parts) => (parts.length === 1 ? parts : []));
  return { writings, beginnings, sure, few: few.length > MOST_TERMS ? null : few };
}

const leadOf = ({ few, beginnings }: Asked): LeadingWords => (few ? { few } : { beginnings });
const isWhole = ({ beginnings, sure }: Asked): boolean => beginnings.every((one) => sure.includes(one));
const longest = ({ beginnings }: Asked): number => Math.min(...beginnings.map((one) => one.length));

interface Led {
  word: Asked;
  led: Counted;
}

export interface PlanParts {
  terms: Terms;
  /** How many comments have one of the words, counted no further than `cap`; by the index alone. */
  count: (words: LeadingWords, cap: number) => Promise<number>;
  /** Whether words have to be counted in any case: something else may lead where they are many. */
  isCounted: boolean;
}

/** The rarest, where it has fewer comments than `upTo`. */
async function rarestUpTo(upTo: number, words: Asked[], count: PlanParts['count']): Promise<Led | null> {
  const counts = await Promise.all(words.map(({ beginnings }) => count({ beginnings }, upTo)));
  const n = Math.min(...counts);
  const word = words[counts.indexOf(n)];
  return word ? { word, led: { n, upTo } } : null;
}

/** The word that leads where it was counted. */
async function rarest(words: Asked[], count: PlanParts['count']): Promise<Led | null> {
  const many = words.filter(({ few }) => few === null);
  // What is counted of a beginning that stands alone is its total, too.
  const isAlone = words.length === 1;
  const first = isAlone && many.length === 1 ? null : await rarestUpTo(RARE + 1, words, count);
  if (isAlone && first) return first;
  if (first && first.led.n <= RARE) return first;
  return rarestUpTo(MOST_SORTED + 1, many, count);
}

/** Of a beginning that many words have the comments are sorted before any is answered. */
const canLead = ({ few }: Asked, led?: Counted): boolean =>
  few !== null || (led?.n ?? Infinity) <= MOST_SORTED;

/** null: no comment can be an answer. */
export async function planSearch(
  query: readonly QueryWord[],
  { terms, count, isCounted }: PlanParts,
): Promise<SearchPlan | null> {
  if (query.length === 0) return null;
  const words = await Promise.all(query.map((writings) => askedOf(terms, writings)));
  if (words.some(({ few }) => few?.length === 0)) return null;
  const [only] = words;
  const isAlone = words.length === 1 && only !== undefined;
  const counted = [...words].sort((a, b) => longest(b) - longest(a)).slice(0, MOST_COUNTED);
  const isAsked = isCounted || !isAlone || only.few === null;
  const rare = isAsked ? await rarest(counted, count) : null;
  const isLed = rare !== null && canLead(rare.word, rare.led);
  const word = isLed ? rare.word : counted.find(({ few }) => few !== null);
  const lead = word ? leadOf(word) : null;
  const others = words.filter((one) => one !== word || !isWhole(one));
  return {
    filter: filterOf(query),
    beside: filterOf(others.map(({ writings }) => writings)),
    lead,
    led: rare?.led ?? null,
    sure: isAlone && only.sure.length > 0 ? { beginnings: only.sure } : null,
    isSureAll: isAlone && isWhole(only),
  };
}
