import { Parser } from 'htmlparser2';

interface Element {
  name: string;
  attributes: Record<string, string>;
}

/** Every element of a document or fragment in order, and all its text. */
export function readHtml(html: string): { elements: Element[]; text: string } {
  const elements: Element[] = [];
  let text = '';
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        elements.push({ name, attributes });
      },
      ontext: (data) => {
        text += data;
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  return { elements, text };
}

const BODY_ELEMENTS = ['p', 'br', 'em', 'strong', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'];
const BLOCKS = ['p', 'pre', 'blockquote', 'ul', 'ol', 'li'];

function faultOfBodyElement({ name, attributes }: Element): string | null {
  if (!BODY_ELEMENTS.includes(name)) return `<${name}>`;
  for (const [attribute, value] of Object.entries(attributes)) {
    const isDirection = attribute === 'dir' && value === 'auto' && BLOCKS.includes(name);
    const isLink = name === 'a' && attribute === 'href' && /^https?:\/\//i.test(value);
    const isRel = name === 'a' && attribute === 'rel' && value === 'nofollow ugc noopener noreferrer';
    if (!isDirection && !isLink && !isRel) return `<${name} ${attribute}="${value}">`;
  }
  if (name === 'a' && attributes.rel === undefined) return '<a> without rel';
  return ['p', 'pre', 'blockquote', 'ul', 'ol'].includes(name) && attributes.dir !== 'auto'
    ? `<${name}> without dir`
    : null;
}

/** What stands in a comment's `body.html` that the contract does not allow there. */
export function faultsOfBody(html: string): string[] {
  return readHtml(html)
    .elements.map(faultOfBodyElement)
    .filter((fault) => fault !== null);
}

const NEVER = [
  'script',
  'iframe',
  'object',
  'embed',
  'base',
  'svg',
  'math',
  'img',
  'video',
  'audio',
  'style',
  'template',
];
const ADDRESSES = ['href', 'src', 'action', 'formaction', 'poster', 'data', 'xlink:href'];

/** What in a page could run, load or lead where a comment must not lead. */
export function faultsOfPage(html: string): string[] {
  return readHtml(html).elements.flatMap(({ name, attributes }) => {
    const faults = NEVER.includes(name) ? [`<${name}>`] : [];
    for (const [attribute, value] of Object.entries(attributes)) {
      if (/^on/.test(attribute) || attribute === 'style' || attribute === 'srcdoc')
        faults.push(`<${name} ${attribute}>`);
      const scheme = /^[\s\p{Cc}]*([a-z][a-z0-9+.-]*):/iu.exec(value)?.[1]?.toLowerCase();
      const isLed =
        ADDRESSES.includes(attribute) && scheme !== undefined && scheme !== 'http' && scheme !== 'https';
      if (isLed) faults.push(`<${name} ${attribute}="${value}">`);
      if (name === 'meta' && attribute === 'http-equiv') faults.push(`<meta http-equiv="${value}">`);
    }
    return faults;
  });
}
