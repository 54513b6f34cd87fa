import * as z from 'zod';
import type { Comment } from '../../comments/comment.ts';
import { isVisible } from '../../comments/comment.ts';
import { presentComment } from '../../comments/present.ts';
import type { PublicComment } from '../../comments/public-comment.ts';
import { asObjects } from '../../comments/thread-shapes.ts';
import type { ThreadSlice } from '../../comments/threads.ts';
import { listReplies, listThread } from '../../comments/threads.ts';
import { validationFailed } from '../../errors.ts';
import { sharedOn } from '../../filters/of-site.ts';
import { offersReplies } from '../../mail/wishes.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { siteOnPageNow } from '../../sites/closing.ts';
import type { Page, Site } from '../../sites/site.ts';
import type { ThreadLinks, ThreadListing, ThreadPage, ThreadView } from '../pages/thread-view.ts';
import type { App } from '../route.ts';
import { cursorParameter } from '../schemas/page-parameters.ts';
import { placeOf, repliesCursor, repliesQuery } from './listing-read.ts';

/** What a page's address may ask of its thread. */
export const threadParameters = {
  cursor: cursorParameter,
  under: z.string().optional().meta({ description: 'The comment whose further replies are listed' }),
  replyTo: z
    .string()
    .optional()
    .meta({ description: 'Id or legacy id of the comment that the form shall answer' }),
  unapproved: z.string().optional().meta({ description: "Id of the reader's own comment that waits" }),
};

type ThreadQueryParts = Partial<Record<keyof typeof threadParameters, string>>;

export interface ThreadRequest {
  site: Site;
  /** Null where no comment ever named it. */
  page: Page | null;
  shown: ThreadPage;
  query: ThreadQueryParts;
  links: ThreadLinks;
  /** As in ThreadView; absent where no form is drawn. */
  drawnAt?: string | null;
}

const REPLIES_PER_PAGE = 100;

/** What a cursor over the roots is bound to. */
const scopeOf = ({ site, page }: ThreadRequest): string[] => [
  'thread-page',
  site.id,
  page?.key ?? '',
  site.policy.sort,
];

async function findOnPage(
  app: App,
  { site, page }: ThreadRequest,
  id: string | undefined,
): Promise<Comment | null> {
  if (id === undefined || id === '' || !page) return null;
  const { comments } = app.deps;
  const comment = (await comments.find(id)) ?? (await comments.findByLegacyId(site.id, id));
  return comment && comment.site === site.id && comment.pageKey === page.key ? comment : null;
}

async function listRoots({ deps }: App, request: ThreadRequest): Promise<ThreadListing> {
  const { site, page } = request;
  const from = placeOf(deps.keys, scopeOf(request), request.query.cursor);
  const slice: ThreadSlice<PublicComment> = await listThread(deps, {
    shape: asObjects,
    site,
    page,
    format: 'tree',
    sort: site.policy.sort,
    limit: site.policy.pageSize,
    repliesCursor: repliesCursor(deps.keys),
    ...(from?.id && { from: { ...from, id: from.id } }),
  });
  const cursorFor = (place: ThreadSlice<unknown>['next']): string | null =>
    place && writeCursor(deps.keys, scopeOf(request), place);
  const { comments, total, next, prev } = slice;
  return { comments, total, nextCursor: cursorFor(next), prevCursor: cursorFor(prev) };
}

async function listUnder({ deps }: App, request: ThreadRequest, parent: Comment): Promise<ThreadListing> {
  const { site, page, query } = request;
  const cursorAfter = repliesCursor(deps.keys);
  const { comments, nextAfter } = await listReplies(deps, {
    shape: asObjects,
    site,
    page,
    parent,
    after: placeOf(deps.keys, repliesQuery(parent.id), query.cursor)?.id ?? null,
    limit: REPLIES_PER_PAGE,
    repliesCursor: cursorAfter,
  });
  const nextCursor = nextAfter === null ? null : cursorAfter(parent.id, nextAfter);
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
  const { page, query } = request;
  const site = await siteOnPageNow(app.deps, request.site, page);
  const [parent, answered, waiting] = await Promise.all(
    [query.under, query.replyTo, query.unapproved].map((id) => findOnPage(app, request, id)),
  );
  const under = parent?.open ? parent : null;
  if (query.under !== undefined && !under) throw validationFailed([{ parameter: 'under', code: 'invalid' }]);
  const present = (comment: Comment): PublicComment =>
    presentComment(comment, { site, page, publicUrl: app.deps.publicUrl });
  return {
    site,
    page: request.shown,
    listing: under ? await listUnder(app, request, under) : await listRoots(app, request),
    closed: site.policy.closed,
    replyTo: isAnswerable(site, answered ?? null) && answered ? present(answered) : null,
    waiting: waiting && waiting.status !== 'approved' && waiting.deletedAt === null ? waiting.id : null,
    under: under && present(under),
    links: request.links,
    offersReplies: offersReplies(app.deps, site),
    shares: await sharedOn(app.deps, site.id),
    drawnAt: request.drawnAt ?? null,
  };
}
