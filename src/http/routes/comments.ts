import * as z from 'zod';
import { isTombstone, isVisible } from '../../comments/comment.ts';
import { locateComment } from '../../comments/locate.ts';
import { assertMayEdit, editComment, listOwn, readComment, removeComment } from '../../comments/own.ts';
import { prepareComment } from '../../comments/prepare.ts';
import { describeSubmitted, storeComment } from '../../comments/submit.ts';
import { AppError } from '../../errors.ts';
import { trapFieldOf } from '../../sites/policy.ts';
import type { Site } from '../../sites/site.ts';
import { isBlank } from '../../text/normalize.ts';
import { parseBody, parseShape } from '../fields.ts';
import { basePath } from '../pages/layout.ts';
import { created, JSON_TYPE, json, noContent, redirect } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { commentOf, siteOf } from '../route.ts';
import { ownComment, publicComment, timestamp } from '../schemas/comment.ts';

const text = z.string().nullish();

/** Shapes only: what the fields must hold is the site's policy, checked by the domain. */
const newComment = z.object({
  page: z.object({ url: text, title: text, id: text }).nullish(),
  parentId: text,
  author: z
    .object({
      name: text,
      email: text,
      url: text,
      identity: text.meta({ description: 'A JWT of the site’s about its signed-in reader' }),
    })
    .nullish(),
  body: text,
  subscribe: text.meta({
    description: '`none`, or `replies` for mail about answers, where the site offers it; wants an address',
  }),
  elapsedMs: z
    .number()
    .min(0)
    .nullish()
    .meta({ description: 'Milliseconds from the form’s showing to its sending' }),
});

/** The member that a site's policy names as its trap, whatever is in it. */
function isTrapFilled(body: unknown, { policy }: Site): boolean {
  const name = trapFieldOf(policy);
  if (name === null || typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return false;
  const value: unknown = Reflect.get(body, name);
  if (typeof value === 'string') return !isBlank(value);
  return value !== null && value !== false;
}

const planned = z.object({ id: z.string() });

export const postComment: Operation = {
  name: 'postComment',
  summary: 'Posts a comment. Its author is told `approved`, or `pending` for every other status.',
  patience: 'filters',
  body: newComment,
  answers: {
    201: z.object({
      comment: publicComment,
      editToken: z.string(),
      editableUntil: timestamp,
      readableUntil: timestamp,
    }),
  },
  problems: ['comments-closed', 'author-banned', 'duplicate-comment'],
  async prepare(context, { deps }, earlier) {
    const site = siteOf(context);
    const { input, errors } = parseShape(newComment, context.body);
    const trapFilled = isTrapFilled(context.body, site);
    const prepared = await prepareComment(deps, {
      site,
      input: { ...input, trapFilled },
      shapeErrors: errors,
      sender: context.sender,
      plannedId: planned.safeParse(earlier).data?.id ?? null,
    });
    const { id, author } = prepared.submission.comment;
    if (author.key !== null) await context.countAuthor(author.key);
    return {
      plan: { id },
      async run() {
        const submitted = await storeComment(deps, prepared);
        return created(`/v1/comments/${submitted.comment.id}`, submitted);
      },
    };
  },
  async recover(_context, { deps }, plan) {
    const { id } = planned.parse(plan);
    const stored = await deps.comments.find(id);
    if (!stored) return null;
    const { site, page, comment } = await locateComment(deps, id);
    return created(`/v1/comments/${id}`, describeSubmitted(deps, site, page, comment));
  },
};

export const getComment: Operation = {
  name: 'getComment',
  summary: 'One comment: public where it is visible, else only with its edit token, until `readableUntil`.',
  takesEditToken: true,
  answers: { 200: z.union([publicComment, ownComment]) },
  conditional: true,
  async handle(context, { deps, share }) {
    const { comment, own } = await readComment(deps, commentOf(context), context.bearer);
    if (own) return json(200, comment);
    return share(context, { contentType: JSON_TYPE, body: JSON.stringify(comment) });
  },
};

/** 401 and 404 come before anything is counted or read; that it is too late is said in its own turn. */
function guardEdit(context: Context, { deps }: App): void {
  try {
    assertMayEdit(deps, commentOf(context), context.bearer);
  } catch (error) {
    const isLate = error instanceof AppError && error.code === 'edit-window-closed';
    if (!isLate) throw error;
  }
}

const edit = z.object({ body: text });

export const patchComment: Operation = {
  name: 'editComment',
  summary: "The author's new text; it is screened anew.",
  patience: 'filters',
  body: edit,
  answers: { 200: z.object({ comment: publicComment, editableUntil: timestamp }) },
  problems: ['edit-window-closed', 'author-banned', 'unauthenticated'],
  guard: guardEdit,
  async handle(context, { deps }) {
    const located = commentOf(context);
    assertMayEdit(deps, located, context.bearer);
    const { input, errors } = parseShape(edit, context.body);
    return json(200, await editComment(deps, located, { body: input.body, shapeErrors: errors }));
  },
};

export const deleteComment: Operation = {
  name: 'deleteComment',
  summary: 'The author takes the comment away: body, name, url and e-mail are erased at once.',
  answers: { 204: 'Taken away.' },
  problems: ['edit-window-closed', 'unauthenticated'],
  guard: guardEdit,
  async handle(context, { deps }) {
    const located = commentOf(context);
    assertMayEdit(deps, located, context.bearer);
    await removeComment(deps, located);
    return noContent();
  },
};

const MOST_TOKENS = 50;
const ownBody = z.object({ editTokens: z.array(z.string()).max(MOST_TOKENS) });

export const listOwnComments: Operation = {
  name: 'listOwnComments',
  summary: "The caller's own comments, named by their edit tokens; dead tokens are left out.",
  body: ownBody,
  answers: { 200: z.object({ comments: z.array(ownComment) }) },
  async handle(context, { deps }) {
    const { editTokens } = parseBody(ownBody, context.body);
    return json(200, { comments: await listOwn(deps, siteOf(context), editTokens) });
  },
};

export const getLegacyComment: Operation = {
  name: 'getLegacyComment',
  summary: 'Leads from the id a comment had before it was imported to the comment.',
  answers: { 308: 'Location is the comment.' },
  problems: ['comment-not-found'],
  async handle(context, { deps, config }) {
    const comment = await deps.comments.findByLegacyId(siteOf(context).id, context.params.legacy ?? '');
    if (!comment || !(isVisible(comment) || isTombstone(comment))) throw new AppError('comment-not-found');
    return redirect(308, `${basePath(config.publicUrl)}/v1/comments/${comment.id}`);
  },
};
