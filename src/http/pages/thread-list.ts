import type { PublicComment } from '../../comments/public-comment.ts';
import { dateText, timeElement } from '../../text/dates.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html, say, trusted, webHref } from '../../text/html.ts';
import { languageMark } from './layout.ts';
import { type ThreadView, takesForms } from './thread-view.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** A name in a run of other words: isolated, in its own direction. */
export function isolated(text: string): SafeHtml {
  return html`<bdi dir="auto">${text}</bdi>`;
}

export function authorName(comment: PublicComment, words: Words): string {
  return comment.author?.name ?? words.thread.anonymous;
}

function authorLine(comment: PublicComment, words: Words): SafeHtml {
  const name = isolated(authorName(comment, words));
  const href = webHref(comment.author?.url ?? null);
  const linked =
    href === null ? name : html`<a href="${href}" rel="nofollow ugc noopener noreferrer">${name}</a>`;
  const { moderator = false, verified = false, badge = null } = comment.author ?? {};
  return html`<span class="gh-author">${linked}</span>${
    moderator && html` <span class="gh-badge">${words.thread.moderator}</span>`
  }${verified && html` <span class="gh-badge">${isolated(badge ?? words.thread.verified)}</span>`}`;
}

function dateLine(comment: PublicComment, view: ThreadView, words: Words): SafeHtml {
  const label = say(words.thread.permalink, { date: dateText(view.site, comment.createdAt) });
  const link = html`<a class="gh-date" href="#comment-${comment.id}" aria-label="${label}">${timeElement(view.site, comment.createdAt)}</a>`;
  return comment.editedAt === null
    ? link
    : html`${link} <span class="gh-edited">${words.thread.edited}</span>`;
}

function replyLine(comment: PublicComment, view: ThreadView, words: Words): SafeHtml | null {
  if (!takesForms(view) || comment.depth >= view.site.policy.maxDepth) return null;
  const href = `${view.links.view({ replyTo: comment.id })}#respond`;
  const label = say(words.thread.replyTo, { name: authorName(comment, words) });
  return html`<p class="gh-actions"><a href="${href}" rel="nofollow" aria-label="${label}">${words.thread.reply}</a></p>`;
}

/** Long lines of code are scrolled by keyboard, too. What a comment says has no `<` of its own. */
const scrollable = (body: string): string => body.replaceAll('<pre ', '<pre tabindex="0" ');

function commentArticle(comment: PublicComment, view: ThreadView, words: Words): SafeHtml {
  if (comment.deleted || comment.body === null) {
    return html`<article class="gh-comment gh-removed"><p>${words.thread.removed}</p></article>`;
  }
  return html`<article class="gh-comment">
<header>${authorLine(comment, words)} ${dateLine(comment, view, words)}</header>
<div class="gh-body">${trusted(scrollable(comment.body.html))}</div>
${replyLine(comment, view, words)}</article>`;
}

function moreReplies(comment: PublicComment, view: ThreadView, words: Words): SafeHtml | null {
  if (comment.repliesCursor === undefined) return null;
  const href = `${view.links.view({ under: comment.id, cursor: comment.repliesCursor })}#comments`;
  return html`<p class="gh-more"><a href="${href}">${words.thread.moreReplies}</a></p>`;
}

/** Where links of WordPress's and Disqus's pages lead, which name a comment by its number there. */
function formerPlace({ legacyId }: PublicComment): SafeHtml | null {
  const number = /^(?:wp|disqus)-(\d+)$/.exec(legacyId ?? '')?.[1];
  return number === undefined ? null : html`<span class="gh-former" id="comment-${number}"></span>\n`;
}

function commentItem(comment: PublicComment, view: ThreadView, words: Words): SafeHtml {
  const replies = comment.replies ?? [];
  return html`<li id="comment-${comment.id}">
${formerPlace(comment)}${commentArticle(comment, view, words)}
${replies.length > 0 && html`<ol class="gh-thread gh-replies">\n${replies.map((reply) => commentItem(reply, view, words))}</ol>\n`}${moreReplies(comment, view, words)}</li>
`;
}

function pager(view: ThreadView, words: Words): SafeHtml | null {
  const { nextCursor, prevCursor } = view.listing;
  if (nextCursor === null && prevCursor === null) return null;
  const link = (cursor: string | null, rel: string, label: string) => {
    if (cursor === null) return null;
    const under: Record<string, string> = view.under ? { under: view.under.id } : {};
    return html`<a rel="${rel}" href="${view.links.view({ ...under, cursor })}#comments">${label}</a>\n`;
  };
  return html`<nav class="gh-pager" aria-label="${words.thread.pager}">
${link(prevCursor, 'prev', words.thread.previous)}${link(nextCursor, 'next', words.thread.next)}</nav>
`;
}

function heading(view: ThreadView, words: Words): SafeHtml {
  if (view.under) return say(words.thread.replies, { name: isolated(authorName(view.under, words)) });
  const { total } = view.listing;
  return total === 0 ? html`${words.thread.heading}` : words.count(words.thread.count, total);
}

/** The words that tell a reader that their own comment arrived. It carries the anchor the reader is sent to. */
function waitingNotice(id: string, words: Words): SafeHtml {
  return html`<div class="gh-banner" id="comment-${id}" role="status">
<p><strong>${words.thread.waitingTitle}</strong></p>
<p>${words.thread.waiting}</p>
</div>
`;
}

/** The comments, their number and the way to further ones, as a section with the id `comments`. */
export function threadSection(view: ThreadView, options: { pager: boolean }): SafeHtml {
  const words = wordsFor(view.site.locale);
  const { comments } = view.listing;
  const list =
    comments.length > 0
      ? html`<ol class="gh-thread">\n${comments.map((comment) => commentItem(comment, view, words))}</ol>\n`
      : view.waiting === null && html`<p class="gh-none">${words.thread.none}</p>\n`;
  return html`<section id="comments" class="gh-comments" aria-labelledby="comments-heading">
<h2 id="comments-heading"${languageMark(view.site.locale, words)}>${heading(view, words)}</h2>
${list}${options.pager && pager(view, words)}${view.waiting !== null && waitingNotice(view.waiting, words)}${
  !takesForms(view) &&
  html`<p class="gh-closed">${view.closed ? words.thread.closed : words.thread.signIn}</p>\n`
}</section>
`;
}
