import type { Comment } from '../../comments/comment.ts';
import { isVisible } from '../../comments/comment.ts';
import { presentComment } from '../../comments/present.ts';
import type { PublicComment } from '../../comments/public-comment.ts';
import type { RepliesCursor, ThreadSlice } from '../../comments/threads.ts';
import { listReplies, listThread } from '../../comments/threads.ts';
import { validationFailed } from '../../errors.ts';
import type { CursorPlace } from '../../requests/cursor.ts';
import { readCursor, writeCursor } from '../../requests/cursor.ts';
import type { Page, Site } from '../../sites/site.ts';
import type { ThreadLinks, ThreadListing, ThreadPage, ThreadView } from '../pages/thread-view.ts';
import type { App } from '../route.ts';

/** What a page's address may ask of its thread. */
export interface ThreadQueryParts {
  cursor?: string;
  /** The comment whose further replies are listed. */
  under?: string;
  /** The comment that the form shall answer: an id or a legacy id. */
  replyTo?: string;
  /** The reader's own comment that waits. */
  unapproved?: string;
}

export interface ThreadRequest {
  site: Site;
  /** Null where no comment ever named it. */
  page: Page | null;
  shown: ThreadPage;
  query: ThreadQueryParts;
  links: ThreadLinks;
}

const REPLIES_PER_PAGE = 100;

/** What a cursor is bound to; the replies' cursors to their parent alone. */
function scopeOf({ site, page }: ThreadRequest, under: string | null): string[] {
  return ['thread-page', site.id, page?.key ?? '', under ?? '', under === null ? site.policy.sort : ''];
}

function placeOf(app: App, request: ThreadRequest): CursorPlace | null {
  const { cursor, under = null } = request.query;
  if (cursor === undefined) return null;
  const place = readCursor(app.deps.keys, scopeOf(request, under), cursor);
  if (!place) throw validationFailed([{ parameter: 'cursor', code: 'invalid' }]);
  return place;
}

async function findOnPage(app: App, { site, page }: ThreadRequest, id: string | undefined): Promise<Comment | null> {
  if (id === undefined || id === '' || !page) return null;
  const { comments } = app.deps;
  const comment = (await comments.find(id)) ?? (await comments.findByLegacyId(site.id, id));
  return comment && comment.site === site.id && comment.pageKey === page.key ? comment : null;
}

async function listRoots(app: App, request: ThreadRequest, repliesCursor: RepliesCursor): Promise<ThreadListing> {
  const { site, page } = request;
  const from = placeOf(app, request);
  const slice: ThreadSlice = await listThread(app.deps, {
    site,
    page,
    format: 'tree',
    sort: site.policy.sort,
    limit: site.policy.pageSize,
    repliesCursor,
    ...(from?.id && { from: { ...from, id: from.id } }),
  });
  const cursorFor = (place: ThreadSlice['next']): string | null =>
    place && writeCursor(app.deps.keys, scopeOf(request, null), place);
  const { comments, total, next, prev } = slice;
  return { comments, total, nextCursor: cursorFor(next), prevCursor: cursorFor(prev) };
}

async function listUnder(
  app: App,
  request: ThreadRequest,
  parent: Comment,
  repliesCursor: RepliesCursor,
): Promise<ThreadListing> {
  const { site, page } = request;
  const after = placeOf(app, request)?.id ?? null;
  const { comments, nextAfter } = await listReplies(app.deps, {
    site,
    page,
    parent,
    after,
    limit: REPLIES_PER_PAGE,
    repliesCursor,
  });
  const nextCursor = nextAfter === null ? null : repliesCursor(parent.id, nextAfter);
  return { comments, total: parent.replyCount, nextCursor, prevCursor: null };
}

/** Whether a form may answer it. */
function isAnswerable(site: Site, comment: Comment | null): comment is Comment {
  return comment !== null && isVisible(comment) && comment.ancestors.length < site.policy.maxDepth;
}

/**
 * Everything a thread's page is drawn from. Of a comment that waits only its id is taken along, and only
 * while it is not public. Throws `validation-failed` for an altered cursor.
 */
export async function loadThread(app: App, request: ThreadRequest): Promise<ThreadView> {
  const { site, page, query } = request;
  const repliesCursor: RepliesCursor = (parentId, after) =>
    writeCursor(app.deps.keys, scopeOf(request, parentId), { id: after });
  const [parent, answered, waiting] = await Promise.all(
    [query.under, query.replyTo, query.unapproved].map((id) => findOnPage(app, request, id)),
  );
  const under = parent?.open ? parent : null;
  if (query.under !== undefined && !under) throw validationFailed([{ parameter: 'under', code: 'invalid' }]);
  const present = (comment: Comment): PublicComment => presentComment(comment, site, page);
  return {
    site,
    page: request.shown,
    listing: under
      ? await listUnder(app, request, under, repliesCursor)
      : await listRoots(app, request, repliesCursor),
    closed: site.policy.closed,
    replyTo: isAnswerable(site, answered ?? null) && answered ? present(answered) : null,
    waiting: waiting && waiting.status !== 'approved' && waiting.deletedAt === null ? waiting.id : null,
    under: under && present(under),
    links: request.links,
  };
}
