import type { FieldError } from '../../errors.ts';
import { AppError } from '../../errors.ts';
import { findByLink, redeemLink } from '../../staff/links.ts';
import { isMailedReset } from '../../staff/mailed-reset.ts';
import type { SignedIn } from '../../staff/sessions.ts';
import type { Setup } from '../../staff/setup.ts';
import { parseBody } from '../fields.ts';
import { parsePreferences } from '../negotiation.ts';
import type { AccountPageKind, AccountPageOptions } from '../pages/account-page.ts';
import { accountPage, signedInPage } from '../pages/account-page.ts';
import { basePath } from '../pages/layout.ts';
import { accountSecurity, plainSecurity } from '../pages/page-headers.ts';
import { readFields } from '../pages/typed-form.ts';
import type { PlainReply, Reply } from '../reply.ts';
import type { App, Context, Operation, Route } from '../route.ts';
import { linkInput, setupInput } from '../schemas/staff.ts';
import { sessionCookie } from '../session-cookie.ts';
import { isHttps, pageReply, problemPageReply } from './page-replies.ts';
import { enterByReset, tokenErrors } from './sessions.ts';

const NO_STORE = ['Cache-Control', 'no-store'];
const FIELDS = ['token', 'name', 'email', 'password', 'totp'] as const;

/** Where an account is entered, by the kind of its link. */
interface Entry {
  isGood(app: App, token: string): Promise<boolean>;
  enter(app: App, given: Given): Promise<SignedIn>;
  /** What its form has that others have not. */
  formFor?(app: App, token: string): Promise<Pick<AccountPageOptions, 'isMailed' | 'wantsCode'>>;
}

interface Given extends Pick<Context, 'countLogin'> {
  body: unknown;
  wrong: FieldError[];
}

const isLink =
  (kind: 'invitation' | 'reset'): Entry['isGood'] =>
  async ({ deps }, token) =>
    (await findByLink(deps, kind, token)) !== null;

const byInvitation: Entry = {
  isGood: isLink('invitation'),
  enter: ({ deps }, { body, wrong }) => redeemLink(deps, 'invitation', parseBody(linkInput, body, wrong)),
};

const byReset: Entry = {
  isGood: isLink('reset'),
  enter: enterByReset,
  async formFor({ deps }, token) {
    if (!isMailedReset(token)) return {};
    const account = await findByLink(deps, 'reset', token);
    return { isMailed: true, wantsCode: Boolean(account?.totp) };
  },
};

const bySetup = (setup: Setup): Entry => ({
  isGood: (_app, token) => setup.isOpen(token),
  enter: (_app, { body, wrong }) => setup.makeAdmin(parseBody(setupInput, body, wrong)),
});

export function accountReply(
  context: Context,
  app: App,
  { status, markup }: { status: number; markup: string },
): PlainReply {
  const security = accountSecurity(isHttps(app));
  return pageReply({ status, markup, language: context.language, security, headers: NO_STORE });
}

export const whereOf = ({ language }: Context, { config }: App) => ({
  locale: language,
  base: basePath(config.publicUrl),
});

/** The one token of the query. Throws `not-found`. */
export function queryToken({ query }: Context): string {
  const given = query.filter(([name]) => name === 'token').map(([, value]) => value);
  if (given.length !== 1) throw new AppError('not-found');
  return given[0] ?? '';
}

async function showForm(
  context: Context,
  app: App,
  { kind, entry }: { kind: AccountPageKind; entry: Entry },
): Promise<Reply> {
  const token = queryToken(context);
  const isGood = await entry.isGood(app, token);
  const form = isGood && (await entry.formFor?.(app, token));
  const errors: FieldError[] = isGood ? [] : [{ pointer: '/token', code: 'invalid' }];
  const markup = accountPage({ kind, token, errors, ...form, ...whereOf(context, app) });
  return accountReply(context, app, { status: isGood ? 200 : 404, markup });
}

/** A form's fields as the JSON of the same call would have them: what was left empty is missing. */
function bodyOf(context: Context): Record<(typeof FIELDS)[number], string | undefined> {
  const typed = readFields(context.body as Buffer, FIELDS);
  return {
    token: typed.token || undefined,
    name: typed.name || undefined,
    email: typed.email || undefined,
    password: typed.password || undefined,
    totp: typed.totp || undefined,
  };
}

async function takeForm(context: Context, app: App, entry: Entry): Promise<Reply> {
  const body = bodyOf(context);
  const wrong = await tokenErrors(body, (token) => entry.isGood(app, token));
  const { secret, principal } = await entry.enter(app, { body, wrong, countLogin: context.countLogin });
  const markup = signedInPage({ name: principal.name, ...whereOf(context, app) });
  const reply = accountReply(context, app, { status: 200, markup });
  reply.headers.push(...sessionCookie(secret, isHttps(app)));
  return reply;
}

/** The words that problem pages have for these forms; theirs speak of comments. */
export const PROBLEMS: Record<string, string> = {
  'rate-limited': 'too-many-tries',
  'store-unavailable': 'other',
};

/** The form again with what was typed in it but password and code. */
async function showProblem(
  error: AppError,
  context: Context,
  { app, kind, entry }: { app: App; kind: AccountPageKind; entry: Entry },
): Promise<Reply> {
  if (!error.errors || !Buffer.isBuffer(context.body))
    return problemPageReply(error, context, app, { code: PROBLEMS[error.code] });
  const { token = '', name = '', email = '' } = bodyOf(context);
  const values = { name, email };
  const form = { values, errors: error.errors, ...(await entry.formFor?.(app, token)) };
  const markup = accountPage({ kind, token, ...form, ...whereOf(context, app) });
  return accountReply(context, app, { status: error.status, markup });
}

interface PageNames {
  show: string;
  take: string;
  about: string;
}

function operations(
  kind: AccountPageKind,
  entry: Entry,
  { show, take, about }: PageNames,
): { show: Operation; take: Operation } {
  return {
    show: {
      name: show,
      summary: `A page ${about}: a form that works without JavaScript. Looking at it does not use the link up.`,
      answers: { 200: 'An HTML page', 404: 'An HTML page: the link is void' },
      types: ['text/html'],
      handle: (context, app) => showForm(context, app, { kind, entry }),
      presentProblem: problemPageReply,
    },
    take: {
      name: take,
      summary: `Takes the form of a page ${about}, and signs in.`,
      answers: { 200: 'An HTML page' },
      types: ['text/html'],
      handle: (context, app) => takeForm(context, app, entry),
      presentProblem: (error, context, app) => showProblem(error, context, { app, kind, entry }),
    },
  };
}

export const invitationPage = operations('invitation', byInvitation, {
  show: 'showInvitation',
  take: 'sendInvitation',
  about: 'by which an invited moderator chooses a password',
});

export const resetPage = operations('reset', byReset, {
  show: 'showReset',
  take: 'sendReset',
  about: 'by which a moderator sets a new password',
});

/** Whether the caller would rather have a bare token, as `curl` in a script would. */
function wantsPlain(accept: string | undefined): boolean {
  const named = parsePreferences(accept ?? '').find(
    ({ value }) => value === 'text/plain' || value === 'text/html',
  );
  return named?.value === 'text/plain';
}

/** For scripts: an admin token, once, in place of the account. */
async function showToken(setup: Setup, context: Context, app: App): Promise<Reply> {
  // A HEAD would use the word up and show nothing for it.
  const token = context.isHead ? null : await setup.redeem(queryToken(context));
  if (token === null) throw new AppError('not-found');
  return {
    kind: 'plain',
    status: 200,
    headers: ['Content-Type', 'text/plain; charset=utf-8', ...NO_STORE],
    body: `${token}\n`,
    security: plainSecurity(isHttps(app)),
  };
}

/** The page behind the start log's `setupUrl`; only where there is a setup. */
export function setupRoutes(setup: Setup): readonly Route[] {
  const { show, take } = operations('setup', bySetup(setup), {
    show: 'showSetup',
    take: 'sendSetup',
    about: 'by which the first admin makes an account with the one-time token of the start log',
  });
  const showEither: Operation = {
    ...show,
    answers: { 200: 'An HTML page; for `Accept: text/plain` a new admin token, once' },
    types: ['text/html', 'text/plain'],
    problems: ['not-found'],
    handle: (context, app) =>
      wantsPlain(context.headers.accept)
        ? showToken(setup, context, app)
        : showForm(context, app, { kind: 'setup', entry: bySetup(setup) }),
    prepare: undefined,
  };
  const common = { path: '/setup', caller: 'public' } as const;
  return [
    { ...common, method: 'GET', limit: null, body: 'none', cors: 'none', operation: showEither },
    { ...common, method: 'POST', limit: 'login', body: 'form', cors: 'dashboard', operation: take },
  ];
}
