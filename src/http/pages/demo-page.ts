import en from '../../../config/demo/en.json';
import fa from '../../../config/demo/fa.json';
import type { DemoPage } from '../../sites/demo.ts';
import { DEMO_PAGES } from '../../sites/demo.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html } from '../../text/html.ts';
import { formSection } from './comment-form.ts';
import { htmlDocument } from './layout.ts';
import { threadSection } from './thread-list.ts';
import { feedAddress, type ThreadView, takesForms } from './thread-view.ts';
import { wordsFor } from './words.ts';

/** A paragraph, a heading or a quotation set apart. */
type Block = { p: string } | { h: string } | { q: string };

interface Article {
  section: string;
  standfirst: string;
  byline: string;
  minutes: number;
  blocks: Block[];
}

const ARTICLES: Record<DemoPage['language'], Article> = {
  en: en as Article,
  fa: fa as Article,
};

function blockHtml(block: Block): SafeHtml {
  if ('p' in block) return html`<p>${block.p}</p>\n`;
  if ('h' in block) return html`<h2>${block.h}</h2>\n`;
  return html`<blockquote><p>${block.q}</p></blockquote>\n`;
}

/**
 * The widget as a publisher embeds it, with the thread and form as the server draws them inside: they are what
 * stands there until the widget does, and where there is no JavaScript. Who came by that form stays with it.
 */
function comments(view: ThreadView, base: string): SafeHtml {
  const drawn = html`${threadSection(view, { pager: true })}${takesForms(view) && formSection(view)}`;
  if (view.waiting ?? view.replyTo ?? view.under) return drawn;
  const { site, page } = view;
  return html`<gatehouse-comments site="${site.id}" page="${page.url}" page-id="${page.id}" locale="${site.locale}">
${drawn}</gatehouse-comments>
<script src="${base}/embed.js" async></script>
`;
}

/** The article with its thread and form in it, as a publisher's server would write it. */
export function demoPage(demo: DemoPage, view: ThreadView, base: string): string {
  const words = wordsFor(demo.site.locale);
  const article = ARTICLES[demo.language];
  const others = DEMO_PAGES.filter((other) => other !== demo);
  const links = others.map(
    (other) =>
      html`<a href="${base}${other.path}" lang="${other.language}" hreflang="${other.language}">${words.demo.otherLanguage}</a>`,
  );
  return htmlDocument({
    locale: demo.site.locale,
    title: html`${demo.title} · ${demo.site.name}`,
    base,
    feed: feedAddress(base, view),
    kind: 'article',
    body: html`<header class="gh-bar">
<p class="gh-brand">${demo.site.name}</p>
<p>${links}</p>
</header>
<main>
<article>
<header class="gh-head">
<p class="gh-site">${article.section}</p>
<h1>${demo.title}</h1>
<p class="gh-standfirst">${article.standfirst}</p>
<p class="gh-byline">${article.byline} · ${words.count(words.demo.minutes, article.minutes)} · <a href="${base}${demo.shortPath}">${words.demo.shortLink}</a></p>
</header>
${article.blocks.map(blockHtml)}</article>
<p class="gh-about">${words.demo.about}</p>
${comments(view, base)}</main>`,
  });
}
