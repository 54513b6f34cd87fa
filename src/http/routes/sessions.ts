import type { FieldError } from '../../errors.ts';
import { AppError } from '../../errors.ts';
import { findByLink, redeemLink } from '../../staff/links.ts';
import { isMailedReset } from '../../staff/mailed-reset.ts';
import { showMe } from '../../staff/me.ts';
import type { AccountLink } from '../../staff/moderator.ts';
import { redeemMailed } from '../../staff/redeem-mailed.ts';
import type { SignedIn } from '../../staff/sessions.ts';
import { signIn, signOut } from '../../staff/sessions.ts';
import { parseBody } from '../fields.ts';
import type { Reply } from '../reply.ts';
import { json, noContent } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { credentials, linkInput, resetInput, setupInput, signedIn } from '../schemas/staff.ts';
import { noSessionCookie, sessionCookie } from '../session-cookie.ts';
import { needsAccount } from './me.ts';
import { isHttps } from './page-replies.ts';

/** 201 with who is signed in now, and the cookie. */
async function welcome(app: App, { secret, principal }: SignedIn): Promise<Reply> {
  const me = await showMe(app.deps, principal);
  const headers = ['Location', '/v1/me', ...sessionCookie(secret, isHttps(app))];
  return json(201, { me, expiresAt: me.expiresAt }, headers);
}

export const postSession: Operation = {
  name: 'createSession',
  summary:
    'Signs in and sets the cookie `gatehouse_session`. Where the account has a second factor and `totp` is not given, the 401 names `/totp`.',
  body: credentials,
  answers: { 201: signedIn },
  problems: ['unauthenticated'],
  async handle(context, app) {
    const { email, password, totp = null } = parseBody(credentials, context.body);
    return welcome(app, await signIn(app.deps, { email, password, totp }, context.countLogin));
  },
};

export const deleteSession: Operation = {
  name: 'deleteSession',
  summary: "Ends the caller's own session and takes the cookie back.",
  answers: { 204: 'Ended.' },
  guard: needsAccount,
  async handle(context, app) {
    await signOut(app.deps, principalOf(context));
    const reply = noContent();
    reply.headers.push(...noSessionCookie(isHttps(app)));
    return reply;
  },
};

/** What is wrong with a one-time token, to be said together with what is wrong with the other fields. */
export async function tokenErrors(
  body: unknown,
  isGood: (token: string) => Promise<boolean>,
): Promise<FieldError[]> {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token !== 'string' || token === '' || (await isGood(token))) return [];
  return [{ pointer: '/token', code: 'invalid' }];
}

export const postSetup: Operation = {
  name: 'setUp',
  summary: 'Makes the first admin by the one-time token of the start log, and signs in.',
  body: setupInput,
  answers: { 201: signedIn },
  problems: ['not-found'],
  async handle({ body }, app) {
    const { setup } = app;
    if (!setup) throw new AppError('not-found');
    const wrong = await tokenErrors(body, setup.isOpen);
    return welcome(app, await setup.makeAdmin(parseBody(setupInput, body, wrong)));
  },
};

/** What is wrong with the token of a link of that kind. */
const linkErrors = (kind: AccountLink['kind'], body: unknown, { deps }: App): Promise<FieldError[]> =>
  tokenErrors(body, async (token) => (await findByLink(deps, kind, token)) !== null);

/** Sets a new password by a link that an admin gave, or that came by mail. */
export function enterByReset(
  app: App,
  { body, wrong, countLogin }: { body: unknown; wrong: FieldError[] } & Pick<Context, 'countLogin'>,
): Promise<SignedIn> {
  const { token, password, totp = null } = parseBody(resetInput, body, wrong);
  return isMailedReset(token)
    ? redeemMailed(app.deps, { token, password, totp }, countLogin)
    : redeemLink(app.deps, 'reset', { token, password });
}

export const postInvitation: Operation = {
  name: 'acceptInvitation',
  summary: 'Sets the password of an invited account by the link it was given, and signs in.',
  body: linkInput,
  answers: { 201: signedIn },
  async handle({ body }, app) {
    const wrong = await linkErrors('invitation', body, app);
    return welcome(app, await redeemLink(app.deps, 'invitation', parseBody(linkInput, body, wrong)));
  },
};

export const postReset: Operation = {
  name: 'resetPassword',
  summary:
    'Sets a new password by a link that an admin gave or that came by mail, and signs in. All other sessions end, and with an admin’s link the second factor; a mailed one asks for its code (`totp`, a 401 names it).',
  body: resetInput,
  answers: { 201: signedIn },
  problems: ['unauthenticated'],
  async handle({ body, countLogin }, app) {
    const wrong = await linkErrors('reset', body, app);
    return welcome(app, await enterByReset(app, { body, wrong, countLogin }));
  },
};
