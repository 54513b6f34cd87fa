import { domainToASCII } from 'node:url';
import { textForWordpress } from './wordpress-text.ts';

/**
 * What a row of `wp_comments` holds (wp-admin/includes/schema.php): its importer hands over what is longer, the
 * database refuses it, and the comment is not there.
 */
const MOST = { nameBytes: 255, email: 100, url: 200, contentBytes: 65_535 };

export interface CommentColumns {
  name: string;
  email: string;
  url: string;
  content: string;
  /** Something of it found no room. */
  isShort: boolean;
}

export interface Written {
  name: string | null;
  /** '' for none. */
  email: string;
  url: string | null;
  text: string;
}

/** Names stand there as HTML; quotes as they are. */
const nameAsHtml = (name: string): string =>
  name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Its filters turn each sign into one that HTML can hold. */
const urlLength = (url: string): number => url.replaceAll('&', '&amp;').length;

/** WordPress knows no address whose domain is not in ASCII. */
function asciiEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 0 ? email : email.slice(0, at + 1) + domainToASCII(email.slice(at + 1));
}

/** The longest beginning of a text that fits once it is written, with a sign that it went on. */
function cut(text: string, { write, most }: { write: (text: string) => string; most: number }): string {
  const fits = (some: string): boolean => Buffer.byteLength(some) <= most;
  const whole = write(text);
  if (fits(whole)) return whole;
  const points = [...text];
  let [least, beyond] = [0, points.length];
  const beginning = (length: number): string => write(`${points.slice(0, length).join('').trimEnd()}…`);
  while (beyond - least > 1) {
    const middle = Math.floor((least + beyond) / 2);
    if (fits(beginning(middle))) least = middle;
    else beyond = middle;
  }
  return beginning(least);
}

/** A comment as WordPress keeps one, cut to what there is room for. */
export function fitted(written: Written): CommentColumns {
  const name = cut(written.name ?? '', { write: nameAsHtml, most: MOST.nameBytes });
  const content = cut(written.text, { write: textForWordpress, most: MOST.contentBytes });
  const email = asciiEmail(written.email);
  const url = written.url ?? '';
  const isShort =
    name !== nameAsHtml(written.name ?? '') ||
    (content.endsWith('…') && content !== textForWordpress(written.text)) ||
    email.length > MOST.email ||
    urlLength(url) > MOST.url;
  return {
    ...{ name, content, isShort },
    email: email.length > MOST.email ? '' : email,
    url: urlLength(url) > MOST.url ? '' : url,
  };
}
