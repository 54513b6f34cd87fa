/** WordPress's eXtended RSS, as wp-admin/includes/export.php writes it: elements of text, each on a line. */

/** Characters that XML 1.0 has no place for. */
const FORBIDDEN = /(?![\t\n\r\x7f-\x9f])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/gu;

const withEntities = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const inSection = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

/** An element on a line of its own. Signs of XML are written as CDATA sections, which every reader of WXR knows. */
export function element(name: string, text: string | number): string {
  const clean = String(text).replace(FORBIDDEN, '');
  return `<${name}>${/[&<>]/.test(clean) ? inSection(clean) : clean}</${name}>\n`;
}

export interface WxrChannel {
  title: string;
  link: string;
  language: string;
}

export function wxrHead({ title, link, language }: WxrChannel): string {
  const spaces = [
    ['excerpt', 'http://wordpress.org/export/1.2/excerpt/'],
    ['content', 'http://purl.org/rss/1.0/modules/content/'],
    ['wfw', 'http://wellformedweb.org/CommentAPI/'],
    ['dc', 'http://purl.org/dc/elements/1.1/'],
    ['wp', 'http://wordpress.org/export/1.2/'],
  ];
  const declared = spaces.map(([name, uri]) => ` xmlns:${name}="${withEntities(uri ?? '')}"`).join('');
  return [
    `<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"${declared}>\n<channel>\n`,
    element('title', title),
    element('link', link),
    element('description', ''),
    element('language', language),
    element('wp:wxr_version', '1.2'),
    element('wp:base_site_url', link),
    element('wp:base_blog_url', link),
  ].join('');
}

export const WXR_END = '</channel>\n</rss>\n';
