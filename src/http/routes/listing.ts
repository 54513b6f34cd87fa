import * as z from 'zod';
import { isTombstone, isVisible } from '../../comments/comment.ts';
import { asObjects } from '../../comments/thread-shapes.ts';
import { listReplies } from '../../comments/threads.ts';
import { AppError } from '../../errors.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf } from '../route.ts';
import { publicComment } from '../schemas/comment.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import {
  listQuery,
  MOST_COMMENTS,
  placeOf,
  readListing,
  repliesCursor,
  repliesQuery,
} from './listing-read.ts';

export const listComments: Operation = {
  name: 'listComments',
  summary: 'A page of a thread, as a tree, flat, or as an HTML fragment.',
  query: listQuery(),
  answers: {
    200: z.object({
      comments: z.array(publicComment),
      total: z.int().min(0),
      nextCursor: z.string().nullable(),
      prevCursor: z.string().nullable(),
      focused: z.boolean().optional(),
      locale: z.string().meta({ description: 'BCP 47: the language of the site' }),
    }),
  },
  types: ['text/html'],
  conditional: true,
  handle: readListing,
};

const repliesParameters = z.object({ cursor: cursorParameter, limit: limitParameter(MOST_COMMENTS) });

export const listRepliesTo: Operation = {
  name: 'listReplies',
  summary: 'The replies to a comment, from a place on; where a `repliesCursor` leads.',
  query: repliesParameters,
  answers: { 200: z.object({ comments: z.array(publicComment), nextCursor: z.string().nullable() }) },
  conditional: true,
  async handle(context, { deps, share }) {
    const { cursor, limit } = parseQuery(context.query, { schema: repliesParameters });
    const { comment, site, page } = commentOf(context);
    if (!isVisible(comment) && !isTombstone(comment)) throw new AppError('comment-not-found');
    const bound = repliesQuery(comment.id);
    const after = placeOf(deps.keys, bound, cursor)?.id ?? null;

    const { comments, nextAfter } = await listReplies(deps, {
      shape: asObjects,
      site,
      page,
      parent: comment,
      after,
      limit: limit ?? site.policy.pageSize,
      repliesCursor: repliesCursor(deps.keys),
    });

    const nextCursor = nextAfter === null ? null : writeCursor(deps.keys, bound, { id: nextAfter });
    return share(context, { contentType: JSON_TYPE, body: JSON.stringify({ comments, nextCursor }) });
  },
};
