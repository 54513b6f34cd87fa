import { html, webHref } from '../../text/html.ts';
import { problemWords } from './form-errors.ts';
import { htmlDocument } from './layout.ts';
import { wordsFor } from './words.ts';

export interface ProblemPageOptions {
  /** The problem's code (errors.ts), or `page-unknown`. */
  code: string;
  /** The site's, or what the caller accepts where there is no site. */
  locale: string;
  base: string;
  /** Where the reader came from, if that is a page to go back to. */
  backTo?: string | null;
}

/** A problem as a page for people, where there is no form to show again. */
export function problemPage(options: ProblemPageOptions): string {
  const words = wordsFor(options.locale);
  const { title, text } = problemWords(words, options.code);
  const back = webHref(options.backTo ?? null);
  return htmlDocument({
    locale: words.language,
    title,
    base: options.base,
    unlisted: true,
    kind: 'notice',
    body: html`<main>
<h1>${title}</h1>
<p>${text}</p>
${back !== null && html`<p><a href="${back}" target="_top">${words.problems.back}</a></p>\n`}</main>`,
  });
}
