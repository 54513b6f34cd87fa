import { Parser } from 'htmlparser2';
import { bareAddress, type Mark, marking, settleSigns, withoutSigns } from './markdown-signs.ts';

/** How line breaks in the text of the old system are meant: as such (WordPress), or as any space (HTML). */
export type Newlines = 'kept' | 'space';

const SILENT = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'title', 'head']);
const BLOCKS = new Set(['p', 'div', 'section', 'article', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'tr']);
const MARKS: Record<string, Mark> = {
  em: '*',
  i: '*',
  cite: '*',
  strong: '**',
  b: '**',
  code: '`',
  tt: '`',
  kbd: '`',
  samp: '`',
};
const isCode = (name: string): boolean => name === 'pre' || MARKS[name] === '`';
/** Elements inside each other, no deeper: what is deeper is text alone. */
const MOST_DEPTH = 50;
/**
 * Characters of a text that is still made fit: past several times what an import keeps of one it stays as it is, and
 * is refused for its length. Quotes in quotes would be written longer at each level.
 */
const MOST_TEXT = 400_000;
const WEB = /^https?:\/\/[^\s/]/i;
/** Brackets in pairs, none in another: they are no end of an address. */
const IN_PAIRS = /^(?:[^()]|\([^()]*\))*$/;

interface Level {
  name: string;
  /** What is written so far inside of it. */
  text: string;
  href: string | null;
  /** Of an ordered list, the number of the last item; null in others. */
  count: number | null;
}

const level = (name: string, href: string | null = null): Level => ({
  name,
  text: '',
  href,
  count: name === 'ol' ? 0 : null,
});

/** A run of spaces is looked at from its beginning alone: a long one takes quadratic time otherwise. */
const tidy = (text: string): string =>
  text
    .replace(/(?<![ \t])[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
const indented = (text: string, first: string, rest: string): string =>
  text
    .split('\n')
    .map((line, i) => (i === 0 ? first : line === '' && rest.trim() === '' ? '' : rest) + line)
    .join('\n');
const fenced = (text: string): string => {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `\n\n${fence}\n${text.replace(/^\n|\n$/g, '')}\n${fence}\n\n`;
};

/** Marks hug the words: white space stands outside of them, and nothing is marked as nothing. */
function marked(text: string, mark: Mark): string {
  const inner = text.trim();
  // Lines of code are a block of it: as text their signs would be marks.
  if (mark === '`' && inner.includes('\n')) return fenced(text);
  if (inner === '' || inner.includes('\n\n') || (mark === '`' && inner.includes('`'))) return text;
  const before = text.slice(0, text.length - text.trimStart().length);
  const after = text.slice(text.trimEnd().length);
  return `${before}${marking(inner, mark)}${after}`;
}

const escapedSign = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

/** The address with what would end it in Markdown as browsers read it. Null where it leads to no page of the web. */
function addressOf(href: string | null): string | null {
  const plain = href?.replace(/[\t\n\r]/g, '') ?? '';
  if (!WEB.test(plain)) return null;
  const written = plain.replace(/[ <>[\]]/g, escapedSign);
  return IN_PAIRS.test(written) ? written : written.replace(/[()]/g, escapedSign);
}

function linked(text: string, given: string | null): string {
  const href = addressOf(given);
  if (href === null) return text;
  const label = text.trim().replace(/(?<!\n)\n(?!\n)/g, ' ');
  const words = withoutSigns(label);
  // A label that is an address itself says no more.
  if (words === '' || (WEB.test(words) && !/\s/.test(words))) return bareAddress(href);
  // One that would end the link stands beside it.
  if (/[[\]\n]/.test(label)) return `${text} ${bareAddress(href)}`;
  return `[${label}](${href})`;
}

/**
 * The text of a comment that another system kept as HTML, in the Markdown subset that comments have here.
 * What the subset does not have is left out and its words are kept; nothing of it is ever shown as HTML.
 */
export function htmlToText(given: string, newlines: Newlines): string {
  const html = given.trim();
  if (html.length > MOST_TEXT) return html;
  if (!/[<&]/.test(html)) return newlines === 'kept' ? html : tidy(html.replace(/\s+/g, ' '));
  const levels: Level[] = [level('')];
  let silent = 0;
  /** Elements of code, in which marks and links are signs. */
  let code = 0;
  let pre = 0;
  /** The end of a line in the mark-up behind a `<br>` is the same one. */
  let isBroken = false;
  const top = (): Level => levels.at(-1) as Level;
  const write = (text: string): void => {
    top().text += text;
  };

  function finish({ name, text, href }: Level): void {
    if (text.length > MOST_TEXT) write(text);
    else if (name === 'pre') write(fenced(text));
    else if (name === 'blockquote') write(`\n\n${indented(tidy(text), '> ', '> ')}\n\n`);
    else if (name === 'ul' || name === 'ol') write(`\n\n${text.trim()}\n\n`);
    else if (name === 'li') writeItem(text);
    else if (name === 'a') write(code > 0 ? text : linked(text, href));
    else if (BLOCKS.has(name)) write(`\n\n${text.trim()}\n\n`);
    else if (code === 0 && MARKS[name]) write(marked(text, MARKS[name]));
    else write(text);
  }

  function writeItem(text: string): void {
    const list = top();
    if (list.count !== null) list.count += 1;
    const bullet = list.count === null ? '- ' : `${list.count}. `;
    write(`${indented(tidy(text), bullet, ' '.repeat(bullet.length))}\n`);
  }

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (SILENT.has(name)) silent += 1;
        if (name === 'br') write('\n');
        isBroken = name === 'br';
        if (name === 'hr') write('\n\n');
        if (name === 'img' && attributes.alt) write(withoutSigns(attributes.alt));
        if (name === 'pre') pre += 1;
        if (isCode(name)) code += 1;
        if (levels.length <= MOST_DEPTH)
          levels.push(level(name, withoutSigns(attributes.href?.trim() ?? '') || null));
      },
      ontext(given) {
        if (silent > 0) return;
        const text = withoutSigns(isBroken && pre === 0 ? given.replace(/^[ \t]*\n/, '') : given);
        isBroken = false;
        write(newlines === 'kept' || pre > 0 ? text : text.replace(/\s+/g, ' '));
      },
      onclosetag(name) {
        if (SILENT.has(name)) silent = Math.max(0, silent - 1);
        if (name === 'pre') pre = Math.max(0, pre - 1);
        if (isCode(name)) code = Math.max(0, code - 1);
        if (levels.length > 1 && top().name === name) finish(levels.pop() as Level);
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.end(html);
  while (levels.length > 1) finish(levels.pop() as Level);
  return settleSigns(tidy(top().text));
}

/** A line in which signs stand as HTML writes them, such as a name of WordPress's: no element of it is one. */
export function lineFromHtml(html: string): string {
  if (!html.includes('&')) return html;
  let line = '';
  const parser = new Parser({
    ontext(text) {
      line += text;
    },
  });
  parser.end(html.replaceAll('<', '&lt;'));
  return line;
}
