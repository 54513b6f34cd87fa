import { createById } from './by-id.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';

/** What a write needs to know of a comment's parent. */
export type ParentLink = Pick<CommentDoc, '_id' | 'site' | 'page' | 'ancestors' | 'open' | 'queue'>;

/** Reads that arrive together share one query. Each sees the comment as it is after the call. */
export interface LinkReader {
  load(id: string): Promise<ParentLink | null>;
}

const PROJECTION = { site: 1, page: 1, ancestors: 1, open: 1, queue: 1 } as const;

export const createLinkReader = ({ comments }: Pick<Database, 'comments'>): LinkReader => ({
  load: createById<CommentDoc, ParentLink>(comments, PROJECTION),
});
