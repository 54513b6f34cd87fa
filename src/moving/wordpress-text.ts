import { Parser } from 'htmlparser2';
import { renderBody } from '../text/markdown.ts';
import { htmlToText } from './html-text.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What WordPress lets stand in a comment, and that says what it says here. */
const KEPT = new Set(['em', 'strong', 'code', 'blockquote']);
/** Signs that our pages isolate links with in lines from right to left. */
const ISOLATES = /[\u2068\u2069]/g;

/** The HTML of a comment with lines and paragraphs as WordPress keeps them: as lines of the text. */
function withLines(html: string): string {
  let text = '';
  let item = '';
  const numbers: (number | null)[] = [];
  const parser = new Parser({
    onopentag(name, { href = '' }) {
      if (name === 'br') text += '\n';
      if (name === 'ul' || name === 'ol') numbers.push(name === 'ol' ? 0 : null);
      if (name === 'li') {
        const number = numbers.pop() ?? null;
        numbers.push(number === null ? null : number + 1);
        item = number === null ? '- ' : `${number + 1}. `;
        text += item;
      }
      if (name === 'a') text += `<a href="${escaped(href)}">`;
      else if (KEPT.has(name)) text += `<${name}>`;
    },
    ontext(piece) {
      // Ends of lines between and after elements are the mark-up's own.
      text += escaped(piece.replaceAll('\n', '').replace(ISOLATES, ''));
    },
    onclosetag(name) {
      if (name === 'p' || name === 'ul' || name === 'ol') text = `${text.trimEnd()}\n\n`;
      if (name === 'ul' || name === 'ol') numbers.pop();
      if (name === 'li') text = `${text.trimEnd()}\n`;
      if (name === 'blockquote') text = `${text.trimEnd()}</blockquote>\n\n`;
      else if (name === 'a' || KEPT.has(name)) text += `</${name}>`;
    },
  });
  parser.end(html);
  return text.trim();
}

/**
 * A text as WordPress keeps those of comments: HTML in which the end of a line is one. What would not come back as
 * the same text is written as it stands, its marks as signs.
 */
export function textForWordpress(text: string): string {
  if (!/[`*[<>&_\n-]|:\/\/|^\s*\d+\. /.test(text)) return text;
  const html = withLines(renderBody(text));
  return htmlToText(html, 'kept') === text ? html : escaped(text);
}
