import { AppError } from '../../errors.ts';
import type { Setup } from '../../staff/setup.ts';
import { parsePreferences } from '../negotiation.ts';
import { basePath } from '../pages/layout.ts';
import { plainSecurity } from '../pages/page-headers.ts';
import { setupPage } from '../pages/setup-page.ts';
import type { Reply } from '../reply.ts';
import type { App, Context, Route } from '../route.ts';
import { isHttps, pageReply, problemPageReply } from './page-replies.ts';

/** Whether the caller would rather have the bare token, as `curl` in a script would. */
function wantsPlain(accept: string | undefined): boolean {
  const named = parsePreferences(accept ?? '').find(
    ({ value }) => value === 'text/plain' || value === 'text/html',
  );
  return named?.value === 'text/plain';
}

async function showToken(setup: Setup, context: Context, app: App): Promise<Reply> {
  const given = context.query.filter(([name]) => name === 'token').map(([, value]) => value);
  // A HEAD would use the word up and show nothing for it.
  if (context.isHead || given.length !== 1) throw new AppError('not-found');
  const token = await setup.redeem(given[0] ?? '');
  if (token === null) throw new AppError('not-found');
  const security = plainSecurity(isHttps(app));
  if (wantsPlain(context.headers.accept)) {
    return {
      kind: 'plain',
      status: 200,
      headers: ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'],
      body: `${token}\n`,
      security,
    };
  }
  return pageReply({
    status: 200,
    markup: setupPage({ token, locale: context.language, base: basePath(app.config.publicUrl) }),
    language: context.language,
    security,
    headers: ['Cache-Control', 'no-store'],
  });
}

/** The page behind the start log's `setupUrl`; only where there is a setup. */
export function setupRoutes(setup: Setup): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/setup',
      caller: 'public',
      limit: null,
      body: 'none',
      cors: 'none',
      operation: {
        name: 'showSetup',
        summary: 'Shows a new admin token, once, to who has the one-time token of the start log.',
        answers: { 200: 'An HTML page, or the bare token for `Accept: text/plain`' },
        handle: (context, app) => showToken(setup, context, app),
        presentProblem: problemPageReply,
      },
    },
  ];
}
