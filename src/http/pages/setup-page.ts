import { html } from './html.ts';
import { htmlDocument } from './layout.ts';
import { wordsFor } from './words.ts';

export interface SetupPageOptions {
  /** The new admin token, shown this once. */
  token: string;
  /** What the caller accepts. */
  locale: string;
  base: string;
}

/** The page that hands the first admin token over. */
export function setupPage({ token, locale, base }: SetupPageOptions): string {
  const words = wordsFor(locale);
  const { title, text, label, use, once } = words.setup;
  return htmlDocument({
    locale: words.language,
    title,
    base,
    unlisted: true,
    kind: 'notice',
    body: html`<main>
<h1>${title}</h1>
<p>${text}</p>
<p><strong id="token-label">${label}</strong>
<code class="gh-token" dir="ltr" aria-labelledby="token-label">${token}</code></p>
<p>${use}
<code class="gh-token" dir="ltr">Authorization: Bearer ${token}</code></p>
<p>${once}</p>
</main>`,
  });
}
