import type { AppError } from '../../errors.ts';
import type { Site } from '../../sites/site.ts';
import type { Carrier } from '../pages/carried-email.ts';
import { basePath } from '../pages/layout.ts';
import { plainSecurity, threadSecurity } from '../pages/page-headers.ts';
import { problemPage } from '../pages/problem-page.ts';
import type { RawHeaders } from '../raw-headers.ts';
import type { PlainReply, Reply } from '../reply.ts';
import type { App, Context } from '../route.ts';

const HTML_TYPE = 'text/html; charset=utf-8';

/** For what travels sealed to a browser and back. */
export const carrierOf = (app: App, site: Site): Carrier => ({
  keys: app.deps.keys,
  site: site.id,
  now: app.deps.clock.now(),
});

export const isHttps = (app: App): boolean => app.config.publicUrl.startsWith('https:');

export interface PageReply {
  status: number;
  markup: string;
  /** BCP 47. */
  language: string;
  security: RawHeaders;
  headers?: RawHeaders;
}

/** A page as an answer to one caller. */
export function pageReply({ status, markup, language, security, headers = [] }: PageReply): PlainReply {
  return {
    kind: 'plain',
    status,
    headers: ['Content-Type', HTML_TYPE, 'Content-Language', language, ...headers],
    body: markup,
    security,
  };
}

/** A problem as a page, with the status and headers it would have as JSON. */
export function problemPageReply(
  error: AppError,
  context: Context,
  app: App,
  given: { code?: string; backTo?: string | null } = {},
): Promise<Reply> {
  const locale = context.site?.locale ?? context.language;
  const markup = problemPage({
    code: given.code ?? error.code,
    locale,
    base: basePath(app.config.publicUrl),
    backTo: given.backTo,
  });
  return Promise.resolve(
    pageReply({
      status: error.status,
      markup,
      language: locale,
      security: context.site ? threadSecurity(context.site, isHttps(app)) : plainSecurity(isHttps(app)),
      headers: Object.entries(error.headers ?? {}).flat(),
    }),
  );
}
