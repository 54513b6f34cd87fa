import { openEmail } from '../authors/email.ts';
import { assertWelcome, authorForScreening } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { askFilters, withFilters } from '../filters/ask.ts';
import type { AskedComment } from '../filters/check.ts';
import { turnsLetters } from '../screening/script.ts';
import { siteOnPage } from '../sites/page-rules.ts';
import type { Site } from '../sites/site.ts';
import { renderBody } from '../text/markdown.ts';
import { maskOwnAddress } from '../text/mask.ts';
import type { Actor, Comment, PhaseOutcome } from './comment.ts';
import { isDecision, isVisible } from './comment.ts';
import { duplicateKeyOf } from './duplicates.ts';
import { commentOfToken, editableUntil, readableUntil } from './edit-token.ts';
import { checkBody, FieldErrors } from './fields.ts';
import type { LocatedComment } from './locate.ts';
import { presentComment, presentToAuthor, timestamp } from './present.ts';
import type { PublicComment } from './public-comment.ts';
import { screenAgain } from './screen-again.ts';

export type OwnComment = PublicComment & {
  editableUntil: string;
  readableUntil: string;
  reason?: string | null;
};

/** Neither name nor pseudonym: what an author's own acts leave in history and audit outlives their erasure. */
export const authorOf = ({ id }: Pick<Comment, 'id'>): Actor => ({ kind: 'author', id, name: '' });

/**
 * Reads one comment as a reader does: public where it is visible, else only with its own edit token,
 * until `readableUntil`. `own` tells which of the two it was.
 */
export async function readComment(
  deps: Deps,
  located: LocatedComment,
  token: string | null,
): Promise<{ comment: PublicComment & { reason?: string | null }; own: boolean }> {
  const { comment, site, page } = located;
  const isOwn = token !== null && commentOfToken(deps.keys, token) === comment.id;
  const mayRead =
    isOwn && comment.deletedAt === null && deps.clock.now() < readableUntil(site, comment.createdAt);
  if (mayRead) return { comment: await describeOwn(deps, located), own: true };
  if (isVisible(comment))
    return { comment: presentComment(comment, { site, page, publicUrl: deps.publicUrl }), own: false };
  throw new AppError('comment-not-found');
}

async function describeOwn(deps: Deps, { comment, site, page }: LocatedComment): Promise<OwnComment> {
  const shown = {
    ...presentToAuthor(comment, { site, page, publicUrl: deps.publicUrl }),
    editableUntil: timestamp(editableUntil(site, comment.createdAt)),
    readableUntil: timestamp(readableUntil(site, comment.createdAt)),
  };
  if (!site.policy.tellReason) return shown;
  const history = await deps.comments.history(comment.id);
  // What left the status as it was, a look at the address or a moderator's edit, is no word on it.
  const decision = history
    .filter(
      ({ undone, action, from, to }) => !undone && action !== 'undo' && (isDecision(action) || from !== to),
    )
    .at(-1);
  return { ...shown, reason: decision?.reason ?? null };
}

/** Those of the tokens' comments that their author may still read; dead tokens are left out. */
export async function listOwn(deps: Deps, site: Site, tokens: string[]): Promise<OwnComment[]> {
  const ids = new Set(tokens.map((token) => commentOfToken(deps.keys, token)).filter((id) => id !== null));
  const found = await deps.comments.findMany([...ids]);
  const now = deps.clock.now();
  const readable = new Map(
    found
      .filter((c) => c.site === site.id && c.deletedAt === null && now < readableUntil(site, c.createdAt))
      .map((c) => [c.id, c]),
  );
  const keys = [...new Set([...readable.values()].map((comment) => comment.pageKey))];
  const pages = new Map((await deps.sites.findPagesByKey(site.id, keys)).map((page) => [page.key, page]));
  const inOrder = [...ids].map((id) => readable.get(id)).filter((comment) => comment !== undefined);
  return Promise.all(
    inOrder.map((comment) => describeOwn(deps, { comment, site, page: pages.get(comment.pageKey) ?? null })),
  );
}

/**
 * Lets the holder of a right token go on. Without one: 401 where the comment is visible to everybody,
 * else 404, which tells nothing. Too late: `edit-window-closed`.
 */
export function assertMayEdit(deps: Deps, { comment, site }: LocatedComment, token: string | null): void {
  if (token === null || commentOfToken(deps.keys, token) !== comment.id) {
    if (!isVisible(comment)) throw new AppError('comment-not-found');
    throw new AppError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
  }
  if (comment.deletedAt !== null) throw new AppError('comment-not-found');
  if (deps.clock.now() >= editableUntil(site, comment.createdAt)) throw new AppError('edit-window-closed');
}

/**
 * Changes of its text after which a comment's author makes no more. Each stands in its history, which a document
 * of MongoDB holds some ten thousands of: one that is full can't be decided on any more either.
 */
const MOST_CHANGES = 1000;

/** An edited comment as outside filters are asked about it. */
async function describeEdit(
  deps: Deps,
  { site, page }: LocatedComment,
  comment: Comment,
): Promise<AskedComment> {
  const parent = comment.parentId === null ? null : await deps.comments.find(comment.parentId);
  const next = { ...comment, revision: comment.revision + 1 };
  return { comment: next, site, page, parentText: parent?.text ?? null, elapsedMs: null, sender: null };
}

/**
 * The author's new text: checked, masked and screened as a new comment is. What stands already changes nothing. After
 * too many: `edit-window-closed`.
 */
export async function editComment(
  deps: Deps,
  located: LocatedComment,
  input: { body?: string | null; shapeErrors: FieldError[] },
): Promise<{ comment: PublicComment; editableUntil: string }> {
  if (located.comment.revision > MOST_CHANGES) throw new AppError('edit-window-closed');
  const site = siteOnPage(located.site, located.page);
  const errors = new FieldErrors(input.shapeErrors);
  const body = checkBody(errors, site, input.body);
  if (body === null || errors.list.length > 0) throw validationFailed(errors.list);
  let current = located.comment;
  const present = (comment: Comment): { comment: PublicComment; editableUntil: string } => ({
    comment: presentToAuthor(comment, { site, page: located.page, publicUrl: deps.publicUrl }),
    editableUntil: timestamp(editableUntil(site, comment.createdAt)),
  });
  let said: PhaseOutcome[] | null | undefined;
  const at = deps.clock.now();
  for (;;) {
    const address =
      current.author.email === null ? null : openEmail(current.author.email, deps.keys, site.id);
    const masked = address === null ? { text: body, found: false } : maskOwnAddress(body, address);
    const author = await authorForScreening(deps, site, current.author);
    assertWelcome(site, author);
    // Sent twice, or saved untouched: no revision, and what a person decided on this very text stands.
    if (masked.text === current.text) return present(current);
    const screened = await screenAgain(deps, {
      site,
      comment: current,
      text: masked.text,
      address,
      author,
      ownAddressShown: masked.found,
      turnedLetters: turnsLetters(input.body),
    });
    // Asked once: what somebody decided meanwhile changes nothing of the text.
    said ??= await askFilters(deps, site.id, () =>
      describeEdit(
        deps,
        { ...located, site },
        { ...current, text: masked.text, editedAt: at, screening: screened.screening },
      ),
    );
    const judged = withFilters(screened.screening, said ?? []);
    const result = await deps.comments.change(current.id, {
      kind: 'edit',
      decisionId: deps.ids.next(at) + current.id,
      at,
      by: authorOf(current),
      version: current.version,
      text: masked.text,
      html: renderBody(masked.text),
      duplicateKey: duplicateKeyOf(deps, current, masked.text),
      screened: judged.status,
      screening: judged.screening,
      risk: judged.risk,
    });
    if (result.refused === undefined) return present(result.next);
    // Someone decided meanwhile: the text is screened again against what stands now.
    const again = result.refused === 'conflict' ? await deps.comments.find(current.id) : null;
    if (!again || again.deletedAt !== null) throw new AppError('comment-not-found');
    current = again;
  }
}

/** The author takes the comment away: text, name, url and address are erased at once. */
export async function removeComment(deps: Deps, { comment }: LocatedComment): Promise<void> {
  const at = deps.clock.now();
  // Before it: what is taken away must not come back with an older state of the data.
  await deps.erasures.append({ kind: 'comment', id: comment.id, at });
  const result = await deps.comments.change(comment.id, {
    kind: 'remove',
    decisionId: deps.ids.next(at) + comment.id,
    at,
    by: authorOf(comment),
  });
  if (result.refused !== undefined) throw new AppError('comment-not-found');
  await deps.subscriptions.remove([comment.id]);
}
