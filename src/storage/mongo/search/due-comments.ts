import type { KeptWords } from '../../../moderation/kept-words.ts';
import { type CommentRow, commentOf, WITHOUT_HISTORY } from '../comment-doc.ts';
import type { Database } from '../database.ts';
import { pageId } from '../page-writes.ts';

/** A comment with the words that it is found by now. */
export interface WordedRow {
  row: CommentRow;
  /** See wordLines. */
  words: string;
}

/** Reads the words of comments from the comments themselves. */
export interface WordReader {
  worded(rows: CommentRow[]): Promise<WordedRow[]>;
  /** Those of the comments that are still there, as they are now. */
  again(ids: string[]): Promise<CommentRow[]>;
  /** Those whose words are due; null where these are more than `most`. */
  due(sites: string[], most: number): Promise<WordedRow[] | null>;
}

export function createWordReader(
  { comments, pages }: Pick<Database, 'comments' | 'pages'>,
  wordsOf: KeptWords,
): WordReader {
  async function worded(rows: CommentRow[]): Promise<WordedRow[]> {
    if (rows.length === 0) return [];
    const ids = [...new Set(rows.map(({ site, page }) => pageId(site, page)))];
    const found = await pages
      .find({ _id: { $in: ids } })
      .project<{ _id: string; title: string | null }>({ title: 1 })
      .toArray();
    const titles = new Map(found.map(({ _id, title }) => [_id, title]));
    return rows.map((row) => ({
      row,
      words: wordsOf(commentOf(row), titles.get(pageId(row.site, row.page)) ?? null),
    }));
  }

  return {
    worded,
    async again(ids) {
      if (ids.length === 0) return [];
      const found = comments
        .find({ _id: { $in: ids }, deletedAt: null })
        .project<CommentRow>(WITHOUT_HISTORY);
      return found.batchSize(10_000).toArray();
    },
    async due(sites, most) {
      const rows = await comments
        .find({ wordsDue: { $exists: true }, site: { $in: sites } })
        .project<CommentRow>(WITHOUT_HISTORY)
        .hint('words-due')
        .limit(most + 1)
        .batchSize(most + 2)
        .toArray();
      return rows.length > most ? null : worded(rows);
    },
  };
}
