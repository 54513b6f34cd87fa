import * as z from 'zod';
import { asJson, asObjects, listBytes } from '../../comments/thread-shapes.ts';
import { listThread, type ThreadSlice } from '../../comments/threads.ts';
import { validationFailed } from '../../errors.ts';
import type { Keyring } from '../../keys.ts';
import type { CursorPlace } from '../../requests/cursor.ts';
import { readCursor, writeCursor } from '../../requests/cursor.ts';
import { canonicalUrl } from '../../sites/canonical-url.ts';
import { closesByTime } from '../../sites/closing.ts';
import type { PageName } from '../../sites/pages.ts';
import { findPage } from '../../sites/pages.ts';
import type { Site } from '../../sites/site.ts';
import { once } from '../once.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE, type Reply } from '../reply.ts';
import { type App, type Context, siteOf } from '../route.ts';
import { cursorParameter, limitParameter, pageParameters } from '../schemas/page-parameters.ts';

export const MOST_COMMENTS = 100;

/** What may be asked of a listing; made when the first is asked for, since a start need not wait for it. */
export const listQuery = once(() =>
  z.object({
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
    focus: z.string().max(200).optional().meta({
      description:
        'Id or legacy id of the comment to start at, or its number in links of WordPress or Disqus',
    }),
  }),
);

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

interface Cursors {
  nextCursor: string | null;
  prevCursor: string | null;
}

/** A page of a thread: the read that every page view makes. */
export async function readListing(context: Context, app: App): Promise<Reply> {
  const { deps, share } = app;
  const query = parseQuery(context.query, { schema: listQuery(), needsPage: true });
  const site = siteOf(context);
  const { sort = site.policy.sort, format = 'tree', limit = site.policy.pageSize, replyLimit, focus } = query;
  const name = pageNameOf(query);
  const shape = format === 'flat' ? 'flat' : 'tree';
  const bound = ['thread', site.id, pageReference(site, name), sort, shape, String(replyLimit ?? '')];
  const place = placeOf(deps.keys, bound, query.cursor);
  const from = place && place.id !== null ? { ...place, id: place.id } : undefined;

  const page = await findPage(deps, site, name);
  // A fragment says whether comments are taken, which a page may change by itself.
  if (format !== 'html' || !closesByTime(site)) context.showsPages([page?.key ?? null]);
  const asked = {
    site,
    page,
    format: shape,
    sort,
    limit,
    from,
    replyLimit,
    focus,
    repliesCursor: repliesCursor(deps.keys),
  } as const;
  const cursorsOf = ({ next, prev }: Pick<ThreadSlice<unknown>, 'next' | 'prev'>): Cursors => ({
    nextCursor: next && writeCursor(deps.keys, bound, next),
    prevCursor: prev && writeCursor(deps.keys, bound, prev),
  });

  if (format === 'html') {
    const slice = await listThread(deps, { ...asked, shape: asObjects });
    const { comments, total } = slice;
    const { fragmentOf } = await import('./fragment.ts');
    const body = await fragmentOf(app, { site, page, listing: { comments, total, ...cursorsOf(slice) } });
    return share(context, { contentType: 'text/html; charset=utf-8', body });
  }
  const restOf = (slice: ThreadSlice<unknown>): Record<string, unknown> => ({
    total: slice.total,
    ...cursorsOf(slice),
    focused: slice.focused,
    locale: site.locale,
  });
  if (from || !deps.comments.givesAgain) {
    const slice = await listThread(deps, { ...asked, shape: asObjects });
    const body = JSON.stringify({ comments: slice.comments, ...restOf(slice) });
    return share(context, { contentType: JSON_TYPE, body });
  }
  // The beginning of a page is made again after each write to it, mostly of the same comments.
  const slice = await listThread(deps, { ...asked, shape: asJson });
  const body = listBytes('comments', slice.comments, restOf(slice));
  return share(context, { contentType: JSON_TYPE, body });
}
