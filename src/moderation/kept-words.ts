import { LRUCache } from 'lru-cache';
import type { Comment } from '../comments/comment.ts';
import { searchWords, wordLines } from './search.ts';

/**
 * The words of comments that were looked into lately, as `wordLines` gives them. Folding a comment takes
 * longer than reading it, and a moderator who searches a queue searches it again.
 */
export type KeptWords = (
  comment: Pick<Comment, 'id' | 'version' | 'text' | 'author'>,
  title: string | null,
) => string;

const KEPT = 4000;
/** Characters of all that is kept. */
const KEPT_SIZE = 4_000_000;

export function createKeptWords(): KeptWords {
  const kept = new LRUCache<string, string>({
    max: KEPT,
    maxSize: KEPT_SIZE,
    sizeCalculation: (lines, name) => lines.length + name.length,
  });
  return (comment, title) => {
    // Every change of text, name or url raises the version.
    const name = `${comment.id} ${comment.version} ${title ?? ''}`;
    let lines = kept.get(name);
    if (lines === undefined) {
      lines = wordLines(searchWords(comment, title));
      kept.set(name, lines);
    }
    return lines;
  };
}
