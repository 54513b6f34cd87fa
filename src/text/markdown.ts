import MarkdownIt, { type StateBlock, type Token } from 'markdown-it';
import sanitizeHtml from 'sanitize-html';
import { isBlank } from './normalize.ts';

/**
 * `body.html` from `body.text`: the Markdown subset of the contract, part 2, and nothing else. The parser
 * is markdown-it with every rule off that the subset does not name; what it makes goes through
 * sanitize-html as a second wall, so that a fault in one of them is no hole. Rules: docs/text.md.
 */

/** Quotes and lists may stand in each other this deep; a deeper marker is text, so that nothing is lost. */
const MAX_DEPTH = 20;
/** In UTF-16 units: a bare link longer than any URL the contract takes is text. */
const MAX_LINK_LENGTH = 2000;
const REL = 'nofollow ugc noopener noreferrer';
const WEB_LINK = /^https?:\/\/[^/\\\s]/i;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';
const BLOCK_OPENERS = new Set([
  'paragraph_open',
  'blockquote_open',
  'bullet_list_open',
  'ordered_list_open',
  'list_item_open',
]);

/** What one rendering needs to know of the whole text. */
interface RenderEnv {
  isolateLinks?: boolean;
}

/**
 * Whether a list may begin here: a bullet is `-`, a first number `1.`; `*`, `+`, `1)` and any other number
 * begin none. Where it is only asked whether a paragraph ends (`silent`), a line further out than the
 * paragraph may be the next item of the list around it, which has any number.
 */
function mayBeginList(state: StateBlock, line: number, silent: boolean): boolean {
  const at = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  if (state.src[at] === '-' || state.src.startsWith('1.', at)) return true;
  const isFurtherOut = (state.sCount[line] ?? 0) < state.blkIndent;
  return silent && isFurtherOut && /^\d{1,9}\./.test(state.src.slice(at, at + 10));
}

/** markdown-it lets no rule be wrapped by name, so the one rule wanted is asked for while it is alone. */
function narrowRules(md: MarkdownIt): void {
  const { ruler } = md.block;
  ruler.enableOnly('list');
  const [list] = ruler.getRules('');
  ruler.enableOnly('blockquote');
  const [blockquote] = ruler.getRules('');
  md.inline.ruler.enableOnly('emphasis');
  const [emphasis] = md.inline.ruler.getRules('');
  if (!list || !blockquote || !emphasis) throw new Error('markdown-it lacks a rule of the subset');

  ruler.at(
    'list',
    (state, line, end, silent) =>
      state.level < MAX_DEPTH && mayBeginList(state, line, silent) && list(state, line, end, silent),
    { alt: ['paragraph', 'reference', 'blockquote'] },
  );
  ruler.at(
    'blockquote',
    (state, line, end, silent) => state.level < MAX_DEPTH && blockquote(state, line, end, silent),
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
  // The underscore is no emphasis in the subset, and in names like __init__ nobody means one.
  md.inline.ruler.at('emphasis', (state, silent) => state.src[state.pos] !== '_' && emphasis(state, silent));

  ruler.enableOnly(['fence', 'blockquote', 'list', 'paragraph']);
  md.inline.ruler.enableOnly(['text', 'linkify', 'newline', 'backticks', 'emphasis', 'link']);
  md.inline.ruler2.enableOnly(['balance_pairs', 'emphasis', 'fragments_join']);
  md.core.ruler.enableOnly(['normalize', 'block', 'inline', 'text_join']);
}

/** Only http and https, only where the scheme is written, and the address shown as it was written. */
function narrowLinks(md: MarkdownIt): void {
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  for (const schema of ['ftp:', 'mailto:', '//']) md.linkify.add(schema, null);
  // The search for balanced brackets takes quadratic time; what has no end in sight is no address.
  const match = md.linkify.matchAtStart.bind(md.linkify);
  md.linkify.matchAtStart = (text) => {
    const end = text.slice(0, MAX_LINK_LENGTH + 1).search(/\s/);
    if (end < 0 && text.length > MAX_LINK_LENGTH) return null;
    return match(end < 0 ? text : text.slice(0, end));
  };
  // As it is written here, too: made of references or backslashes an address would be hidden from whoever looks through
  // the text for it. Only a bracket that is not to end it may have one.
  const { helpers } = md;
  const parse = helpers.parseLinkDestination.bind(helpers);
  helpers.parseLinkDestination = (text, start, max) => {
    const found = parse(text, start, max);
    const written = text.slice(start, found.pos).replace(/^<(.*)>$/s, '$1');
    return found.ok ? { ...found, str: written.replace(/\\([()])/g, '$1') } : found;
  };
  md.validateLink = (url) => WEB_LINK.test(url);
  // The default decodes escapes for display, which would let %E2%80%AE turn the line round.
  md.normalizeLinkText = (url) => url;
}

/** What is shown of the link that begins there; none stands in another. */
function wordsOfLink(tokens: readonly Token[], open: number): string {
  let words = '';
  for (let at = open + 1; at < tokens.length && tokens[at]?.type !== 'link_close'; at++) {
    words += tokens[at]?.content ?? '';
  }
  return words;
}

/** Attributes of the subset, and a text for links that have none. */
function finishTokens(md: MarkdownIt): void {
  md.core.ruler.push('subset', (state) => {
    for (const token of state.tokens) {
      if (BLOCK_OPENERS.has(token.type)) token.attrs = [['dir', 'auto']];
      token.children?.forEach((child, index, children) => {
        if (child.type !== 'link_open') return;
        const href = child.attrGet('href') ?? '';
        child.attrs = [
          ['href', href],
          ['rel', REL],
        ];
        // A link that nobody can see still counts for search engines: show where it leads.
        if (isBlank(wordsOfLink(children, index))) child.meta = { label: href };
      });
    }
  });
}

function setRenderers(md: MarkdownIt): void {
  const { rules } = md.renderer;
  const { escapeHtml } = md.utils;
  rules.fence = (tokens, index) =>
    `<pre dir="auto"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
  rules.link_open = (tokens, index, options, env: RenderEnv, self) => {
    const meta: { label: string } | null = tokens[index]?.meta ?? null;
    const open = self.renderToken(tokens, index, options) + escapeHtml(meta?.label ?? '');
    return env.isolateLinks ? FIRST_STRONG_ISOLATE + open : open;
  };
  rules.link_close = (_tokens, _index, _options, env: RenderEnv) =>
    env.isolateLinks ? `</a>${POP_ISOLATE}` : '</a>';
}

function createParser(): MarkdownIt {
  const md = new MarkdownIt('default', { html: false, linkify: true, breaks: true, typographer: false });
  narrowRules(md);
  narrowLinks(md);
  finishTokens(md);
  setRenderers(md);
  return md;
}

const DIR_AUTO: sanitizeHtml.AllowedAttribute[] = [{ name: 'dir', multiple: false, values: ['auto'] }];

const SANITIZE: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'em', 'strong', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'],
  allowedAttributes: {
    p: DIR_AUTO,
    pre: DIR_AUTO,
    blockquote: DIR_AUTO,
    ul: DIR_AUTO,
    ol: DIR_AUTO,
    li: DIR_AUTO,
    a: ['href', { name: 'rel', multiple: true, values: REL.split(' ') }],
  },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
};

const parser = createParser();

/** The first wall alone, for the test that it holds by itself. Never shown. */
export function renderUnsanitized(text: string): string {
  const env: RenderEnv = { isolateLinks: RIGHT_TO_LEFT.test(text) };
  return parser.render(text, env);
}

/** The way that every text may go: parsed, rendered, sanitised. */
export function renderParsed(text: string): string {
  const html = sanitizeHtml(renderUnsanitized(text), SANITIZE);
  // The sanitiser writes XHTML's form; in its output every other `<` is escaped.
  return html.replaceAll('<br />', '<br>').replace(/\n+$/, '');
}

/** Anything that the subset, or the parser's care for white space, could make more of than lines of text. */
const SIGNIFICANT = /[`*[\0\r\t]|:\/\/|^(?:[^\S\n]|[>~-]|1\.)|[^\S\n]$/m;

function renderPlain(text: string): string {
  const escaped = /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
  if (!escaped.includes('\n')) return `<p dir="auto">${escaped}</p>`;
  return escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p dir="auto">${paragraph.replaceAll('\n', '<br>\n')}</p>`)
    .join('\n');
}

/**
 * The HTML of a body as stored (see normalizeText). Only the tags and attributes of the contract, part 2;
 * safe to put into a page as it is. A text without any mark-up takes a short way to the same bytes.
 */
export function renderBody(text: string): string {
  if (text === '' || text.startsWith('\n') || text.endsWith('\n') || SIGNIFICANT.test(text)) {
    return renderParsed(text);
  }
  return renderPlain(text);
}
