import { z } from 'zod';
import { validationFailed } from '../../errors.ts';
import { findPage, pageUrlOf, presentPage } from '../../sites/pages.ts';
import type { Page, Site } from '../../sites/site.ts';
import { basePath } from '../pages/layout.ts';
import { threadSecurity } from '../pages/page-headers.ts';
import { STYLESHEET, STYLESHEET_PATH, STYLESHEET_VERSION } from '../pages/stylesheet.ts';
import { threadFragment } from '../pages/thread-fragment.ts';
import { threadPage } from '../pages/thread-page.ts';
import type { ThreadListing, ThreadPage } from '../pages/thread-view.ts';
import { threadLinks } from '../pages/thread-view.ts';
import { parseQuery } from '../query.ts';
import type { Reply } from '../reply.ts';
import type { App, Context, Route } from '../route.ts';
import { siteOf } from '../route.ts';
import { isHttps, pageReply, problemPageReply } from './page-replies.ts';
import { loadThread } from './thread-loading.ts';

const threadQuery = z.object({
  page: z.string().max(20_000).optional(),
  pageId: z.string().max(200).optional(),
  cursor: z.string().max(500).optional(),
  under: z.string().max(200).optional(),
  replyTo: z.string().max(200).optional(),
  unapproved: z.string().max(200).optional(),
});

/** What the thread calls its page: as it is known, else as it was asked for. */
function shownPage(site: Site, page: Page | null, asked: { page?: string; pageId?: string }): ThreadPage {
  const known = presentPage(site, page);
  const isOfSite = asked.page !== undefined && pageUrlOf(site, asked.page) !== null;
  return {
    url: known.url ?? asked.page ?? null,
    title: known.title,
    id: known.id ?? asked.pageId ?? null,
    // A link from our page to wherever somebody asks would lend them our name.
    linked: known.url !== null || isOfSite,
  };
}

async function showThread(context: Context, app: App): Promise<Reply> {
  const site = siteOf(context);
  const { page: url, pageId, ...query } = parseQuery(context.query, { schema: threadQuery });
  if (url === undefined && pageId === undefined) throw validationFailed([{ parameter: 'page', code: 'required' }]);
  const page = await findPage(app.deps, site, { url: url ?? null, id: pageId ?? null });
  const shown = shownPage(site, page, { page: url, pageId });
  const base = basePath(app.config.publicUrl);
  const view = await loadThread(app, { site, page, shown, query, links: threadLinks(base, site.id, shown) });
  return pageReply({
    status: 200,
    markup: threadPage(view, base),
    language: site.locale,
    security: threadSecurity(site, isHttps(app)),
  });
}

/** `format=html` of the listing: the thread for a publisher's server to put into its own page. */
export function fragmentOf(
  app: App,
  { site, page, listing }: { site: Site; page: Page | null; listing: ThreadListing },
): string {
  const shown: ThreadPage = { ...presentPage(site, page), linked: true };
  return threadFragment({
    site,
    page: shown,
    listing,
    closed: site.policy.closed,
    replyTo: null,
    waiting: null,
    under: null,
    links: threadLinks(app.config.publicUrl, site.id, shown),
  });
}

function showStylesheet(context: Context): Promise<Reply> {
  // An address without this sheet's version must be able to change its mind.
  const isPinned = context.query.some(([name, value]) => name === 'v' && value === STYLESHEET_VERSION);
  const age = isPinned ? 'public, max-age=31536000, immutable' : 'public, max-age=300';
  return Promise.resolve({
    kind: 'plain',
    status: 200,
    headers: ['Content-Type', 'text/css; charset=utf-8', 'Cache-Control', age],
    body: STYLESHEET,
  });
}

export const threadRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/sites/{site}/thread',
    caller: 'public',
    limit: 'reads',
    body: 'none',
    cors: 'none',
    operation: {
      name: 'showThread',
      summary: 'The thread and its form as an HTML page that works without JavaScript',
      query: threadQuery,
      answers: { 200: 'An HTML page in the site’s language and direction' },
      handle: showThread,
      presentProblem: (error, context, app) => {
        const isPageUnknown = error.errors?.some((entry) => 'parameter' in entry && entry.parameter === 'page');
        return problemPageReply(error, context, app, isPageUnknown ? { code: 'page-unknown' } : {});
      },
    },
  },
  {
    method: 'GET',
    path: STYLESHEET_PATH,
    caller: 'public',
    limit: null,
    body: 'none',
    cors: 'any',
    operation: {
      name: 'showStylesheet',
      summary: 'The stylesheet of the pages',
      answers: { 200: 'CSS' },
      handle: showStylesheet,
    },
  },
];
