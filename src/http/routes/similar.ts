import * as z from 'zod';
import { listSimilar } from '../../moderation/similar-list.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf, principalOf } from '../route.ts';
import { moderatedComment } from '../schemas/comment.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import { placeOf } from './listing-read.ts';

const USUAL_ITEMS = 50;
const similarQuery = z.object({ limit: limitParameter(200), cursor: cursorParameter });

export const getSimilar: Operation = {
  name: 'getSimilar',
  summary: 'Comments of the same site that say the same or nearly so, newest first.',
  query: similarQuery,
  answers: {
    200: z.object({
      items: z.array(moderatedComment),
      total: z.int().min(0),
      totalCapped: z.literal(true).optional(),
      nextCursor: z.string().nullable(),
    }),
  },
  async handle(context, { deps }) {
    const { limit = USUAL_ITEMS, cursor } = parseQuery(context.query, { schema: similarQuery });
    const { id } = commentOf(context).comment;
    const bound = ['similar', id];
    const from = placeOf(deps.keys, bound, cursor)?.id ?? undefined;
    const { next, ...slice } = await listSimilar(deps, principalOf(context), { id, from, limit });
    return json(200, { ...slice, nextCursor: next && writeCursor(deps.keys, bound, { id: next }) });
  },
};
