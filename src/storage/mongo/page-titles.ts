import { newMark } from './carry.ts';
import { type Database, DURABLE } from './database.ts';
import type { PageDoc } from './documents.ts';
import { markPage } from './search/due.ts';

/**
 * A page's title is among the words that its comments are found by, and that lists of pages find it by. Whoever writes
 * another one marks the page with `retitled` in the same write, then carries it on; the mark goes last, so that what
 * a crash cut off is found by it.
 */
export interface PageTitles {
  /** Has the comments of the page filled in anew, and its entry in the lists; takes the mark away. */
  carry(page: Pick<PageDoc, '_id' | 'site' | 'key'>, mark: string): Promise<void>;
  /** Carries on what a crash left; pages that were made before one, and came into no list, among it. */
  sweep(): Promise<void>;
}

const MOST_LISTED = 1000;
const RETITLED = { filter: { retitled: { $type: 'string' as const } }, hint: 'retitled' };

export function createPageTitles({
  pages,
  comments,
  directoryTodo,
}: Pick<Database, 'pages' | 'comments' | 'directoryTodo'>): PageTitles {
  const carry: PageTitles['carry'] = async ({ _id, site, key }, mark) => {
    await markPage({ comments }, site, key);
    // A name of its own, as every entry has: whoever is at work on an earlier one takes only that one away.
    const todo = { comments: [], pages: [_id] };
    await directoryTodo.replaceOne({ _id: `title ${_id} ${mark}` }, todo, {
      upsert: true,
      writeConcern: DURABLE,
    });
    await pages.updateOne({ _id, retitled: mark }, { $unset: { retitled: '' } });
  };
  return {
    carry,
    async sweep() {
      const { filter, hint } = RETITLED;
      const left = await pages.find(filter).hint(hint).toArray();
      for (const page of left) await carry(page, page.retitled ?? '');
      // While others wait there, these most likely do.
      if ((await directoryTodo.countDocuments({}, { limit: 1 })) > 0) return;
      const unlisted = pages.find({ unlisted: true }).project<{ _id: string }>({ _id: 1 });
      const ids = (await unlisted.hint('unlisted').limit(MOST_LISTED).toArray()).map(({ _id }) => _id);
      if (ids.length === 0) return;
      await directoryTodo.insertOne({ _id: `unlisted ${newMark()}`, comments: [], pages: ids });
    },
  };
}
