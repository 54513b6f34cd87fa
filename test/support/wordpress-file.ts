/** A file of WordPress with one post, whose number is 7. `item`: what else the post has. */
export const wxr = (comments: string, item = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><item><title>T</title>
<link>https://news.example/a</link><wp:post_id>7</wp:post_id>${item}\n${comments}</item></channel></rss>`;

/** A comment of it; `fields` by their names without `wp:`. */
export const wpComment = (id: number, fields: Record<string, string> = {}): string => {
  const all = {
    comment_id: String(id),
    comment_author: 'Mina',
    comment_author_email: 'mina@example.org',
    comment_date_gmt: '2015-05-01 10:00:00',
    comment_content: `Comment ${id}`,
    comment_approved: '1',
    comment_type: '',
    comment_parent: '0',
    ...fields,
  };
  const inner = Object.entries(all).map(([name, text]) => `<wp:${name}><![CDATA[${text}]]></wp:${name}>`);
  return `<wp:comment>${inner.join('')}</wp:comment>\n`;
};
