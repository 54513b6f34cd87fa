import type { CommentStore, Position, QueueFilter, QueueQuery } from '../../comments/comment-store.ts';
import { countKept, type FilteredWalk, firstKept } from '../../moderation/filtered-walk.ts';
import { createKeptWords } from '../../moderation/kept-words.ts';
import { hasWords, queryWords } from '../../moderation/search.ts';
import { type CommentRow, commentOf } from './comment-doc.ts';
import type { Database } from './database.ts';
import { pageId } from './pages.ts';
import type { Queue } from './queue.ts';
import type { TrueReader } from './reply-counts.ts';

/** The moderators' queue with every filter. */
export type FilteredQueue = Pick<CommentStore, 'queue' | 'countQueue'>;

export interface SearchParts {
  database: Pick<Database, 'pages'>;
  queue: Queue;
  trueReader: TrueReader;
}

export function createFilteredQueue({ database, queue, trueReader }: SearchParts): FilteredQueue {
  const wordsOf = createKeptWords();

  async function titlesOf(rows: CommentRow[]): Promise<Map<string, string | null>> {
    const ids = [...new Set(rows.map(({ site, page }) => pageId(site, page)))];
    const found = await database.pages
      .find({ _id: { $in: ids } })
      .project<{ _id: string; title: string | null }>({ title: 1 })
      .toArray();
    return new Map(found.map(({ _id, title }) => [_id, title]));
  }

  function walkOf(q: string, filter: QueueFilter, sort: QueueQuery['sort']): FilteredWalk<CommentRow> {
    const { q: _q, ...indexed } = filter;
    const query = queryWords(q);
    return {
      chunk: (from, limit) => queue.rows({ ...indexed, sort, from, limit }),
      async keep(rows) {
        const titles = await titlesOf(rows);
        return rows.filter((row) => {
          const title = titles.get(pageId(row.site, row.page)) ?? null;
          return hasWords(wordsOf(commentOf(row), title), query);
        });
      },
      positionOf: ({ _id, risk }): Position => (sort === 'risk' ? { id: _id, value: risk } : { id: _id }),
    };
  }

  return {
    async queue(query) {
      const { q } = query;
      if (q === undefined) return queue.queue(query);
      return trueReader.read(() => firstKept(walkOf(q, query, query.sort), query));
    },
    async countQueue(filter, cap) {
      const { q } = filter;
      if (q === undefined) return queue.countQueue(filter, cap);
      return countKept(walkOf(q, filter, 'oldest'), cap);
    },
  };
}
