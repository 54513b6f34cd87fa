import type { Comment } from '../../comments/comment.ts';
import { searchWords } from '../../moderation/search.ts';
import { type CommentDoc, shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import { pageId } from './page-writes.ts';
import { newMarkUnderWay } from './search/due.ts';

/** Whether the comment is found by other words after the change. */
export function changesWords(current: Comment, next: Comment): boolean {
  const { text, author } = next;
  return text !== current.text || author.name !== current.author.name || author.url !== current.author.url;
}

/** The words that it is found by before and not after; those of its page's title stay. */
export function lostWords(before: Comment, after: Comment): string[] {
  const kept = new Set(searchWords(after, null));
  return searchWords(before, null).filter((word) => !kept.has(word));
}

/** What a change takes from the list of words (search/terms.ts), before it is written. */
export function createChangeWords({ comments, pages }: Pick<Database, 'comments' | 'pages'>) {
  /**
   * The words that the list may have for it: those that it has, and those that were about to be filled in, which stand
   * in the list already where a kill came between the two.
   */
  async function wordsOf(doc: CommentDoc, current: Comment): Promise<string[]> {
    const { words = [], wordsDue, site, page } = doc;
    if (wordsDue === undefined) return words;
    const found = await pages.findOne({ _id: pageId(site, page) }, { projection: { title: 1 } });
    return [...new Set([...words, ...searchWords(current, found?.title ?? null)])];
  }

  /**
   * Marks a comment as due before its words go from the list: where its write then does not happen, for a kill or for
   * another's write, it is to be found by them again, once they are filled in. False where another wrote.
   */
  async function markDue(doc: CommentDoc): Promise<boolean> {
    if (doc.wordsDue !== undefined) return true;
    const mark = newMarkUnderWay();
    const { matchedCount } = await comments.updateOne(
      { ...shardOf(doc.site, doc._id), writes: doc.writes, wordsDue: { $exists: false } },
      { $set: { wordsDue: mark } },
      { writeConcern: DURABLE },
    );
    doc.wordsDue = mark;
    return matchedCount > 0;
  }

  return { wordsOf, markDue };
}
