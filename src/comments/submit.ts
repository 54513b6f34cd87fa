import { assertWelcome } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { askFilters, withFilters } from '../filters/ask.ts';
import { keepWish } from '../mail/wishes.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';
import type { Submission } from './comment-store.ts';
import { editableUntil, editTokenFor, readableUntil } from './edit-token.ts';
import type { PreparedComment } from './prepare.ts';
import { presentToAuthor, timestamp } from './present.ts';
import type { PublicComment } from './public-comment.ts';

/** The answer to a post: the contract's 201 body. */
export interface SubmittedComment {
  comment: PublicComment;
  editToken: string;
  editableUntil: string;
  readableUntil: string;
}

/** With what the site's outside filters say of the comment, which takes them no longer than their deadlines. */
async function judgedByFilters(deps: Deps, prepared: PreparedComment): Promise<Submission> {
  const { site, page, told, submission } = prepared;
  const { comment } = submission;
  const said = await askFilters(deps, site.id, async () => ({ comment, site, page, ...told }));
  if (said === null) return submission;
  const judged = withFilters(comment.screening, said);
  return { ...submission, comment: { ...comment, ...judged, open: judged.status === 'approved' } };
}

/**
 * Stores a prepared comment, unless its author is banned and to be told so. Throws `author-banned`,
 * `duplicate-comment`, or `validation-failed` for a parent that went meanwhile.
 */
export async function storeComment(deps: Deps, prepared: PreparedComment): Promise<SubmittedComment> {
  assertWelcome(prepared.site, prepared.author);
  // Before the comment: whoever asks for all of an address must find it.
  if (prepared.link) await deps.identities.link(prepared.link);
  const submission = await judgedByFilters(deps, prepared);
  // Before the comment: with it the wish is acknowledged.
  if (prepared.wantsReplies) await keepWish(deps, submission.comment);
  const result = await deps.comments.submit(submission);
  if (result.kind !== 'stored' && prepared.wantsReplies)
    await deps.subscriptions.remove([submission.comment.id]);
  if (result.kind === 'duplicate') {
    throw new AppError('duplicate-comment', { extra: { commentId: result.id } });
  }
  if (result.kind === 'parent-not-found') {
    throw validationFailed([{ pointer: '/parentId', code: 'parent-not-found' }]);
  }
  return describeSubmitted(deps, prepared.site, prepared.page, result.comment);
}

/** The answer for a stored comment; the same again when a kept request is repeated. */
export function describeSubmitted(
  deps: Pick<Deps, 'keys' | 'publicUrl'>,
  site: Site,
  page: Page | null,
  comment: Comment,
): SubmittedComment {
  return {
    comment: presentToAuthor(comment, { site, page, publicUrl: deps.publicUrl }),
    editToken: editTokenFor(deps.keys, comment.id),
    editableUntil: timestamp(editableUntil(site, comment.createdAt)),
    readableUntil: timestamp(readableUntil(site, comment.createdAt)),
  };
}
