import * as z from 'zod';
import type { PageName } from '../../sites/pages.ts';
import { findPage, pageUrlOf, presentPage } from '../../sites/pages.ts';
import type { Page, Site } from '../../sites/site.ts';
import { sealMoment } from '../pages/form-time.ts';
import { basePath } from '../pages/layout.ts';
import { threadSecurity } from '../pages/page-headers.ts';
import { STYLESHEET, STYLESHEET_VERSION } from '../pages/stylesheet.ts';
import { threadPage } from '../pages/thread-page.ts';
import type { ThreadPage } from '../pages/thread-view.ts';
import { threadLinks } from '../pages/thread-view.ts';
import { parseQuery } from '../query.ts';
import type { Reply } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { siteOf } from '../route.ts';
import { pageParameters } from '../schemas/page-parameters.ts';
import { pageNameOf } from './listing-read.ts';
import { carrierOf, isHttps, pageReply, problemPageReply } from './page-replies.ts';
import { loadThread, threadParameters } from './thread-loading.ts';

const threadQuery = z.object({
  ...pageParameters,
  ...threadParameters,
});

/** What the thread calls its page: as it is known, else as it was asked for. */
function shownPage(site: Site, page: Page | null, asked: PageName): ThreadPage {
  const known = presentPage(site, page);
  const isOfSite = asked.url !== null && pageUrlOf(site, asked.url) !== null;
  return {
    url: known.url ?? asked.url,
    title: known.title,
    id: known.id ?? asked.id,
    // A link from our page to wherever somebody asks would lend them our name.
    linked: known.url !== null || isOfSite,
  };
}

async function drawThread(context: Context, app: App): Promise<Reply> {
  const site = siteOf(context);
  const query = parseQuery(context.query, { schema: threadQuery, needsPage: true });
  const name = pageNameOf(query);
  const page = await findPage(app.deps, site, name);
  const shown = shownPage(site, page, name);
  const base = basePath(app.config.publicUrl);
  const links = threadLinks(base, site.id, shown);
  const drawnAt = sealMoment(carrierOf(app, site), site);
  const view = await loadThread(app, { site, page, shown, query, links, drawnAt });
  return pageReply({
    status: 200,
    markup: threadPage(view, base),
    language: site.locale,
    security: threadSecurity(site, isHttps(app)),
  });
}

function giveStylesheet(context: Context): Promise<Reply> {
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

export const showThread: Operation = {
  name: 'showThread',
  summary: "A page's thread and form as an HTML page that works without JavaScript.",
  query: threadQuery,
  answers: { 200: "An HTML page in the site's language and direction" },
  types: ['text/html'],
  handle: drawThread,
  presentProblem(error, context, app) {
    const isPageUnknown = error.errors?.some((entry) => 'parameter' in entry && entry.parameter === 'page');
    return problemPageReply(error, context, app, isPageUnknown ? { code: 'page-unknown' } : {});
  },
};

export const showStylesheet: Operation = {
  name: 'showStylesheet',
  summary: 'The stylesheet of the pages.',
  answers: { 200: 'CSS' },
  types: ['text/css'],
  handle: giveStylesheet,
};
