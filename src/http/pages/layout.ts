import { directionOf } from '../../text/direction.ts';
import type { Part, SafeHtml } from '../../text/html.ts';
import { html } from '../../text/html.ts';
import { stylesheetHref } from './stylesheet.ts';
import type { Words } from './words.ts';

export interface DocumentOptions {
  /** BCP 47; gives the document's language and direction. */
  locale: string;
  title: Part;
  /** Path under which the service is reached, without a trailing slash; '' at the root of its host. */
  base: string;
  /** The address search engines should keep instead of this one. */
  canonical?: string | null;
  /** Where its comments are followed by a feed reader. */
  feed?: string | null;
  /** Keeps the page out of search engines. */
  unlisted?: boolean;
  /** One word that tells the stylesheet what kind of page this is. */
  kind: 'thread' | 'article' | 'notice';
  body: SafeHtml;
}

/** A whole HTML document. Nothing inline, neither script nor style: no content security policy of ours allows it. */
export function htmlDocument(options: DocumentOptions): string {
  const { locale, canonical, feed } = options;
  return html`<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${options.title}</title>
${options.unlisted && html`<meta name="robots" content="noindex">\n`}${
  canonical && html`<link rel="canonical" href="${canonical}">\n`
}${feed && html`<link rel="alternate" type="application/atom+xml" href="${feed}">\n`}<link rel="stylesheet" href="${stylesheetHref(options.base)}">
</head>
<body class="gh gh-${options.kind}">
${options.body}
</body>
</html>
`.toString();
}

/** Marks words that are not in the site's language, so that they are read aloud rightly. */
export function languageMark(locale: string, words: Words): SafeHtml | null {
  return locale.toLowerCase().split('-')[0] === words.language ? null : html` lang="${words.language}"`;
}

/** The path part of the service's public address, without a trailing slash. */
export function basePath(publicUrl: string): string {
  return URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';
}
