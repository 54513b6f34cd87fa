/** The thread and its form. Everything a pointer can hit is at least 24 CSS pixels high (WCAG 2.2, 2.5.8). */
export const THREAD_STYLE = `
.gh-thread { list-style: none; margin: 0; padding: 0; }
.gh-thread > li { margin-block-end: 1.75rem; }
.gh-replies { margin-block-start: 1.5rem; padding-inline-start: clamp(.7rem, 3vw, 1.5rem); border-inline-start: 2px solid var(--line); }
.gh-replies > li { margin-block-end: 1.5rem; }
.gh-replies > li:last-child { margin-block-end: 0; }
.gh-comment header { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; margin-block-end: .3rem; }
.gh-author { font-weight: 650; overflow-wrap: anywhere; }
.gh-author a { color: inherit; }
.gh-badge {
  padding: .05rem .5rem; border-radius: 1rem; background: var(--wash); color: var(--accent);
  font-size: .78rem; font-weight: 600; line-height: 1.6;
}
.gh-date, .gh-edited { color: var(--soft); font-size: .85rem; }
.gh a.gh-date { display: inline-block; min-block-size: 1.5rem; color: var(--soft); text-decoration: none; }
.gh a.gh-date:hover { color: var(--accent); text-decoration: underline; }
.gh-body { overflow-wrap: anywhere; }
.gh-body > * { margin-block: 0 .7rem; }
.gh-body > :last-child { margin-block-end: 0; }
.gh-body ul, .gh-body ol { padding-inline-start: 1.5rem; }
.gh-body blockquote { margin-inline: 0; padding-inline-start: .9rem; border-inline-start: 3px solid var(--line); color: var(--soft); }
.gh-body code { font: .92em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
.gh-body :not(pre) > code { padding: .1em .3em; border-radius: .25rem; background: var(--wash); }
.gh-body pre { overflow-x: auto; padding: .8rem 1rem; border-radius: .5rem; background: var(--wash); overflow-wrap: normal; }
.gh .gh-actions { margin: .3rem 0 0; font-size: .9rem; }
.gh .gh-actions a { display: inline-block; min-block-size: 1.75rem; color: var(--soft); text-decoration: none; }
.gh .gh-actions a:hover { color: var(--accent); text-decoration: underline; }
.gh-removed p { margin: 0; color: var(--soft); font-style: italic; }
.gh-removed:lang(fa) p { font-style: normal; }
.gh-thread li:target > .gh-comment { margin-inline-start: -.8rem; padding-inline-start: .65rem; border-inline-start: 3px solid var(--accent); }
.gh-none, .gh-closed { color: var(--soft); }
.gh-closed { padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
.gh-banner { margin-block-end: 1.75rem; padding: 1rem 1.2rem; border-radius: .6rem; background: var(--wash); border-inline-start: 4px solid var(--accent); }
.gh-banner p, .gh-banner ul { margin: 0; }
.gh-banner ul { padding-inline-start: 1.2rem; margin-block-start: .4rem; }
.gh-banner li a { display: inline-block; min-block-size: 1.75rem; }
.gh-banner.gh-wrong { background: var(--error-wash); border-color: var(--error); }
.gh-wrong li a { color: var(--error); }
.gh-pager { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; margin-block: .5rem 2rem; }
.gh-pager a[rel="next"] { margin-inline-start: auto; }
.gh-pager a, .gh button {
  display: inline-block; padding: .55rem 1.15rem; border-radius: .5rem; border: 1px solid var(--edge);
  font: inherit; font-size: .98rem; line-height: 1.5; text-decoration: none; color: var(--accent);
}
.gh-pager a:hover { border-color: var(--accent); }

.gh-respond { margin-block-start: 2.75rem; padding-block-start: 2rem; border-block-start: 1px solid var(--line); }
.gh-respond h2 { margin-block-end: .5rem; }
.gh-note, .gh-submit span, .gh-hint { color: var(--soft); font-size: .9rem; }
.gh-form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem 1.25rem; }
.gh-form > * { grid-column: 1 / -1; }
.gh .gh-form p { margin: 0; }
.gh-field { display: flex; flex-direction: column; gap: .3rem; }
.gh-field label { font-size: .95rem; font-weight: 600; }
.gh-star { color: var(--error); }
.gh-field input, .gh-field textarea {
  inline-size: 100%; padding: .6rem .8rem; border: 1px solid var(--edge); border-radius: .5rem;
  background: var(--field); color: var(--ink); font: inherit; font-size: 1rem; line-height: 1.6;
}
.gh-field input { min-block-size: 2.85rem; }
.gh-field textarea { min-block-size: 9rem; resize: vertical; field-sizing: content; max-block-size: 70vh; }
.gh-field ::placeholder { color: var(--soft); opacity: 1; }
.gh-field :focus-visible { outline-offset: 0; border-radius: .5rem; }
.gh-field [aria-invalid="true"] { border: 2px solid var(--error); }
.gh-error { color: var(--error); font-size: .92rem; }
.gh-submit { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; }
.gh button { border-color: transparent; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
.gh button:hover { background: var(--accent-strong); }
@media (min-width: 38rem) {
  .gh-form { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .gh-form > .gh-field-author, .gh-form > .gh-field-email { grid-column: auto; }
}
@media (max-width: 30rem) {
  .gh-replies .gh-replies .gh-replies { padding-inline-start: .5rem; border-inline-start-width: 1px; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --accent: #000; --line: #bbb; --wash: #fff; }
  .gh-respond, .gh-actions, .gh-pager, .gh-back, .gh-bar { display: none; }
  .gh-comment { break-inside: avoid; }
}
`;
