import { type QueryWord, type SearchedComment, searchWords } from '../../../moderation/search.ts';

/**
 * What the index holds of a comment: its folded words and a token of its site. Words are letters, marks and
 * digits only, and the `ascii` tokenizer takes every character beyond ASCII for a part of a word, so that
 * blanks alone divide what it is given.
 */

/** No character of this plane is ever part of a word: private use. */
const PRIVATE_PLANE = 0xf0000;
const HALF = 2 ** 15;

/**
 * Two private characters, told from the site's id (FNV-1a, 30 bits): short, since every comment has them.
 * Should two sites ever share them, the rows tell.
 */
export function siteToken(site: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < site.length; i++) hash = Math.imul(hash ^ site.charCodeAt(i), 0x01000193);
  const bits = hash >>> 2;
  return String.fromCodePoint(PRIVATE_PLANE + (bits % HALF), PRIVATE_PLANE + Math.floor(bits / HALF));
}

/** A comment's tokens, each once. */
export function tokensOf(site: string, comment: SearchedComment, title: string | null): string[] {
  return [siteToken(site), ...searchWords(comment, title)];
}

/** The longest beginnings that the index itself holds, in characters; see migrations/search.ts. */
const LONGEST_PREFIX = 4;

/** The beginnings of a word that the index holds beside it, itself among them where it is no longer. */
export function beginningsOf(word: string): string[] {
  const beginnings: string[] = [];
  for (let end = 0; end < word.length && beginnings.length < LONGEST_PREFIX; ) {
    end += (word.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    beginnings.push(word.slice(0, end));
  }
  return beginnings;
}

/** Words that a longer beginning may have and still be asked for one by one. */
export const MOST_TERMS = 12;

/** The index's words that begin so, at most MOST_TERMS + 1. */
export type TermsOf = (beginning: string) => string[];

const quoted = (word: string): string => `"${word.replaceAll('"', '""')}"`;

/** What FTS5 is asked for one of those beginnings. */
export const begunBy = (part: string): string => `${quoted(part)} *`;

/** The words that begin so, as FTS5 asks for them; null where the index has none. */
function beginning(part: string, termsOf: TermsOf): string | null {
  if ([...part].length <= LONGEST_PREFIX) return begunBy(part);
  const terms = termsOf(part);
  if (terms.length === 0) return null;
  // A few words are walked side by side; of many FTS5 would first gather all hits of each, and so be it.
  return terms.length <= MOST_TERMS ? `(${terms.map(quoted).join(' OR ')})` : begunBy(part);
}

const all = (parts: (string | null)[]): string | null =>
  parts.includes(null) ? null : parts.map((part) => `(${part})`).join(' AND ');

/**
 * The query as FTS5 takes it, for the sites named (null: all there are); null where the index can have no
 * answer. What begins another word of the query asks for nothing more.
 */
export function matchOf(
  query: readonly QueryWord[],
  sites: string[] | null,
  termsOf: TermsOf,
): string | null {
  const single = query.flatMap((writings) => (writings.length === 1 ? (writings[0] ?? []) : []));
  const needed = query.filter((writings) => {
    const [part] = writings.length === 1 ? (writings[0] ?? []) : [];
    return part === undefined || !single.some((other) => other !== part && other.startsWith(part));
  });
  const words = needed.map((writings) => {
    const ways = writings.map((parts) => all(parts.map((part) => beginning(part, termsOf))));
    const possible = ways.filter((way) => way !== null);
    return possible.length === 0 ? null : possible.map((way) => `(${way})`).join(' OR ');
  });
  const expression = all([...new Set(words)]);
  if (expression === null || sites === null) return expression;
  return `(${sites.map((site) => quoted(siteToken(site))).join(' OR ')}) AND ${expression}`;
}
