import { authorKey } from '../authors/email.ts';
import { readIdentity, type SignedIn } from '../authors/identity.ts';
import type { ScreenedAuthor } from '../authors/screened.ts';
import { authorForScreening } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { AskedComment, Sender } from '../filters/check.ts';
import { offersReplies } from '../mail/wishes.ts';
import { lookUpPast } from '../screening/past.ts';
import { matcherFor } from '../screening/wordlists.ts';
import { siteOnPageNow } from '../sites/closing.ts';
import { areOneThread, pageForPosting } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';
import { isVisible } from './comment.ts';
import type { Submission } from './comment-store.ts';
import { draftComment } from './draft.ts';
import { duplicateKeyOf, duplicateSince } from './duplicates.ts';
import type { CommentInput } from './fields.ts';
import { checkFields, checkPage, FieldErrors } from './fields.ts';
import { maskFields } from './masked-fields.ts';

/** A comment that passed every check and only waits to be stored. */
export interface PreparedComment {
  submission: Submission;
  /** Whether its author wants mail about answers. */
  wantsReplies: boolean;
  /** Of a signed-in reader with an address: by which pseudonym it leads to theirs. */
  link: { site: string; emailKey: string; key: string } | null;
  /** As it is on the page. */
  site: Site;
  page: Page;
  author: ScreenedAuthor;
  /** What outside filters are told beside the comment. */
  told: Pick<AskedComment, 'parentText' | 'elapsedMs' | 'sender'>;
}

export interface PrepareOptions {
  site: Site;
  input: CommentInput;
  /** Wrong types that the schema found; reported together with what is found here. */
  shapeErrors: FieldError[];
  /** Who sends it; asked only where an admin lets a filter know. */
  sender?: () => Sender;
  /** The id that an earlier try of the same request had, whose write may still come to pass. */
  plannedId?: string | null;
}

/** Whether comments are taken there at all. Throws `comments-closed`. */
function assertOpen(site: Site): void {
  if (site.policy.closed) throw new AppError('comments-closed');
}

async function checkParent(
  deps: Deps,
  errors: FieldErrors,
  { site, page, parentId }: { site: Site; page: Page; parentId: string | null },
): Promise<Comment | null> {
  if (parentId === null) return null;
  const parent = await deps.comments.find(parentId);
  const isHere = parent?.site === site.id && (await areOneThread(deps, site, [parent.pageKey, page.key]));
  if (!parent || !isHere || !isVisible(parent)) {
    return errors.add('/parentId', 'parent-not-found');
  }
  const depth = parent.ancestors.length + 1;
  if (depth > site.policy.maxDepth)
    return errors.add('/parentId', 'too-deep', { limit: site.policy.maxDepth });
  return parent;
}

/** Whom the site's token names; what is typed beside it does not count. Null where the site signs nobody in. */
async function signedInReader(
  deps: Deps,
  errors: FieldErrors,
  site: Site,
  { author }: CommentInput,
): Promise<SignedIn | null> {
  const { identity } = site.policy;
  const token = author?.identity ?? '';
  if (identity === 'off') return null;
  if (token === '') return identity === 'required' ? errors.add('/author/identity', 'required') : null;
  return (await readIdentity(deps, site, token)) ?? errors.add('/author/identity', 'invalid');
}

/**
 * Checks everything about a new comment but what only the store can know. Throws `comments-closed`,
 * `validation-failed`.
 */
export async function prepareComment(deps: Deps, options: PrepareOptions): Promise<PreparedComment> {
  const { input } = options;
  const errors = new FieldErrors(options.shapeErrors);
  const pageNamed = checkPage(errors, options.site, input.page);
  const place = pageNamed && (await pageForPosting(deps, options.site, pageNamed));
  const page = place?.page ?? null;
  const site = await siteOnPageNow(deps, options.site, page);
  assertOpen(site);
  const signedIn = await signedInReader(deps, errors, site, input);
  const fields = checkFields(errors, { site, offersReplies: offersReplies(deps, site), signedIn }, input);
  if (pageNamed && !page) errors.add('/page/url', 'not-of-site');
  const parentId = typeof input.parentId === 'string' && input.parentId !== '' ? input.parentId : null;
  const parent = page && (await checkParent(deps, errors, { site, page, parentId }));
  const masked = fields && pageNamed && maskFields(errors, fields, pageNamed);
  if (!masked || !place || !page || errors.list.length > 0) throw validationFailed(errors.list);

  const { email, name } = masked.fields;
  const emailKey = email === null ? null : authorKey(email, deps.keys, site.id);
  const key = signedIn?.key ?? emailKey;
  const author = await authorForScreening(deps, site, { key, name });
  const now = deps.clock.now();
  const words = await matcherFor(deps, site.id);
  const { body: text, url } = masked.fields;
  const past = await lookUpPast(deps, site.id, { id: null, text, url });
  const comment = draftComment(deps, {
    ...{ site, page, parent, masked, key, signedIn, author, now, input },
    ...{ words, past, plannedId: options.plannedId ?? null },
  });
  return {
    link: signedIn && emailKey !== null ? { site: site.id, emailKey, key: signedIn.key } : null,
    site,
    wantsReplies: masked.fields.wantsReplies,
    page: { ...page, title: page.title ?? masked.page.title },
    author,
    told: {
      parentText: parent?.text ?? null,
      elapsedMs: input.elapsedMs ?? null,
      sender: options.sender ?? null,
    },
    submission: {
      comment,
      page: { ...masked.page, ...place.named },
      duplicateKey: duplicateKeyOf(deps, comment, masked.fields.body),
      duplicateSince: duplicateSince(site, now),
      repeated: comment.id === options.plannedId,
    },
  };
}
