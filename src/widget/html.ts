import { h, webAddress } from './dom.ts';

/** What a comment is made of; the service sends nothing else. */
const TAGS = ['p', 'br', 'em', 'strong', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'] as const;
type Tag = (typeof TAGS)[number];
const isAllowed = (tag: string): tag is Tag => (TAGS as readonly string[]).includes(tag);

const TOKEN = /<(\/?)([a-z]+)([^<>]*)>|[^<]+|</gi;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name] ?? '');

/**
 * A comment's HTML as nodes, built one by one from what is allowed: nothing is ever parsed as HTML by the
 * browser, so that Trusted Types have nothing to object to and a fault of the service runs no script here.
 */
export function buildHtml(html: string): DocumentFragment {
  const root = document.createDocumentFragment();
  const open: (DocumentFragment | HTMLElement)[] = [root];
  for (const [token, closing, name = '', attributes = ''] of html.matchAll(TOKEN)) {
    const top = open.at(-1) ?? root;
    const tag = name.toLowerCase();
    if (!name) top.append(decode(token));
    else if (!isAllowed(tag)) continue;
    else if (closing) {
      if (top instanceof HTMLElement && top.localName === tag) open.pop();
    } else {
      const href = tag === 'a' ? webAddress(decode(/\shref="([^"]*)"/.exec(attributes)?.[1] ?? '')) : null;
      const rel = href && 'nofollow ugc noopener noreferrer';
      const dir = /^(p|pre|ul|ol|li|blockquote)$/.test(tag) && 'auto';
      // Long lines of code are scrolled by keyboard, too.
      const element = h(tag, { href, rel, dir, tabindex: tag === 'pre' && 0 });
      top.append(element);
      if (tag !== 'br') open.push(element);
    }
  }
  return root;
}
