import * as z from 'zod';
import { AppError } from '../../errors.ts';
import type { DemoPage } from '../../sites/demo.ts';
import { DEMO_PAGES } from '../../sites/demo.ts';
import { findPage } from '../../sites/pages.ts';
import type { Site } from '../../sites/site.ts';
import { demoPage } from '../pages/demo-page.ts';
import { basePath } from '../pages/layout.ts';
import { widgetSecurity } from '../pages/page-headers.ts';
import type { ThreadLinks } from '../pages/thread-view.ts';
import { threadLinks } from '../pages/thread-view.ts';
import { parseQuery } from '../query.ts';
import type { Reply } from '../reply.ts';
import { redirect } from '../reply.ts';
import type { App, Context, Route } from '../route.ts';
import { isHttps, pageReply, problemPageReply } from './page-replies.ts';
import { loadThread, threadParameters } from './thread-loading.ts';

const demoQuery = z.object({
  lang: z.string().optional(),
  ...threadParameters,
});

/** The address the reader sees the page at, where the site knows it: the way back leads there, too. */
function addressOf(context: Context, app: App, site: Site, demo: DemoPage): string {
  const own = new URL(app.config.publicUrl);
  const seen = `${own.protocol}//${context.headers.host ?? ''}`;
  const root = site.origins.includes(seen) ? seen + own.pathname.replace(/\/+$/, '') : app.config.publicUrl;
  return root + demo.path;
}

const pairsOf = (parameters: Record<string, string>): string[] =>
  Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);

const demoIn = (language: string): DemoPage | undefined =>
  DEMO_PAGES.find((page) => page.language === language);

/** The article that was asked for, else one in the caller's language, else the English one. */
function demoFor(asked: string | undefined, language: string): DemoPage {
  const demo = asked === undefined ? (demoIn(language) ?? demoIn('en')) : demoIn(asked);
  if (!demo) throw new AppError('not-found');
  return demo;
}

async function showArticle(context: Context, app: App): Promise<Reply> {
  const { lang, ...query } = parseQuery(context.query, { schema: demoQuery });
  const demo = demoFor(lang, context.language);
  const site = await app.deps.sites.find(demo.site.id);
  if (!site) throw new AppError('not-found');
  const page = await findPage(app.deps, site, { url: null, id: demo.pageId });
  const shown = {
    url: addressOf(context, app, site, demo),
    title: demo.title,
    id: demo.pageId,
    linked: true,
  };
  const base = basePath(app.config.publicUrl);
  const links: ThreadLinks = {
    form: threadLinks(base, site.id, shown).form,
    view: (parameters) => [base + demo.path, ...pairsOf(parameters)].join('&'),
  };
  const view = await loadThread(app, { site, page, shown, query, links });
  return pageReply({
    status: 200,
    markup: demoPage(demo, view, base),
    language: site.locale,
    security: widgetSecurity(site, isHttps(app)),
  });
}

const shortLinks = DEMO_PAGES.map(
  (demo): Route => ({
    method: 'GET',
    path: demo.shortPath,
    caller: 'public',
    limit: null,
    body: 'none',
    cors: 'none',
    operation: {
      name: `followShortLink${demo.language === 'fa' ? 'Persian' : 'English'}`,
      summary: 'The short link of a demo article.',
      answers: { 303: 'To the article' },
      handle: (_context, app) => Promise.resolve(redirect(303, basePath(app.config.publicUrl) + demo.path)),
    },
  }),
);

/** The demo's routes; only where `DEMO` is on. */
export const demoRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    caller: 'public',
    limit: null,
    body: 'none',
    cors: 'none',
    operation: {
      name: 'showDemo',
      summary: 'A demo article with its thread and form; `lang` is `en` or `fa`.',
      query: demoQuery,
      problems: ['not-found'],
      answers: { 200: 'An HTML page' },
      types: ['text/html'],
      handle: showArticle,
      presentProblem: problemPageReply,
    },
  },
  ...shortLinks,
];
