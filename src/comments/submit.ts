import { authorKey, sealEmail } from '../authors/email.ts';
import { readIdentity, type SignedIn } from '../authors/identity.ts';
import type { ScreenedAuthor } from '../authors/screened.ts';
import { assertWelcome, authorForScreening } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { askFilters, withFilters } from '../filters/ask.ts';
import type { AskedComment, Sender } from '../filters/check.ts';
import { encodeBytes } from '../ids.ts';
import { keepWish, offersReplies } from '../mail/wishes.ts';
import type { Screened } from '../screening/index.ts';
import { screen } from '../screening/index.ts';
import type { Opinion } from '../screening/learner/learner.ts';
import type { Precedent } from '../screening/precedents/precedents.ts';
import { turnsLetters } from '../screening/script.ts';
import type { Matcher } from '../screening/wordlist/matcher.ts';
import { matcherFor } from '../screening/wordlists.ts';
import { siteOnPageNow } from '../sites/closing.ts';
import { pageForPosting } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import { foldText } from '../text/fold.ts';
import { renderBody } from '../text/markdown.ts';
import { maskOwnAddress } from '../text/mask.ts';
import type { Comment } from './comment.ts';
import { isVisible } from './comment.ts';
import type { Submission } from './comment-store.ts';
import { editableUntil, editTokenFor, readableUntil } from './edit-token.ts';
import type { CheckedFields, CheckedPage, CommentInput } from './fields.ts';
import { checkFields, checkPage, FieldErrors } from './fields.ts';
import { presentToAuthor, timestamp } from './present.ts';
import type { PublicComment } from './public-comment.ts';

const HOUR = 60 * 60 * 1000;
const DUPLICATE_KEY_LENGTH = 13;

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

/** The answer to a post: the contract's 201 body. */
export interface SubmittedComment {
  comment: PublicComment;
  editToken: string;
  editableUntil: string;
  readableUntil: string;
}

export interface PrepareOptions {
  site: Site;
  input: CommentInput;
  /** Wrong types that the schema found; reported together with what is found here. */
  shapeErrors: FieldError[];
  /** Who sends it; asked only where an admin lets a filter know. */
  sender?: () => Sender;
}

/** Whether comments are taken there at all. Throws `comments-closed`. */
function assertOpen(site: Site): void {
  if (site.policy.closed) throw new AppError('comments-closed');
}

interface Masked {
  fields: CheckedFields;
  page: CheckedPage;
  found: boolean;
}

/** Takes the author's own address out of everything that is shown; where it can't be masked it is refused. */
function maskFields(errors: FieldErrors, fields: CheckedFields, page: CheckedPage): Masked {
  const { email } = fields;
  if (email === null) return { fields, page, found: false };
  let found = false;
  const mask = (text: string): string => {
    const masked = maskOwnAddress(text, email);
    found ||= masked.found;
    return masked.text;
  };
  const refuse = (pointer: string, text: string | null): void => {
    if (text !== null && maskOwnAddress(text, email).found) errors.add(pointer, 'invalid');
  };
  refuse('/author/url', fields.url);
  refuse('/page/url', page.url?.identity ?? null);
  refuse('/page/id', page.id);
  const name = fields.name === null ? null : mask(fields.name);
  const title = page.title === null ? null : mask(page.title);
  return { fields: { ...fields, name, body: mask(fields.body) }, page: { ...page, title }, found };
}

async function checkParent(
  deps: Deps,
  errors: FieldErrors,
  { site, page, parentId }: { site: Site; page: Page; parentId: string | null },
): Promise<Comment | null> {
  if (parentId === null) return null;
  const parent = await deps.comments.find(parentId);
  if (!parent || parent.site !== site.id || parent.pageKey !== page.key || !isVisible(parent)) {
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

/** From when on a comment of the same key stands in the way; null: never. */
export function duplicateSince(site: Site, now: number): number | null {
  const { duplicateHours } = site.policy;
  return duplicateHours > 0 ? now - duplicateHours * HOUR : null;
}

/** Two posts with one key say the same thing, in the same place, by the same author. */
export function duplicateKeyOf(
  deps: Pick<Deps, 'keys'>,
  comment: Pick<Comment, 'site' | 'pageKey' | 'parentId' | 'author'>,
  text: string,
): string {
  const who = comment.author.key ?? foldText(comment.author.name ?? '');
  const mac = deps.keys.mac(
    'duplicate',
    comment.site,
    comment.pageKey,
    comment.parentId ?? '',
    who,
    foldText(text),
  );
  return encodeBytes(mac, DUPLICATE_KEY_LENGTH);
}

interface Draft {
  site: Site;
  page: Page;
  parent: Comment | null;
  masked: Masked;
  /** Null without an address and without a sign-in. */
  key: string | null;
  signedIn: SignedIn | null;
  author: ScreenedAuthor;
  now: number;
  /** As it was sent. */
  input: CommentInput;
  words: Matcher | null;
  learnt: Opinion | null;
  precedent: Precedent | null;
}

function screenDraft(id: string, { site, masked, author, input, words, learnt, precedent }: Draft): Screened {
  const { name, url, email, body } = masked.fields;
  return screen({
    site,
    id,
    body,
    name,
    url,
    email,
    ...author,
    ownAddressShown: masked.found,
    turnedLetters: turnsLetters(input.body) || turnsLetters(input.author?.name),
    trapFilled: input.trapFilled ?? false,
    elapsedMs: input.elapsedMs ?? null,
    words,
    learnt,
    precedent,
    edit: false,
  });
}

function draftComment(deps: Deps, draft: Draft): Comment {
  const { site, page, parent, masked, key, signedIn, now } = draft;
  const { fields } = masked;
  // A reply is younger than its parent even where two machines' clocks disagree: order by id is order of talk.
  const createdAt = parent ? Math.max(now, parent.createdAt + 1) : now;
  const id = deps.ids.next(createdAt) + page.key;
  const screened = screenDraft(id, draft);
  deps.phaseTimes.note(screened.screening);
  return {
    id,
    legacyId: null,
    site: site.id,
    pageKey: page.key,
    parentId: parent?.id ?? null,
    ancestors: parent ? [...parent.ancestors, parent.id] : [],
    author: {
      key,
      name: fields.name,
      url: fields.url,
      email: fields.email === null ? null : sealEmail(fields.email, deps.keys, site.id),
      moderator: false,
      ...(signedIn && { identity: { badge: signedIn.badge } }),
    },
    text: fields.body,
    html: renderBody(fields.body),
    status: screened.status,
    decidedBy: null,
    version: 1,
    revision: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    open: screened.status === 'approved',
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk: screened.risk,
    screening: screened.screening,
  };
}

/**
 * Checks everything about a new comment but what only the store can know. Throws `comments-closed`,
 * `validation-failed`.
 */
export async function prepareComment(deps: Deps, options: PrepareOptions): Promise<PreparedComment> {
  const { input } = options;
  const errors = new FieldErrors(options.shapeErrors);
  const pageNamed = checkPage(errors, options.site, input.page);
  const page = pageNamed && (await pageForPosting(deps, options.site, pageNamed));
  const site = await siteOnPageNow(deps, options.site, page);
  assertOpen(site);
  const signedIn = await signedInReader(deps, errors, site, input);
  const fields = checkFields(errors, { site, offersReplies: offersReplies(deps, site), signedIn }, input);
  if (pageNamed && !page) errors.add('/page/url', 'not-of-site');
  const parentId = typeof input.parentId === 'string' && input.parentId !== '' ? input.parentId : null;
  const parent = page && (await checkParent(deps, errors, { site, page, parentId }));
  const masked = fields && pageNamed && maskFields(errors, fields, pageNamed);
  if (!masked || !page || errors.list.length > 0) throw validationFailed(errors.list);

  const { email, name } = masked.fields;
  const emailKey = email === null ? null : authorKey(email, deps.keys, site.id);
  const key = signedIn?.key ?? emailKey;
  const author = await authorForScreening(deps, site, { key, name });
  const now = deps.clock.now();
  const words = await matcherFor(deps, site.id);
  const { body: text, url } = masked.fields;
  const learnt = await deps.learner.judge(site.id, { text, url });
  const precedent = await deps.precedents.of(site.id, { id: null, text });
  const told = { words, learnt, precedent };
  const comment = draftComment(deps, {
    ...{ site, page, parent, masked, key, signedIn, author, now, input },
    ...told,
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
      page: { ...masked.page, url: masked.page.url?.identity ?? null },
      duplicateKey: duplicateKeyOf(deps, comment, masked.fields.body),
      duplicateSince: duplicateSince(site, now),
    },
  };
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
