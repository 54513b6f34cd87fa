import * as z from 'zod';
import { highlightComment, revealAddress } from '../../moderation/notes.ts';
import { recheckComment } from '../../moderation/recheck.ts';
import { prepareReply, recoverReply, storeReply } from '../../moderation/reply.ts';
import { reviseComment } from '../../moderation/revise.ts';
import { parseBody, parseShape } from '../fields.ts';
import { created, json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf, principalOf } from '../route.ts';
import { moderatedComment } from '../schemas/comment.ts';

const text = z.string().nullish();
const answer = z.object({ comment: moderatedComment });

/** Shapes only, but for the version: what the fields must hold is the site's policy, as for a post. */
const revision = z.object({
  body: text,
  author: z.object({ name: text, url: text }).nullish(),
  version: z.int().min(1).nullish().meta({ description: 'Required: the version that was seen' }),
});

export const patchModeratedComment: Operation = {
  name: 'reviseComment',
  summary: "A moderator's hand on text, name or link; the status stays.",
  patience: 'filters',
  body: revision,
  answers: { 200: answer },
  problems: ['conflict', 'comment-deleted'],
  async handle(context, { deps }) {
    const { id } = commentOf(context).comment;
    const { input, errors: shapeErrors } = parseShape(revision, context.body);
    return json(200, await reviseComment(deps, principalOf(context), { id, input, shapeErrors }));
  },
};

const reply = z.object({
  body: text,
  approveParent: z
    .boolean()
    .nullish()
    .meta({ description: 'Approves what it answers in the same call, where that is pending' }),
});

const planned = z.object({ replyId: z.string(), parentId: z.string(), noteId: z.string() });

export const postReply: Operation = {
  name: 'replyAsModerator',
  summary: 'Answers a comment as a moderator; the reply is approved.',
  patience: 'filters',
  body: reply,
  answers: { 201: answer },
  problems: ['conflict', 'comment-deleted', 'duplicate-comment'],
  async prepare(context, { deps }) {
    const { comment: parent, site, page } = commentOf(context);
    const { input, errors: shapeErrors } = parseShape(reply, context.body);
    const prepared = prepareReply(deps, principalOf(context), { parent, site, page, input, shapeErrors });
    const { submission, parentId, noteId } = prepared;
    const replyId = submission.comment.id;
    return {
      plan: { replyId, parentId, noteId },
      run: async () => created(`/v1/comments/${replyId}`, await storeReply(deps, prepared)),
    };
  },
  async recover(context, { deps }, plan) {
    const found = planned.parse(plan);
    const recovered = await recoverReply(deps, principalOf(context), found);
    return recovered && created(`/v1/comments/${found.replyId}`, recovered);
  },
};

export const postReveal: Operation = {
  name: 'revealAddress',
  summary: "The address of a comment's author. That it was asked for stands in the audit.",
  answers: { 200: z.object({ email: z.string() }) },
  problems: ['not-found'],
  async handle(context, { deps }) {
    return json(200, await revealAddress(deps, principalOf(context), commentOf(context).comment.id));
  },
};

export const postRecheck: Operation = {
  name: 'recheckComment',
  summary: 'Has the rules look again. A status that no person gave is given anew.',
  patience: 'filters',
  answers: { 200: answer },
  problems: ['comment-deleted'],
  async handle(context, { deps }) {
    return json(200, await recheckComment(deps, principalOf(context), commentOf(context).comment.id));
  },
};

const highlight = z.object({ pinned: z.boolean() });

export const postHighlight: Operation = {
  name: 'highlightComment',
  summary: 'Marks a comment for readers, or takes the mark away.',
  body: highlight,
  answers: { 200: answer },
  problems: ['comment-deleted'],
  async handle(context, { deps }) {
    const { pinned } = parseBody(highlight, context.body);
    const { id } = commentOf(context).comment;
    return json(200, await highlightComment(deps, principalOf(context), { id, pinned }));
  },
};
