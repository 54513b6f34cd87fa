import { randomBytes } from 'node:crypto';
import { STATUSES } from '../../comments/comment.ts';
import { type Counts, NO_COUNTS, pageScope } from '../../comments/counts.ts';
import { foldWords } from '../../text/words.ts';
import { readCounts } from './counters.ts';
import type { Database } from './database.ts';
import type { PageDoc, PageFactsDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import type { JournalReader } from './journal.ts';

/** Works out what orders a page in lists, and the words it is found by. */
export type PageReading = (page: PageDoc) => Promise<Pick<PageFactsDoc, 'lastId' | 'comments' | 'words'>>;

export function createPageReading(
  { comments }: Pick<Database, 'comments'>,
  countsOf: (scopes: string[]) => Promise<Map<string, Counts>>,
): PageReading {
  async function newest({ site, key }: PageDoc): Promise<string> {
    const [row] = await comments
      .find({ site, page: key, queue: { $in: [...STATUSES] } })
      .project<{ _id: string }>({ _id: 1 })
      .sort({ _id: -1 })
      .hint('queue-of-page')
      .limit(1)
      .toArray();
    return row?._id ?? '';
  }

  return async (page) => {
    const scope = pageScope(page.site, page.key);
    const [lastId, counts] = await Promise.all([newest(page), countsOf([scope])]);
    const of = counts.get(scope) ?? NO_COUNTS;
    const names = [page.title, page.url && readable(page.url), page.id];
    return {
      lastId,
      comments: STATUSES.reduce((sum, status) => sum + of[status], 0),
      words: [...new Set(names.flatMap((text) => foldWords(text ?? '')))],
    };
  };
}

/** Keeps pages' entries of the directory. */
export function createPageFacts(database: Database, journals: JournalReader) {
  const { pages, pageFacts } = database;
  const workOut = createPageReading(database, (scopes) => readCounts(database, journals, scopes));

  /** False where somebody else wrote meanwhile: what was worked out may be the older state. */
  async function refreshOne(id: string): Promise<boolean> {
    const before = await pageFacts.findOne({ _id: id }, { projection: { rev: 1 } });
    const page = await pages.findOne({ _id: id });
    if (!page || page.joined !== undefined) {
      const { deletedCount } = before
        ? await pageFacts.deleteOne({ _id: id, rev: before.rev })
        : { deletedCount: 1 };
      return deletedCount === 1;
    }
    const update = {
      site: page.site,
      key: page.key,
      ...(await workOut(page)),
      rev: randomBytes(9).toString('base64url'),
    };
    try {
      const filter = { _id: id, rev: before?.rev ?? { $exists: false } };
      const { matchedCount, upsertedCount } = await pageFacts.updateOne(
        filter,
        { $set: update },
        { upsert: before === null },
      );
      return matchedCount + upsertedCount === 1;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    /** `ids` as pages have them. */
    async refresh(ids: Iterable<string>): Promise<void> {
      for (const id of new Set(ids)) while (!(await refreshOne(id)));
    },
  };
}

/** An address as people read it: its escapes hide the words. */
function readable(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    // Bytes that are no text stay escaped.
    return url;
  }
}
