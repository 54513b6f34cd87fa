import { openEmail } from '../authors/email.ts';
import type { ReviseCommand } from '../comments/commands.ts';
import type { Comment } from '../comments/comment.ts';
import { duplicateKeyOf } from '../comments/duplicates.ts';
import { checkAuthorUrl, checkBody, checkName, FieldErrors } from '../comments/fields.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { validationFailed } from '../errors.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { renderBody } from '../text/markdown.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { findInScope, planDecisionId, presentChanged } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';

/** A moderator's edit, RFC 7396: absent keeps, null takes away what the site does not require. */
export interface RevisionInput {
  body?: string | null;
  author?: { name?: string | null; url?: string | null } | null;
  version?: number | null;
}

/** The members as they will be stored; those that were not given are absent. */
interface Revised {
  body?: string;
  name?: string | null;
  url?: string | null;
}

/** As for a post: limits and characters, the author's own address masked, or refused where it can't be. */
function checkRevision(
  deps: Pick<Deps, 'keys'>,
  errors: FieldErrors,
  { site, comment, input }: { site: Site; comment: Comment; input: RevisionInput },
): Revised {
  const address = comment.author.email === null ? null : openEmail(comment.author.email, deps.keys, site.id);
  const mask = (text: string): string => (address === null ? text : maskOwnAddress(text, address).text);
  const { body, author } = input;
  const revised: Revised = {};
  if (body !== undefined) revised.body = mask(checkBody(errors, site, body) ?? '');
  if (author?.name !== undefined) {
    const name = checkName(errors, site, author.name);
    revised.name = name === null ? null : mask(name);
  }
  if (author?.url !== undefined && site.policy.authorUrl) {
    revised.url = checkAuthorUrl(errors, site, author.url);
    if (revised.url !== null && mask(revised.url) !== revised.url) errors.add('/author/url', 'invalid');
  }
  return revised;
}

/** What differs from what stands, as the command's members; null where nothing does. */
function changeOf(
  deps: Pick<Deps, 'keys'>,
  comment: Comment,
  { body, name, url }: Revised,
): Pick<ReviseCommand, 'body' | 'author' | 'duplicateKey'> | null {
  const author: NonNullable<ReviseCommand['author']> = {};
  if (name !== undefined && name !== comment.author.name) author.name = name;
  if (url !== undefined && url !== comment.author.url) author.url = url;
  const hasText = body !== undefined && body !== comment.text;
  const hasAuthor = Object.keys(author).length > 0;
  if (!hasText && !hasAuthor) return null;
  const text = hasText ? body : (comment.text ?? '');
  const duplicateKey = duplicateKeyOf(deps, { ...comment, author: { ...comment.author, ...author } }, text);
  return {
    ...(hasText && { body: { text, html: renderBody(text) } }),
    ...(hasAuthor && { author }),
    duplicateKey,
  };
}

/**
 * A moderator's hand on text, name or link; the status stays. What stands already changes nothing.
 * Throws `validation-failed`, `conflict` where the version has passed, `comment-deleted`.
 */
export async function reviseComment(
  deps: Deps,
  principal: Principal,
  { id, input, shapeErrors }: { id: string; input: RevisionInput; shapeErrors: FieldError[] },
): Promise<{ comment: ModeratedComment }> {
  const { comment, site } = await findInScope(deps, principal, id);
  const errors = new FieldErrors(shapeErrors);
  const { version } = input;
  if (version === undefined || version === null) errors.add('/version', 'required');
  const revised = checkRevision(deps, errors, { site, comment, input });
  if (errors.list.length > 0 || typeof version !== 'number') throw validationFailed(errors.list);

  const change = changeOf(deps, comment, revised);
  if (change === null && version === comment.version && comment.deletedAt === null) {
    const [shown] = await presentModerated(deps, [comment]);
    if (shown) return { comment: shown };
  }
  const command: ReviseCommand = {
    kind: 'revise',
    decisionId: planDecisionId(deps, id),
    at: deps.clock.now(),
    by: actorOf(principal),
    version,
    ...change,
  };
  return { comment: await presentChanged(deps, await deps.comments.change(id, command)) };
}
