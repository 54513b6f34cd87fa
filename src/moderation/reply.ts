import { openEmail } from '../authors/email.ts';
import { currentState } from '../comments/changes/plan.ts';
import type { Actor, Comment } from '../comments/comment.ts';
import { isVisible } from '../comments/comment.ts';
import type { Submission } from '../comments/comment-store.ts';
import { duplicateKeyOf, duplicateSince } from '../comments/duplicates.ts';
import { checkBody, FieldErrors } from '../comments/fields.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { renderBody } from '../text/markdown.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { planDecisionId, problemOf } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';
import { secondReviewOf } from './second-review.ts';

/** A moderator's answer to a comment, ready to be stored. */
export interface PreparedReply {
  submission: Submission;
  parentId: string;
  approveParent: boolean;
  /** The ids of what it leaves on the comment it answers, so that a repeated request finds them. */
  noteId: string;
  approvalId: string;
  by: Actor;
}

export interface ReplyInput {
  body?: string | null;
  approveParent?: boolean | null;
}

interface Place {
  parent: Comment;
  site: Site;
  page: Page | null;
}

/** Checks everything but what may change until it is stored. Throws `validation-failed`. */
export function prepareReply(
  deps: Deps,
  principal: Principal,
  { parent, site, page, input, shapeErrors }: Place & { input: ReplyInput; shapeErrors: FieldError[] },
): PreparedReply {
  const errors = new FieldErrors(shapeErrors);
  const body = checkBody(errors, site, input.body);
  const limit = site.policy.maxDepth;
  if (parent.ancestors.length + 1 > limit) errors.add('/parentId', 'too-deep', { limit });
  if (body === null || errors.list.length > 0) throw validationFailed(errors.list);
  const by = actorOf(principal);
  const comment = draftReply(deps, { parent, site, by, body });
  const noteId = planDecisionId(deps, parent.id);
  return {
    submission: {
      comment,
      page: { url: page?.url ?? null, id: page?.id ?? null, title: null },
      duplicateKey: duplicateKeyOf(deps, comment, comment.text ?? ''),
      duplicateSince: duplicateSince(site, deps.clock.now()),
      act: { action: 'reply', by, reason: null, note: null, decisionId: noteId, batchId: null },
    },
    parentId: parent.id,
    approveParent: input.approveParent ?? false,
    noteId,
    approvalId: planDecisionId(deps, parent.id),
    by,
  };
}

function draftReply(
  deps: Deps,
  { parent, site, by, body }: { parent: Comment; site: Site; by: Actor; body: string },
): Comment {
  // Who knows the address they answer, by a reveal, must not publish it by a slip.
  const address = parent.author.email === null ? null : openEmail(parent.author.email, deps.keys, site.id);
  const text = address === null ? body : maskOwnAddress(body, address).text;
  const createdAt = Math.max(deps.clock.now(), parent.createdAt + 1);
  return {
    id: deps.ids.next(createdAt) + parent.pageKey,
    legacyId: null,
    site: site.id,
    pageKey: parent.pageKey,
    parentId: parent.id,
    ancestors: [...parent.ancestors, parent.id],
    author: { key: null, name: by.name, url: null, email: null, moderator: true },
    text,
    html: renderBody(text),
    status: 'approved',
    decidedBy: by,
    version: 1,
    revision: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    open: true,
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk: 0,
    screening: [],
  };
}

/** The problem of a parent that can't be answered as it stands. */
async function unanswerable(deps: Deps, parent: Comment): Promise<AppError> {
  if (parent.deletedAt !== null) return new AppError('comment-deleted');
  const current = currentState(parent, await deps.comments.history(parent.id));
  return problemOf({ refused: 'conflict', current });
}

/** Makes a parent visible that only waits for a person, where that is wanted. Throws where it stays hidden. */
async function settleParent(deps: Deps, { parentId, approveParent, approvalId, by }: PreparedReply) {
  for (;;) {
    const parent = await deps.comments.find(parentId);
    if (!parent) throw new AppError('comment-not-found');
    if (isVisible(parent)) return;
    const above = parent.parentId === null ? null : await deps.comments.find(parent.parentId);
    const mayOpen = parent.parentId === null || (above?.open ?? false);
    if (!approveParent || !mayOpen || parent.status !== 'pending' || parent.deletedAt !== null)
      throw await unanswerable(deps, parent);
    const site = await deps.sites.find(parent.site);
    const result = await deps.comments.change(parentId, {
      kind: 'decide',
      decisionId: approvalId,
      at: deps.clock.now(),
      by,
      action: 'approve',
      version: parent.version,
      reason: null,
      note: null,
      secondReview: secondReviewOf(site ? [site] : []),
    });
    // The first of two approvals publishes nothing, so nothing can stand below it yet.
    if (result.refused === undefined && result.next.status !== 'approved')
      throw await unanswerable(deps, result.next);
    if (result.refused === undefined) return;
    // Someone was faster: what they made of it decides.
    if (result.refused !== 'conflict') throw problemOf(result);
  }
}

async function present(deps: Deps, comment: Comment): Promise<{ comment: ModeratedComment }> {
  const [shown] = await presentModerated(deps, [comment]);
  if (!shown) throw new AppError('comment-not-found');
  return { comment: shown };
}

/** Notes the reply in the history of what it answers; once, however often it is asked to. */
async function noteReply(
  deps: Deps,
  { parentId, noteId, by, replyId }: Pick<PreparedReply, 'parentId' | 'noteId' | 'by'> & { replyId: string },
): Promise<void> {
  const history = await deps.comments.history(parentId);
  if (history.some((entry) => entry.decisionId === noteId)) return;
  const at = deps.clock.now();
  // Refused where its author has deleted it meanwhile: the reply stands, and in the audit too.
  await deps.comments.change(parentId, {
    kind: 'note',
    decisionId: noteId,
    at,
    by,
    action: 'reply',
    note: replyId,
  });
}

/**
 * Stores the reply, the parent approved before it where that is wanted. Throws `conflict` with what stands
 * for a parent that is not visible, `comment-deleted`, `duplicate-comment`.
 */
export async function storeReply(
  deps: Deps,
  prepared: PreparedReply,
): Promise<{ comment: ModeratedComment }> {
  const { submission, parentId } = prepared;
  await settleParent(deps, prepared);
  const result = await deps.comments.submit(submission);
  if (result.kind === 'duplicate')
    throw new AppError('duplicate-comment', { extra: { commentId: result.id } });
  if (result.kind === 'parent-not-found') {
    const parent = await deps.comments.find(parentId);
    throw parent ? await unanswerable(deps, parent) : new AppError('comment-not-found');
  }
  await noteReply(deps, { ...prepared, replyId: result.comment.id });
  return present(deps, result.comment);
}

/** The answer to a reply that was stored before, with what was cut off done; null where it never was. */
export async function recoverReply(
  deps: Deps,
  principal: Principal,
  { replyId, parentId, noteId }: { replyId: string; parentId: string; noteId: string },
): Promise<{ comment: ModeratedComment } | null> {
  const reply = await deps.comments.find(replyId);
  if (!reply) return null;
  await noteReply(deps, { parentId, noteId, by: actorOf(principal), replyId });
  return present(deps, reply);
}
