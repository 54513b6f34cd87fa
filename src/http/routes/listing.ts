import * as z from 'zod';
import { isTombstone, isVisible } from '../../comments/comment.ts';
import { listReplies, listThread } from '../../comments/threads.ts';
import { AppError, validationFailed } from '../../errors.ts';
import type { Keyring } from '../../keys.ts';
import type { CursorPlace } from '../../requests/cursor.ts';
import { readCursor, writeCursor } from '../../requests/cursor.ts';
import { canonicalUrl } from '../../sites/canonical-url.ts';
import { closesByTime } from '../../sites/closing.ts';
import type { PageName } from '../../sites/pages.ts';
import { findPage } from '../../sites/pages.ts';
import type { Site } from '../../sites/site.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf, siteOf } from '../route.ts';
import { publicComment } from '../schemas/comment.ts';
import { cursorParameter, limitParameter, pageParameters } from '../schemas/inputs.ts';
import { fragmentOf } from './fragment.ts';

const MOST_COMMENTS = 100;

const listQuery = z.object({
  ...pageParameters,
  sort: z.enum(['oldest', 'newest', 'top']).optional().meta({ description: "Default: the site's" }),
  format: z.enum(['tree', 'flat', 'html']).optional().meta({ description: 'Default: tree' }),
  limit: limitParameter(MOST_COMMENTS).meta({ description: "Default: the site's pageSize" }),
  cursor: cursorParameter,
  replyLimit: z
    .int()
    .min(0)
    .max(MOST_COMMENTS)
    .optional()
    .meta({ description: 'Replies per parent; absent: all' }),
  focus: z.string().max(200).optional().meta({ description: 'Id or legacy id of the comment to start at' }),
});

/** A page as the query names it; an empty parameter names nothing. */
export function pageNameOf({ page, pageId }: { page?: string; pageId?: string }): PageName {
  return { url: page || null, id: pageId || null };
}

/** What a cursor over a page's comments is bound to: the page under any spelling of its address. */
export function pageReference(site: Site, { url, id }: PageName): string {
  if (id !== null) return `i:${id}`;
  return `u:${canonicalUrl(url ?? '', site.policy.pages)?.identity ?? url}`;
}

/** The place a cursor names. Throws `validation-failed` for one that is not ours, or of another query. */
export function placeOf(keys: Keyring, query: string[], cursor: string | undefined): CursorPlace | undefined {
  if (cursor === undefined) return undefined;
  const place = readCursor(keys, query, cursor);
  if (!place) throw validationFailed([{ parameter: 'cursor', code: 'invalid' }]);
  return place;
}

/** What a cursor over a comment's replies is bound to. */
export const repliesQuery = (parentId: string): string[] => ['replies', parentId];

/** The cursor behind a comment whose replies were cut. */
export function repliesCursor(keys: Keyring): (parentId: string, after: string | null) => string {
  return (parentId, after) => writeCursor(keys, repliesQuery(parentId), { id: after });
}

export const listComments: Operation = {
  name: 'listComments',
  summary: 'A page of a thread, as a tree, flat, or as an HTML fragment.',
  query: listQuery,
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
  async handle(context, app) {
    const { deps, share } = app;
    const query = parseQuery(context.query, { schema: listQuery, needsPage: true });
    const site = siteOf(context);
    const {
      sort = site.policy.sort,
      format = 'tree',
      limit = site.policy.pageSize,
      replyLimit,
      focus,
    } = query;
    const name = pageNameOf(query);
    const shape = format === 'flat' ? 'flat' : 'tree';
    const bound = ['thread', site.id, pageReference(site, name), sort, shape, String(replyLimit ?? '')];
    const place = placeOf(deps.keys, bound, query.cursor);
    const from = place && place.id !== null ? { ...place, id: place.id } : undefined;

    const page = await findPage(deps, site, name);
    // A fragment says whether comments are taken, which a page may change by itself.
    if (format !== 'html' || !closesByTime(site)) context.showsPages([page?.key ?? null]);
    const slice = await listThread(deps, {
      site,
      page,
      format: shape,
      sort,
      limit,
      from,
      replyLimit,
      focus,
      repliesCursor: repliesCursor(deps.keys),
    });

    const cursors = {
      nextCursor: slice.next && writeCursor(deps.keys, bound, slice.next),
      prevCursor: slice.prev && writeCursor(deps.keys, bound, slice.prev),
    };
    if (format === 'html') {
      const { comments, total } = slice;
      const body = await fragmentOf(app, { site, page, listing: { comments, total, ...cursors } });
      return share(context, { contentType: 'text/html; charset=utf-8', body });
    }
    const { comments, total, focused } = slice;
    return share(context, {
      contentType: JSON_TYPE,
      body: JSON.stringify({ comments, total, ...cursors, focused, locale: site.locale }),
    });
  },
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
