import type { Comment } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import { foldQuery, foldWords } from '../text/words.ts';

/**
 * Search in the queue, as both stores understand it: every word of the query must begin a word of the body,
 * the author's name or url, or the page's title, all folded. There are no operators; what is no word of the
 * query is nothing.
 */

/** Characters of `q` at most, as sent. */
export const MOST_OF_QUERY = 200;

/** What a comment is found by, beside the title of its page. */
export type SearchedComment = Pick<Comment, 'text'> & { author: Pick<Comment['author'], 'name' | 'url'> };

/**
 * One word of a query in its writings: the comment has it where for one of them every part begins one of
 * the comment's words. See foldQuery.
 */
export type QueryWord = string[][];

/** An address as people read it: escapes of letters are the letters. As it stands where an escape is broken. */
function readable(url: string): string {
  if (!url.includes('%')) return url;
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** The folded words that a comment is found by, each once. */
export function searchWords({ text, author }: SearchedComment, title: string | null): string[] {
  // A line each: affixes that stand apart belong to a word of the same text only.
  const fields = [text, author.name, author.url === null ? null : readable(author.url), title];
  const words = new Set<string>();
  for (const field of fields) {
    if (field !== null && field !== '') for (const word of foldWords(field)) words.add(word);
  }
  return [...words];
}

/** A comment's words in one text, each at the beginning of a line. */
export function wordLines(words: readonly string[]): string {
  return `\n${words.join('\n')}`;
}

/** The words of a query; [] where it has none, and then nothing is found by it. */
export function queryWords(q: string): QueryWord[] {
  return foldQuery(q);
}

/** Whether a comment with these words, as `wordLines` gives them, is an answer. */
export function hasWords(lines: string, query: readonly QueryWord[]): boolean {
  const begins = (part: string): boolean => lines.includes(`\n${part}`);
  return query.length > 0 && query.every((writings) => writings.some((parts) => parts.every(begins)));
}

/** What a filter asks that neither counters nor the lists' own indexes know. */
export function isSearch({ q, phase, reason }: QueueFilter): boolean {
  return q !== undefined || phase !== undefined || reason !== undefined;
}
