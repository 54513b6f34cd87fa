import type { EmailAddress } from '../../authors/email.ts';
import { parseEmail, revealEmail } from '../../authors/email.ts';
import { isVisible } from '../../comments/comment.ts';
import type { CommentInput } from '../../comments/fields.ts';
import { prepareComment } from '../../comments/prepare.ts';
import { presentComment } from '../../comments/present.ts';
import type { PublicComment } from '../../comments/public-comment.ts';
import { storeComment } from '../../comments/submit.ts';
import { AppError } from '../../errors.ts';
import { sharedOn } from '../../filters/of-site.ts';
import { COMMENT_ID_LENGTH, isIdOf } from '../../ids.ts';
import { offersReplies } from '../../mail/wishes.ts';
import { findPage, pageUrlOf, presentPage } from '../../sites/pages.ts';
import { trapFieldOf } from '../../sites/policy.ts';
import type { Page, Site } from '../../sites/site.ts';
import { isBlank } from '../../text/normalize.ts';
import { openFromForm } from '../pages/carried-email.ts';
import { formErrorPage } from '../pages/form-errors.ts';
import { destinationOf, isOnOwnHost } from '../pages/form-place.ts';
import { elapsedSince } from '../pages/form-time.ts';
import { basePath } from '../pages/layout.ts';
import { threadSecurity } from '../pages/page-headers.ts';
import { threadLinks } from '../pages/thread-view.ts';
import type { TypedForm } from '../pages/typed-form.ts';
import { readForm } from '../pages/typed-form.ts';
import type { Reply } from '../reply.ts';
import { redirect } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { siteOf } from '../route.ts';
import { commentForm } from '../schemas/form.ts';
import { carrierOf, isHttps, pageReply, problemPageReply } from './page-replies.ts';

/** The address as it counts: what was typed, else what an earlier answer of ours carried. */
function givenEmail(app: App, site: Site, typed: TypedForm): EmailAddress | null {
  return isBlank(typed.email)
    ? openFromForm(carrierOf(app, site), typed.email_sealed)
    : parseEmail(typed.email);
}

/** The page a form was sent from, where that is one of the site's and not one of ours. */
function refererOf(context: Context, app: App, site: Site): string | null {
  const { referer } = context.headers;
  if (typeof referer !== 'string' || !isOnOwnHost(site, referer)) return null;
  return referer.startsWith(`${app.config.publicUrl}/v1/`) ? null : referer;
}

interface NamedPage {
  url: string | null;
  id: string | null;
  /** The page where it is known already. */
  known: Page | null;
}

const POST_NUMBER = /^0*([1-9]\d{0,15})$/;

/** `page`, else a post's number that is known, else the Referer. The number names the page in each case. */
async function namedPage(context: Context, app: App, site: Site, typed: TypedForm): Promise<NamedPage> {
  const post = POST_NUMBER.exec(typed.comment_post_ID.trim())?.[1];
  const id = post === undefined ? typed.page_id || null : `wp-${post}`;
  const known = id === null ? null : await findPage(app.deps, site, { url: null, id });
  if (!isBlank(typed.page)) return { url: typed.page, id, known };
  if (known) return { url: null, id, known };
  const url = refererOf(context, app, site);
  // An unknown number alone says nothing of where the comment will be read.
  return { url, id: url === null && post !== undefined ? null : id, known: null };
}

/** The parent's id. A legacy id that nobody has stays as it is, and is refused as a parent that is not there. */
async function parentOf(app: App, site: Site, typed: TypedForm): Promise<string | null> {
  const given = typed.comment_parent.trim();
  if (given === '' || /^0+$/.test(given)) return null;
  if (isIdOf(COMMENT_ID_LENGTH, given) || !/^\d+$/.test(given)) return given;
  const legacyId = `wp-${given.replace(/^0+/, '')}`;
  return (await app.deps.comments.findByLegacyId(site.id, legacyId))?.id ?? legacyId;
}

async function inputOf(app: App, site: Site, typed: TypedForm, page: NamedPage): Promise<CommentInput> {
  const email = givenEmail(app, site, typed);
  return {
    page: { url: page.url, id: page.id, title: typed.page_title },
    parentId: await parentOf(app, site, typed),
    author: { name: typed.author, email: email ? revealEmail(email) : typed.email, url: typed.url },
    body: typed.comment,
    subscribe: typed.subscribe === 'replies' ? 'replies' : null,
    trapFilled: !isBlank(typed.trap),
    elapsedMs: elapsedSince(carrierOf(app, site), typed.form_shown),
  };
}

async function takeForm(context: Context, app: App): Promise<Reply> {
  const site = siteOf(context);
  const typed = readForm(context.body as Buffer, trapFieldOf(site.policy));
  const page = await namedPage(context, app, site, typed);
  const prepared = await prepareComment(app.deps, {
    site,
    input: await inputOf(app, site, typed, page),
    shapeErrors: [],
    sender: context.sender,
  });
  const { key } = prepared.submission.comment.author;
  if (key !== null) await context.countAuthor(key);
  const sent = await storeComment(app.deps, prepared)
    .then(({ comment }) => ({ id: comment.id, held: comment.status !== 'approved' }))
    .catch((error: unknown) => firstOf(app, error));
  const shown = presentPage(site, prepared.page);
  const thread = threadLinks(app.config.publicUrl, site.id, { ...shown, linked: true });
  const location = destinationOf({
    site,
    candidates: [page.url, shown.url],
    fallback: thread.view({}),
    commentId: sent.id,
    held: sent.held,
    email: givenEmail(app, site, typed),
  });
  return redirect(303, location);
}

/** A comment sent twice leads to the first. */
async function firstOf(app: App, error: unknown): Promise<{ id: string; held: boolean }> {
  const id =
    error instanceof AppError && error.code === 'duplicate-comment' ? error.extra?.commentId : undefined;
  if (typeof id !== 'string') throw error;
  const first = await app.deps.comments.find(id);
  return { id, held: first?.status !== 'approved' };
}

/** Whom the form answers, where readers see that comment. */
async function answeredBy(app: App, site: Site, typed: TypedForm): Promise<PublicComment | null> {
  const id = await parentOf(app, site, typed);
  const comment = id === null ? null : await app.deps.comments.find(id);
  if (!comment || comment.site !== site.id || !isVisible(comment)) return null;
  return presentComment(comment, { site, page: null, publicUrl: app.deps.publicUrl });
}

/** The form again with what was typed in it; a plain page where nothing of it could be read. */
async function showProblem(error: AppError, context: Context, app: App): Promise<Reply> {
  const { site, body } = context;
  const referer = site && refererOf(context, app, site);
  if (!site || !Buffer.isBuffer(body) || error.code === 'malformed-json') {
    return problemPageReply(error, context, app, { backTo: referer });
  }
  const typed = readForm(body, trapFieldOf(site.policy));
  const page = isBlank(typed.page) ? (referer ?? '') : typed.page;
  const markup = formErrorPage({
    ...carrierOf(app, site),
    base: basePath(app.config.publicUrl),
    siteOf: site,
    offersReplies: offersReplies(app.deps, site),
    shares: await sharedOn(app.deps, site.id),
    pageLinked: pageUrlOf(site, page) !== null,
    // Where the store is away there is nobody to ask.
    replyTo: error.status < 500 ? await answeredBy(app, site, typed) : null,
    error,
    typed: { ...typed, page },
    email: givenEmail(app, site, typed),
  });
  return pageReply({
    status: error.status,
    markup,
    language: site.locale,
    security: threadSecurity(site, isHttps(app)),
    headers: Object.entries(error.headers ?? {}).flat(),
  });
}

export const sendForm: Operation = {
  name: 'sendForm',
  summary: "A comment from an HTML form, with WordPress's field names.",
  patience: 'filters',
  body: commentForm,
  answers: { 303: 'To the page, at the comment; with `unapproved` before it where the comment waits' },
  problems: ['comments-closed', 'author-banned'],
  nullOrigin: true,
  handle: takeForm,
  presentProblem: showProblem,
};
