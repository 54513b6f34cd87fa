import type { SafeHtml } from '../../text/html.ts';
import { html, say, webHref } from '../../text/html.ts';
import { formSection } from './comment-form.ts';
import { htmlDocument, languageMark } from './layout.ts';
import { threadSection } from './thread-list.ts';
import { feedAddress, type ThreadView, takesForms } from './thread-view.ts';
import { wordsFor } from './words.ts';

function pageHref({ page }: Pick<ThreadView, 'page'>): string | null {
  return page.linked === false ? null : webHref(page.url);
}

/** The page's title, with the way back to it. */
export function threadHeader(view: Pick<ThreadView, 'site' | 'page'>): SafeHtml {
  const words = wordsFor(view.site.locale);
  const title = html`<bdi dir="auto">${view.page.title ?? view.site.name}</bdi>`;
  const href = pageHref(view);
  const back =
    href !== null &&
    html`<p class="gh-back"${languageMark(view.site.locale, words)}><a href="${href}" target="_top">${words.thread.readArticle}</a></p>\n`;
  return html`<header class="gh-head">
<p class="gh-site"><bdi dir="auto">${view.site.name}</bdi></p>
<h1>${href === null ? title : html`<a href="${href}" target="_top">${title}</a>`}</h1>
${back}</header>
`;
}

function threadTitle(view: Pick<ThreadView, 'site' | 'page'>): SafeHtml {
  const words = wordsFor(view.site.locale);
  return say(words.thread.documentTitle, { title: view.page.title ?? view.site.name });
}

/** The whole page of a thread: complete without JavaScript, in the site's language and direction. */
export function threadPage(view: ThreadView, base: string): string {
  return htmlDocument({
    locale: view.site.locale,
    title: threadTitle(view),
    base,
    // The thread belongs to the publisher's page: that is what a search engine should show.
    canonical: pageHref(view),
    feed: feedAddress(base, view),
    kind: 'thread',
    body: html`${threadHeader(view)}<main>
${threadSection(view, { pager: true })}${takesForms(view) && formSection(view)}</main>`,
  });
}
