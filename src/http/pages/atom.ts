import type { PublicComment } from '../../comments/public-comment.ts';
import type { Site } from '../../sites/site.ts';
import { html, type SafeHtml, say, webHref } from '../../text/html.ts';
import { authorName } from './thread-list.ts';
import { type Words, wordsFor } from './words.ts';

export interface FeedParts {
  site: Site;
  /** Null: the whole site. One that no comment has named has neither address nor id, but the key it will have. */
  page: { key: string; url: string | null; id: string | null; title: string | null } | null;
  comments: PublicComment[];
  publicUrl: string;
}

/** What XML 1.0 can't carry, not even escaped, and other controls. Texts are stored without most of it already. */
const NOT_XML = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu;
const clean = (text: string): string => text.replace(NOT_XML, '');

const addressOf = ({ publicUrl }: FeedParts, id: string): string => `${publicUrl}/v1/comments/${id}`;

const feedOf = ({ site, publicUrl }: FeedParts): string => `${publicUrl}/v1/sites/${site.id}/feed.atom`;

/**
 * By the page's own names, never by what the caller called it: that may be anything, an address of e-mail too. Null
 * where it has none yet: a reader of feeds that was told the site's own would follow all of the site.
 */
function selfOf(parts: FeedParts): string | null {
  const { page } = parts;
  if (!page) return feedOf(parts);
  if (page.url !== null) return `${feedOf(parts)}?page=${encodeURIComponent(page.url)}`;
  return page.id === null ? null : `${feedOf(parts)}?pageId=${encodeURIComponent(page.id)}`;
}

function author(comment: PublicComment, words: Words): SafeHtml {
  const href = webHref(comment.author?.url ?? null);
  const uri = href && html`<uri>${clean(href)}</uri>`;
  return html`<author><name>${clean(authorName(comment, words))}</name>${uri}</author>`;
}

/** Where a reader of the feed gets to: the comment in its page, else as this service gives it. */
const linkOf = (parts: FeedParts, comment: PublicComment): string =>
  webHref(comment.url) ?? addressOf(parts, comment.id);

function entry(parts: FeedParts, comment: PublicComment, words: Words): SafeHtml {
  const { id, parentId, createdAt, editedAt, body, page } = comment;
  const title = page.title === null ? '' : ` · ${page.title}`;
  const answered = parentId && html`<thr:in-reply-to ref="${addressOf(parts, parentId)}"/>`;
  return html`
<entry><id>${addressOf(parts, id)}</id><title>${clean(authorName(comment, words) + title)}</title>
<link rel="alternate" type="text/html" href="${linkOf(parts, comment)}"/>${answered}
<published>${createdAt}</published><updated>${editedAt ?? createdAt}</updated>
${author(comment, words)}<content type="html">${clean(body?.html ?? '')}</content></entry>`;
}

/** A feed as Atom has it (RFC 4287), with what answers what (RFC 4685). The same state gives the same bytes. */
export function atomFeed(parts: FeedParts): string {
  const { site, page, comments } = parts;
  const words = wordsFor(site.locale);
  const moments = comments.map(({ createdAt, editedAt }) => editedAt ?? createdAt).sort();
  const title = page
    ? say(words.thread.documentTitle, { title: clean(page.title ?? words.thread.untitled) })
    : clean(site.name);
  const home = webHref(page?.url ?? null);
  const self = selfOf(parts);
  const xml = html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="${site.locale}">
<id>${self ?? `${feedOf(parts)}#${page?.key}`}</id><title>${title}</title><updated>${moments.at(-1) ?? new Date(site.createdAt).toISOString()}</updated>${
    self &&
    html`
<link rel="self" type="application/atom+xml" href="${self}"/>`
  }${
    home &&
    html`
<link rel="alternate" type="text/html" href="${home}"/>`
  }
${comments.map((comment) => entry(parts, comment, words))}
</feed>
`;
  return xml.toString();
}
