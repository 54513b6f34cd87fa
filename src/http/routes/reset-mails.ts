import * as z from 'zod';
import { AppError } from '../../errors.ts';
import { askReset } from '../../mail/ask-reset.ts';
import { parseBody } from '../fields.ts';
import { forgotPage, sentPage } from '../pages/forgot-page.ts';
import { readFields } from '../pages/typed-form.ts';
import type { Reply } from '../reply.ts';
import { json } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { resetMailInput } from '../schemas/staff.ts';
import { accountReply, PROBLEMS, whereOf } from './account-pages.ts';
import { problemPageReply } from './page-replies.ts';

export const FORGOT_PATH = '/forgot-password';

/** Its tries count by themselves: whoever has used up those of a sign-in is whom this is for. */
const parts = { countsApart: 'reset-mail', problems: ['not-found'] } as const;

/** Where no mail goes out there is nothing of this. */
function needsPost(_context: Context, { deps }: App): void {
  if (deps.post === null) throw new AppError('not-found');
}

async function ask(body: unknown, { language, countLogin }: Context, { deps }: App): Promise<void> {
  const { email } = parseBody(resetMailInput, body);
  await askReset(deps, { email, language }, countLogin);
}

export const postResetMail: Operation = {
  ...parts,
  name: 'mailReset',
  summary:
    'Has a link for a new password mailed to the address, where an active account has it; the answer is the same where none has. Where no mail goes out: 404.',
  body: resetMailInput,
  answers: { 202: z.object({}) },
  guard: needsPost,
  async handle(context, app) {
    await ask(context.body, context, app);
    return json(202, {});
  },
};

const typedEmail = (body: Buffer): string => readFields(body, ['email']).email;

/** The form again with the address in it. */
function showProblem(error: AppError, context: Context, app: App): Promise<Reply> {
  if (error.code !== 'validation-failed' || !Buffer.isBuffer(context.body))
    return problemPageReply(error, context, app, { code: PROBLEMS[error.code] });
  const form = { action: FORGOT_PATH, email: typedEmail(context.body), errors: error.errors };
  const markup = forgotPage({ ...form, ...whereOf(context, app) });
  return Promise.resolve(accountReply(context, app, { status: error.status, markup }));
}

export const forgotPasswordPage: { show: Operation; take: Operation } = {
  show: {
    ...parts,
    name: 'showForgotPassword',
    summary: 'A page where a link for a new password is asked for: a form that works without JavaScript.',
    answers: { 200: 'An HTML page' },
    types: ['text/html'],
    guard: needsPost,
    async handle(context, app) {
      const markup = forgotPage({ action: FORGOT_PATH, ...whereOf(context, app) });
      return accountReply(context, app, { status: 200, markup });
    },
    presentProblem: problemPageReply,
  },
  take: {
    ...parts,
    name: 'sendForgotPassword',
    summary: 'Takes the form of the page where a link for a new password is asked for.',
    answers: { 202: 'An HTML page' },
    types: ['text/html'],
    guard: needsPost,
    async handle(context, app) {
      await ask({ email: typedEmail(context.body as Buffer) || undefined }, context, app);
      return accountReply(context, app, { status: 202, markup: sentPage(whereOf(context, app)) });
    },
    presentProblem: showProblem,
  },
};
