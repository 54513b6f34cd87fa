import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Api } from './api-client.ts';
import { createApi } from './api-client.ts';
import { openBrowser, openWatched, type WatchedPage } from './browser.ts';
import type { Installation, Service } from './built-service.ts';
import { createInstallation } from './built-service.ts';
import { until } from './until.ts';

/** A publisher's pages on one origin, the service on another, and a real browser that looks at them. */

/** What a publisher's page is made of. */
export interface Publication {
  lang?: string;
  title?: string;
  /** Attributes of the widget's script. */
  data?: Record<string, string>;
  /** Instead of the script's own element. */
  body?: string;
  /** More of its head. */
  head?: string;
  css?: string;
  csp?: string;
}

export interface WidgetWorld {
  service: Service;
  api: Api;
  browser: Browser;
  /** `http://127.0.0.1:port` of the publisher. */
  origin: string;
  /** Makes a page at that path of the publisher's; its address. */
  publish(path: string, site: string, publication?: Publication): string;
  site(id: string, rest?: Record<string, unknown>): Promise<void>;
  /** Opens a page; everything that went wrong in it is in `troubles`. */
  open(url: string, options?: BrowserContextOptions): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened extends Pick<WatchedPage, 'page' | 'context'> {
  /** Errors of scripts, violations of policies, and requests to anywhere else. */
  troubles: string[];
  /** The paths asked of the service so far. */
  asked(): string[];
}

const attributes = (data: Record<string, string>): string =>
  Object.entries(data)
    .map(([name, value]) => ` data-${name}="${value}"`)
    .join('');

function documentOf(
  site: string,
  home: string,
  { lang = 'en', title = 'An article', ...rest }: Publication,
): string {
  const { data = {}, body, head = '', css = 'body{font:16px/1.5 sans-serif;margin:1rem}' } = rest;
  const script = `<script src="${home}/embed.js" data-site="${site}"${attributes(data)} async></script>`;
  const langs = lang === '' ? '' : ` lang="${lang}" dir="${/^(fa|ar|he|ur)/.test(lang) ? 'rtl' : 'ltr'}"`;
  return `<!doctype html><html${langs}><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css?${encodeURIComponent(css)}">${head}
</head><body><main><h1>${title}</h1><p>…</p>${body ?? script}</main></body></html>`;
}

/** The strictest policy that a page can have and still carry the widget. */
export const strictPolicy = (home: string): string =>
  `default-src 'none'; script-src ${home}; connect-src ${home}; img-src ${home} data:; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`;

async function servePages(pages: Map<string, { html: string; csp?: string }>): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://publisher.example');
    if (pathname === '/style.css') {
      response.writeHead(200, { 'Content-Type': 'text/css' }).end(decodeURIComponent(search.slice(1)));
      return;
    }
    const page = pages.get(pathname);
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    const policy = page.csp === undefined ? {} : { 'Content-Security-Policy': page.csp };
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...policy }).end(page.html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export async function startWidgetWorld(): Promise<WidgetWorld | null> {
  const browser = await openBrowser();
  if (!browser) return null;
  const installation: Installation = createInstallation({ env: { RATE_LIMITS: 'off' } });
  const service = await installation.start();
  const api = createApi(service);
  const pages = new Map<string, { html: string; csp?: string }>();
  const server = await servePages(pages);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    service,
    api,
    browser,
    origin,
    publish(path, site, publication = {}) {
      pages.set(path, { html: documentOf(site, service.url, publication), csp: publication.csp });
      return origin + path;
    },
    site: (id, rest = {}) => api.createSite(id, { origins: [origin], ...rest }),
    async open(url, options = {}) {
      const watched = await openWatched(browser, { bases: [service.url, origin, 'about:'], ...options });
      const { page, context, asked, wrong } = watched;
      await page.goto(url);
      return {
        ...{ page, context, troubles: wrong },
        asked: () =>
          asked.filter((one) => one.startsWith(service.url)).map((one) => one.slice(service.url.length)),
      };
    },
    async close() {
      await browser.close();
      server.close();
      server.closeAllConnections();
      await installation.dispose();
    },
  };
}

/** What a reader fills in. */
export async function fillIn(
  page: Page,
  fields: { comment?: string; name?: string; email?: string },
  form = '#respond',
): Promise<void> {
  const { comment, name, email } = fields;
  if (comment !== undefined) await page.fill(`${form} textarea`, comment);
  if (name !== undefined) await page.fill(`${form} input[autocomplete=name]`, name);
  if (email !== undefined) await page.fill(`${form} input[autocomplete=email]`, email);
}

/**
 * Holds back what is asked for under addresses with such a part in them, one request after the other:
 * `letGo` waits until there is one and lets it go on.
 */
export async function holdBack(
  context: BrowserContext,
  part: string,
): Promise<{ asked(): Promise<unknown>; letGo(): Promise<void> }> {
  const waiting: (() => void)[] = [];
  await context.route(
    ({ href }) => href.includes(part),
    async (route) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return route.continue();
    },
  );
  const asked = (): Promise<() => void> => until(`${part} to be asked for`, () => waiting[0]);
  return {
    asked,
    async letGo() {
      (await asked())();
      waiting.shift();
    },
  };
}
