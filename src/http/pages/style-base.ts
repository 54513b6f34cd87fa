/**
 * Colours, letters and the page's frame. Logical properties throughout: one sheet serves both directions.
 * Contrast of text on its ground is at least 4.5 : 1, of field borders 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export const BASE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7;
  --field: #ffffff;
  --ink: #1f1d1a;
  --soft: #68635a;
  --line: #e3dfd6;
  --edge: #8f887b;
  --accent: #17594f;
  --accent-strong: #0f443c;
  --on-accent: #ffffff;
  --wash: #edf3ef;
  --error: #a2281c;
  --error-wash: #fbefec;
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --display: "Iowan Old Style", Charter, "Palatino Linotype", Georgia, "Noto Serif", "Liberation Serif", serif;
  --lead: 1.65;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #181715;
    --field: #211f1c;
    --ink: #ece8e0;
    --soft: #a9a297;
    --line: #35322d;
    --edge: #7d766a;
    --accent: #86c9b8;
    --accent-strong: #a5dccd;
    --on-accent: #10221e;
    --wash: #1e2926;
    --error: #f2a094;
    --error-wash: #321f1c;
  }
}
:root:lang(fa), :root:lang(ar), :root:lang(ur), :root:lang(ckb) {
  --text: Vazirmatn, Vazir, "Segoe UI", "Geeza Pro", "Noto Sans Arabic", "Noto Naskh Arabic", Tahoma, system-ui, sans-serif;
  --display: var(--text);
  --lead: 1.95;
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-block-start: 1rem; }
body.gh {
  margin: 0;
  padding-block: clamp(1.25rem, 5vw, 3.5rem);
  background: var(--paper);
  color: var(--ink);
  font-family: var(--text);
  font-size: 1.0625rem;
  line-height: var(--lead);
  overflow-wrap: break-word;
}
.gh > * { max-inline-size: 44rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
.gh h1, .gh h2, .gh h3 { font-family: var(--display); line-height: 1.25; text-wrap: balance; }
.gh:lang(fa) h1, .gh:lang(fa) h2, .gh:lang(fa) h3 { line-height: 1.5; }
.gh h1 { margin: 0; font-size: clamp(1.6rem, 1.25rem + 1.8vw, 2.35rem); font-weight: 700; }
.gh h2 { margin: 0 0 1rem; font-size: 1.35rem; font-weight: 700; }
.gh p { margin: 0 0 1rem; }
.gh a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .22em; }
.gh a:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
.gh :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.gh-head { margin-block-end: 2.5rem; }
.gh-head h1 a { color: inherit; text-decoration: none; }
.gh-head h1 a:hover { text-decoration: underline; text-decoration-thickness: 2px; }
.gh-site, .gh-back { color: var(--soft); font-size: .9rem; }
.gh .gh-site { margin-block-end: .35rem; }
.gh .gh-back { margin-block: .6rem 0; }
.gh-back a, .gh-more a, .gh-cancel { display: inline-block; min-block-size: 1.75rem; }

.gh-article article { font-size: 1.125rem; }
.gh-article:not(:lang(fa)) article { font-family: var(--display); }
.gh-article article p { margin-block-end: 1.15em; }
.gh-article article h2 { margin-block: 1.8em .6em; }
.gh-article .gh-standfirst { color: var(--soft); font-size: 1.2rem; line-height: 1.55; margin-block: .9rem 0; }
.gh-article:lang(fa) .gh-standfirst { line-height: 1.85; }
.gh-article blockquote {
  margin: 1.8em 0; padding-inline-start: 1.25rem;
  border-inline-start: 3px solid var(--accent); font-size: 1.2rem;
}
.gh-article blockquote p { margin: 0; }
.gh-byline { color: var(--soft); font-size: .9rem; margin-block-start: 1rem; }
.gh-bar {
  display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; justify-content: space-between; align-items: baseline;
  margin-block-end: 2.25rem; color: var(--soft); font-size: .9rem;
}
.gh-bar p { margin: 0; }
.gh-bar a { display: inline-block; min-block-size: 1.75rem; }
.gh-brand { color: var(--ink); font-weight: 700; }
.gh-about { color: var(--soft); font-size: .95rem; }
.gh-article main > .gh-comments { margin-block-start: 3.5rem; padding-block-start: 2rem; border-block-start: 1px solid var(--line); }

.gh-notice main { padding-block-start: 8vh; }
.gh-token {
  display: block; margin-block: .35rem 1.25rem; padding: .85rem 1rem; border: 1px solid var(--edge); border-radius: .5rem;
  background: var(--field); font: 1rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
  overflow-wrap: anywhere; user-select: all;
}
`;
