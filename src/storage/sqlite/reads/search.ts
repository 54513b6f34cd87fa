import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../comments/comment.ts';
import type { CommentStore, Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { countKept, type FilteredWalk, firstKept } from '../../../moderation/filtered-walk.ts';
import { isSearch } from '../../../moderation/search.ts';
import type { Queue } from './queue.ts';
import { createResidual } from './residual.ts';

/** The moderators' queue with every filter. */
export type FilteredQueue = Pick<CommentStore, 'queue' | 'countQueue'>;

export function createFilteredQueue(db: Database, queue: Queue): FilteredQueue {
  const residualOf = createResidual(db);

  function walkOf(filter: QueueFilter, sort: QueueQuery['sort']): FilteredWalk<Comment> {
    const { q: _q, phase: _phase, reason: _reason, ...indexed } = filter;
    const residual = residualOf(filter);
    return {
      chunk: (from, limit) => queue.queue({ ...indexed, sort, from, limit }),
      keep: db.transaction((comments: Comment[]) => comments.filter(residual)),
      positionOf: ({ id, risk }): Position => (sort === 'risk' ? { id, value: risk } : { id }),
    };
  }

  return {
    async queue(query) {
      if (!isSearch(query)) return queue.queue(query);
      return firstKept(walkOf(query, query.sort), query);
    },
    async countQueue(filter, cap) {
      if (!isSearch(filter)) return queue.countQueue(filter, cap);
      return countKept(walkOf(filter, 'oldest'), cap);
    },
  };
}
